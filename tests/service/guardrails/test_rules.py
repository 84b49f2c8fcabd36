"""Each guardrail finds what it is for, and leaves alone what is right."""

import json
from pathlib import Path

import pytest

from service.guardrails.guide import guardrail_text
from service.guardrails.model import RuleName, Subject
from service.guardrails.rules import RULES
from service.plans.resources import PlannedResource
from service.state.json_values import JsonValue
from tests.service.costs.plans import example, plan_of_example

ROOT = Path(__file__).parents[3]
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLUSTER = "aws:eks/cluster:Cluster"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
TAGS: dict[str, JsonValue] = {
    "berth:environment-id": "env_1",
    "berth:team": "shop",
    "berth:class": "standard",
}
Case = tuple[RuleName, str, dict[str, JsonValue]]

BROKEN: list[Case] = [
    (RuleName.PUBLIC_ACCESS, INGRESS, {"cidrIpv4": "0.0.0.0/0", "fromPort": 22, "toPort": 22}),
    (RuleName.PUBLIC_ACCESS, INGRESS, {"cidrIpv6": "::/0", "ipProtocol": "-1"}),
    (RuleName.PUBLIC_ACCESS, INGRESS, {"cidrIpv4": "0.0.0.0/0", "fromPort": 80, "toPort": 443}),
    (
        RuleName.PUBLIC_ACCESS,
        "aws:ec2/securityGroup:SecurityGroup",
        {"ingress": [{"cidrBlocks": ["0.0.0.0/0"]}]},
    ),
    (RuleName.PUBLIC_ACCESS, "aws:s3/bucketAcl:BucketAcl", {"acl": "public-read"}),
    (
        RuleName.PUBLIC_ACCESS,
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True},
    ),
    (
        RuleName.PUBLIC_ACCESS,
        CLUSTER,
        {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]}},
    ),
    (RuleName.UNENCRYPTED_STORAGE, "aws:efs/fileSystem:FileSystem", {}),
    (RuleName.UNENCRYPTED_STORAGE, "aws:ebs/volume:Volume", {"encrypted": False}),
    (RuleName.UNENCRYPTED_STORAGE, "aws:s3/bucket:Bucket", {"bucket": "logs"}),
    (RuleName.UNENCRYPTED_STORAGE, "aws:cloudwatch/logGroup:LogGroup", {"name": "/berth"}),
    (RuleName.UNENCRYPTED_STORAGE, "aws:ecr/repository:Repository", {}),
    (RuleName.UNENCRYPTED_STORAGE, CLUSTER, {}),
    (
        RuleName.UNENCRYPTED_STORAGE,
        "aws:ec2/launchTemplate:LaunchTemplate",
        {"blockDeviceMappings": [{"deviceName": "/dev/xvda", "ebs": {"volumeSize": 20}}]},
    ),
    (
        RuleName.WILDCARD_IAM,
        "aws:iam/rolePolicy:RolePolicy",
        {
            "policy": json.dumps(
                {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::a"}}
            )
        },
    ),
    (
        RuleName.WILDCARD_IAM,
        "aws:iam/policy:Policy",
        {"policy": json.dumps({"Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]}]})},
    ),
    (
        RuleName.LATEST_IMAGES,
        TASK,
        {"containerDefinitions": json.dumps([{"name": "web", "image": "registry:5000/web"}])},
    ),
    (
        RuleName.LATEST_IMAGES,
        "kubernetes:apps/v1:Deployment",
        {"spec": {"template": {"spec": {"initContainers": [{"image": "web:latest"}]}}}},
    ),
    (RuleName.MISSING_TAGS, "aws:ec2/vpc:Vpc", {"tags": {"berth:team": "shop"}}),
    (RuleName.MISSING_TAGS, "aws:ec2/vpc:Vpc", {"tags": TAGS}),
    (RuleName.INSTANCE_FAMILIES, "aws:eks/nodeGroup:NodeGroup", {"instanceTypes": ["p5.48xlarge"]}),
    (RuleName.INSTANCE_FAMILIES, "aws:ec2/launchTemplate:LaunchTemplate", {"instanceType": "p5.48xlarge"}),
    (
        RuleName.INSTANCE_FAMILIES,
        "aws:autoscaling/group:Group",
        {"mixedInstancesPolicy": {"launchTemplate": {"overrides": [{"instanceType": "p5.48xlarge"}]}}},
    ),
    (RuleName.REGIONS, "aws:ec2/vpc:Vpc", {}),
]
KEPT: list[Case] = [
    (RuleName.PUBLIC_ACCESS, INGRESS, {"cidrIpv4": "0.0.0.0/0", "fromPort": 443, "toPort": 443}),
    (RuleName.PUBLIC_ACCESS, INGRESS, {"cidrIpv4": "10.0.0.0/8", "fromPort": 22, "toPort": 22}),
    (
        RuleName.PUBLIC_ACCESS,
        CLUSTER,
        {"vpcConfig": {"endpointPublicAccess": False, "publicAccessCidrs": ["0.0.0.0/0"]}},
    ),
    (RuleName.UNENCRYPTED_STORAGE, "aws:efs/fileSystem:FileSystem", {"encrypted": True}),
    # A component that a provider makes is planned without inputs; what it makes has them.
    (RuleName.UNENCRYPTED_STORAGE, "eks:index:Cluster", {}),
    (
        RuleName.UNENCRYPTED_STORAGE,
        CLUSTER,
        {
            "encryptionConfig": {
                "provider": {"keyArn": "arn:aws:kms:us-east-1:1:key/a"},
                "resources": ["secrets"],
            }
        },
    ),
    (
        RuleName.WILDCARD_IAM,
        "aws:iam/policy:Policy",
        {"policy": json.dumps({"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})},
    ),
    (RuleName.WILDCARD_IAM, "aws:iam/policy:Policy", {"policy": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}),
    (
        RuleName.LATEST_IMAGES,
        TASK,
        {"containerDefinitions": json.dumps([{"image": "a:1.27"}, {"image": "b@sha256:00"}])},
    ),
    (RuleName.MISSING_TAGS, "aws:iam/rolePolicy:RolePolicy", {}),
    (RuleName.INSTANCE_FAMILIES, "aws:eks/nodeGroup:NodeGroup", {"instanceTypes": ["m6i.large"]}),
]


def subject(*resources: PlannedResource, request: dict[str, object] | None = None) -> Subject:
    """What an installation looks at that allows little."""
    return Subject(
        resources=resources,
        request=request or {},
        region="us-east-1",
        allowed_instance_families=("m6i",),
        allowed_regions=("eu-central-1",),
        required_tags=("cost-centre",),
    )


@pytest.mark.parametrize(("rule", "type_", "inputs"), BROKEN)
def test_violation_is_found(rule: RuleName, type_: str, inputs: dict[str, JsonValue]) -> None:
    """A resource that breaks the rule is named, with what is wrong."""
    [violation] = RULES[rule].find(subject(PlannedResource(type_, "thing", "urn:thing", inputs)))
    assert violation.message


@pytest.mark.parametrize(("rule", "type_", "inputs"), KEPT)
def test_what_is_right_is_left_alone(rule: RuleName, type_: str, inputs: dict[str, JsonValue]) -> None:
    """A resource that keeps to the rule, or of which too little is known, is no violation."""
    assert not list(RULES[rule].find(subject(PlannedResource(type_, "thing", "urn:thing", inputs))))


def test_wildcards_are_found_in_the_request() -> None:
    """What a workload asks for is looked at even where its policy is not known before deployment."""
    permission = {"actions": ["dynamodb:*"], "resources": ["*"]}
    request: dict[str, object] = {"workloads": [{"name": "web", "permissions": [permission]}]}
    [violation] = RULES[RuleName.WILDCARD_IAM].find(subject(request=request))
    assert "web" in violation.message


def test_every_rule_has_a_case() -> None:
    """No guardrail goes untested."""
    assert {rule for rule, _, _ in BROKEN} == set(RuleName) == set(RULES)


@pytest.mark.parametrize("name", [path.name for path in sorted((ROOT / "examples").glob("*.yaml"))])
def test_examples_keep_to_the_rules(name: str) -> None:
    """No example in production breaks a rule; elsewhere only the open API of a cluster is told of."""
    document = example(name)
    looked_at = Subject(plan_of_example(name), document, "us-east-1")
    broken = {rule.name for rule in RULES.values() if list(rule.find(looked_at))}
    assert broken <= (set() if document.get("class") == "production" else {RuleName.PUBLIC_ACCESS})


def test_guide_is_current() -> None:
    """docs/guardrails.md says what the rules say."""
    assert guardrail_text() in (ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
