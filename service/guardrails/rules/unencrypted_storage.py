"""Data at rest that anybody with the disk could read."""

from collections.abc import Iterator

from service.costs.reading import flag_at, objects_at, text_at, value_at
from service.guardrails.model import Guardrail, RuleName, Subject, Violation

BUCKETS = ("aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2")
BUCKET_ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
# Types that take one flag for it: the type, and what it stores.
FLAGGED = {"aws:efs/fileSystem:FileSystem": "the file system", "aws:ebs/volume:Volume": "the volume"}


def find(subject: Subject) -> Iterator[Violation]:
    """Yield disks, file systems, buckets, logs, registries and cluster secrets without encryption."""
    for resource in subject.of_type(*FLAGGED):
        if not flag_at(resource.inputs, "encrypted"):
            message = f"{resource.name}: {FLAGGED[resource.type]} is not encrypted"
            yield Violation(message, resource.urn)
    yield from _disks(subject)
    yield from _buckets(subject)
    for group in subject.of_type("aws:cloudwatch/logGroup:LogGroup"):
        if value_at(group.inputs, "kmsKeyId") is None:
            yield Violation(f"{group.name}: the logs are not encrypted with a key of one's own", group.urn)
    for repository in subject.of_type("aws:ecr/repository:Repository"):
        if value_at(repository.inputs, "encryptionConfigurations", "encryptionType") != "KMS":
            message = f"{repository.name}: the images are not encrypted with a key of one's own"
            yield Violation(message, repository.urn)
    for cluster in subject.of_type("aws:eks/cluster:Cluster"):
        if value_at(cluster.inputs, "encryptionConfig", "provider", "keyArn") is None:
            yield Violation(f"{cluster.name}: the cluster's secrets are not encrypted", cluster.urn)


def _disks(subject: Subject) -> Iterator[Violation]:
    for template in subject.of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        for mapping in objects_at(template.inputs, "blockDeviceMappings"):
            if value_at(mapping, "ebs") is not None and not flag_at(mapping, "ebs", "encrypted"):
                device = value_at(mapping, "deviceName") or "a disk"
                yield Violation(f"{template.name}: {device} is not encrypted", template.urn)


def _buckets(subject: Subject) -> Iterator[Violation]:
    encrypted = {text_at(one.inputs, "bucket") for one in subject.of_type(BUCKET_ENCRYPTION)}
    siblings = {one.parent for one in subject.of_type(BUCKET_ENCRYPTION)}
    for bucket in subject.of_type(*BUCKETS):
        # Before deployment a bucket is not known by its name to what belongs to it, but by their component.
        is_named = text_at(bucket.inputs, "bucket") in encrypted
        if not is_named and bucket.parent not in siblings:
            yield Violation(f"{bucket.name}: the bucket names no encryption", bucket.urn)


RULE = Guardrail(
    name=RuleName.UNENCRYPTED_STORAGE,
    title="Everything stored is encrypted",
    text="EBS volumes, EFS file systems and S3 buckets are encrypted; logs, ECR images and the secrets of an "
    "EKS cluster are encrypted under a KMS key of the environment's own.",
    hint="switch the encryption on; what Berth's programs make has it unless a request turns it off",
    find=find,
)
