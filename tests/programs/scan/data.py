"""What stores something: encrypted with a key of one's own, closed to the public, kept for a stated time."""

import json
from typing import Any

from tests.programs.scan.findings import Inputs, Rule, items

_WHOLE_BUCKET = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_OPEN = {
    "policy": json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage"}]})
}


def statements(document: object) -> list[Any]:
    """The statements of a policy that is written as text."""
    return items(json.loads(document)["Statement"]) if isinstance(document, str) else []


def _admits_everybody(inputs: Inputs) -> bool:
    return any(
        statement["Effect"] == "Allow"
        and statement.get("Principal") in ("*", {"AWS": "*"})
        and not statement.get("Condition")
        for statement in statements(inputs.get("policy"))
    )


def _has_no_managed_key(inputs: Inputs) -> bool:
    return [one.get("encryptionType") for one in items(inputs.get("encryptionConfigurations"))] != ["KMS"]


RULES = (
    Rule(
        "CKV_AWS_7",
        "the key is not rotated",
        ("aws:kms/key:Key",),
        lambda inputs: inputs.get("enableKeyRotation") is not True,
        {"enableKeyRotation": False},
    ),
    Rule(
        "CKV_AWS_158",
        "the log is not encrypted with a key of one's own",
        ("aws:cloudwatch/logGroup:LogGroup",),
        lambda inputs: not inputs.get("kmsKeyId"),
        {"retentionInDays": 30},
    ),
    Rule(
        "CKV_AWS_66",
        "the log is kept for ever",
        ("aws:cloudwatch/logGroup:LogGroup",),
        lambda inputs: not inputs.get("retentionInDays"),
        {"kmsKeyId": "key"},
    ),
    Rule(
        "CKV_AWS_136",
        "images are not encrypted with a key of one's own",
        ("aws:ecr/repository:Repository",),
        _has_no_managed_key,
        {},
    ),
    Rule(
        "CKV_AWS_51",
        "tags can be moved to other images",
        ("aws:ecr/repository:Repository",),
        lambda inputs: inputs.get("imageTagMutability") != "IMMUTABLE",
        {"imageTagMutability": "MUTABLE"},
    ),
    Rule(
        "CKV_AWS_163",
        "images are not scanned",
        ("aws:ecr/repository:Repository",),
        lambda inputs: not inputs.get("imageScanningConfiguration", {}).get("scanOnPush"),
        {},
    ),
    Rule(
        "CKV_AWS_32, CKV_AWS_70, CKV_AWS_168, CKV_AWS_169",
        "the policy admits everybody",
        (
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            "aws:s3/bucketPolicy:BucketPolicy",
            "aws:sns/topicPolicy:TopicPolicy",
            "aws:sqs/queuePolicy:QueuePolicy",
            "aws:kms/key:Key",
        ),
        _admits_everybody,
        _OPEN,
    ),
    Rule(
        "CKV_AWS_53, CKV_AWS_54, CKV_AWS_55, CKV_AWS_56",
        "the bucket can be made public",
        ("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",),
        lambda inputs: not all(inputs.get(name) is True for name in _WHOLE_BUCKET),
        {"blockPublicAcls": True},
    ),
    Rule(
        "CKV_AWS_26",
        "the topic is not encrypted",
        ("aws:sns/topic:Topic",),
        lambda inputs: not inputs.get("kmsMasterKeyId"),
        {},
    ),
    Rule(
        "CKV_AWS_27",
        "the queue is not encrypted",
        ("aws:sqs/queue:Queue",),
        lambda inputs: not (inputs.get("kmsMasterKeyId") or inputs.get("sqsManagedSseEnabled")),
        {},
    ),
)
