"""Rules that hold for every resource of every plan."""

import json
from collections.abc import Iterator, Mapping
from typing import cast

import pytest

from tests.programs.ecs.plans import DOCUMENTS, plan_of
from tests.programs.recording import Recording, Registered

_UNTAGGABLE = frozenset(
    {
        "aws:acmpca/certificate:Certificate",
        "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
        "aws:appautoscaling/policy:Policy",
        "aws:appautoscaling/scheduledAction:ScheduledAction",
        "aws:cloudwatch/dashboard:Dashboard",
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "aws:kms/alias:Alias",
        "aws:lb/listenerCertificate:ListenerCertificate",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "aws:sns/topicPolicy:TopicPolicy",
        "aws:sns/topicSubscription:TopicSubscription",
        "aws:wafv2/webAclAssociation:WebAclAssociation",
    }
)
"""Types that AWS gives no tags."""

WILDCARD_REASONS = {
    "ecr:GetAuthorizationToken": "the token is for the account's whole registry",
    "xray:PutTraceSegments": "X-Ray has no resource for traces",
    "xray:PutTelemetryRecords": "X-Ray has no resource for traces",
    "xray:GetSamplingRules": "X-Ray has no resource for sampling",
    "xray:GetSamplingTargets": "X-Ray has no resource for sampling",
    "xray:GetSamplingStatisticSummaries": "X-Ray has no resource for sampling",
    "cloudwatch:PutMetricData": "metrics have no ARN; the namespace is a condition",
    "cloudwatch:DescribeAlarms": "CodeDeploy reads alarms by a list call",
    "ssmmessages:CreateControlChannel": "sessions have no ARN before they are opened",
    "ssmmessages:CreateDataChannel": "sessions have no ARN before they are opened",
    "ssmmessages:OpenControlChannel": "sessions have no ARN before they are opened",
    "ssmmessages:OpenDataChannel": "sessions have no ARN before they are opened",
    "logs:DescribeLogGroups": "a list call, which ECS Exec's agent makes",
    "elasticloadbalancing:DescribeListeners": "Describe calls of load balancers take no resource",
    "elasticloadbalancing:DescribeRules": "Describe calls of load balancers take no resource",
    "elasticloadbalancing:DescribeTargetGroups": "Describe calls of load balancers take no resource",
    "elasticloadbalancing:DescribeTargetHealth": "Describe calls of load balancers take no resource",
}
"""Every action that a policy allows on all resources, and why AWS leaves no other way.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

every_plan = pytest.mark.parametrize("name", DOCUMENTS)


@every_plan
def test_every_resource_bears_the_environments_tags(name: str) -> None:
    """Whatever can be tagged says which environment, team and class it belongs to."""
    for resource in plan_of(name).custom():
        if resource.type in _UNTAGGABLE:
            continue
        tags = _tags(resource)
        assert {"berth:environment-id", "berth:team", "berth:class"} <= tags, (resource.type, resource.name)


@every_plan
def test_every_resource_uses_the_stacks_own_provider(name: str) -> None:
    """No resource falls back to ambient credentials or another region."""
    recording = plan_of(name)
    (provider,) = [one for one in recording.resources if one.type == "pulumi:providers:aws"]
    for resource in recording.custom():
        assert resource.provider.split("::")[-2] == provider.name, resource.name


@every_plan
def test_logs_and_images_and_topics_are_encrypted_with_the_environments_key(name: str) -> None:
    """What stores data names a customer-managed key."""
    recording = plan_of(name)
    for group in recording.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert group.inputs["kmsKeyId"]
        assert group.inputs["retentionInDays"]
    for repository in recording.of_type("aws:ecr/repository:Repository"):
        (encryption,) = cast("list[Mapping[str, object]]", repository.inputs["encryptionConfigurations"])
        assert encryption["encryptionType"] == "KMS"
        assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
    for topic in recording.of_type("aws:sns/topic:Topic"):
        assert topic.inputs["kmsMasterKeyId"]
    for key in recording.of_type("aws:kms/key:Key"):
        assert key.inputs["enableKeyRotation"] is True


@every_plan
def test_nothing_but_the_load_balancer_is_open_to_all(name: str) -> None:
    """Only the load balancer's group admits addresses, and no task has a public one outside Express Mode."""
    recording = plan_of(name)
    for rule in recording.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"):
        if rule.inputs.get("cidrIpv4") == "0.0.0.0/0":
            assert rule.inputs["securityGroupId"] == "entrance-access-group-id", rule.name
        assert "cidrIpv6" not in rule.inputs
    for service in recording.of_type("aws:ecs/service:Service"):
        network = cast("Mapping[str, object]", service.inputs["networkConfiguration"])
        assert network["assignPublicIp"] is False
    for subnet in recording.of_type("aws:ec2/subnet:Subnet"):
        assert subnet.inputs["mapPublicIpOnLaunch"] is False


@every_plan
def test_policies_allow_wildcards_only_where_aws_knows_nothing_else(name: str) -> None:
    """A statement on all resources allows listed actions alone; no statement allows all actions."""
    for policy in plan_of(name).of_type("aws:iam/rolePolicy:RolePolicy"):
        for statement in _statements(policy):
            if statement["Effect"] == "Deny" or str(statement["Sid"]).startswith("Requested"):
                continue
            actions = cast("list[str]", statement["Action"])
            assert not any(action == "*" or action.endswith(":*") for action in actions), policy.name
            if "*" in cast("list[str]", statement["Resource"]):
                assert set(actions) <= set(WILDCARD_REASONS), policy.name


@every_plan
def test_roles_are_assumed_by_services_alone(name: str) -> None:
    """No role trusts an account or everybody."""
    for role in plan_of(name).of_type("aws:iam/role:Role"):
        document = json.loads(str(role.inputs["assumeRolePolicy"]))
        for statement in document["Statement"]:
            assert list(statement["Principal"]) == ["Service"], role.name


@every_plan
def test_physical_names_keep_to_the_limits_of_their_services(name: str) -> None:
    """Names fit, are unique for their type, and follow from the request alone."""
    recording = plan_of(name)
    limits = {
        "aws:lb/loadBalancer:LoadBalancer": 32,
        "aws:lb/targetGroup:TargetGroup": 32,
        "aws:iam/role:Role": 64,
        "aws:s3/bucket:Bucket": 63,
        "aws:ec2/securityGroup:SecurityGroup": 255,
    }
    for token, limit in limits.items():
        names = [str(one.inputs.get("name") or one.inputs.get("bucket")) for one in recording.of_type(token)]
        assert all(len(one) <= limit for one in names), names
        assert len(names) == len(set(names)), names


@every_plan
def test_instances_ask_for_session_tokens_and_encrypted_disks(name: str) -> None:
    """Instances answer IMDSv2 alone, from one hop, and their disks are encrypted."""
    for template in plan_of(name).of_type("aws:ec2/launchTemplate:LaunchTemplate"):
        metadata = cast("Mapping[str, object]", template.inputs["metadataOptions"])
        assert metadata["httpTokens"] == "required"
        assert metadata["httpPutResponseHopLimit"] == 1
        for disk in cast("list[Mapping[str, Mapping[str, object]]]", template.inputs["blockDeviceMappings"]):
            assert disk["ebs"]["encrypted"] == "true"


@every_plan
def test_a_strategy_never_mixes_fargate_and_instances(name: str) -> None:
    """AWS refuses a capacity provider strategy of both kinds."""
    recording = plan_of(name)
    strategies = [one.inputs["capacityProviderStrategies"] for one in _services(recording)]
    associations = recording.of_type("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders")
    strategies.extend(one.inputs["defaultCapacityProviderStrategies"] for one in associations)
    for strategy in strategies:
        shares = cast("list[Mapping[str, object]]", strategy)
        kinds = {str(share["capacityProvider"]).startswith("FARGATE") for share in shares}
        assert len(kinds) == 1
        assert any(cast("int", share["weight"]) > 0 for share in shares)


@every_plan
def test_outputs_name_every_workload(name: str) -> None:
    """A user finds each workload's service, log and page among the outputs."""
    outputs = plan_of(name).outputs
    names = {str(cast("Mapping[str, object]", one)["name"]) for one in _workloads(name)}
    for output in ("service_arns", "service_names", "log_group_names"):
        assert set(cast("Mapping[str, object]", outputs[output])) == names
    assert names <= set(cast("Mapping[str, object]", outputs["console_links"]))


def _workloads(name: str) -> list[object]:
    return cast("list[object]", DOCUMENTS[name]["workloads"])


def _services(recording: Recording) -> list[Registered]:
    return recording.of_type("aws:ecs/service:Service")


def _tags(resource: Registered) -> set[str]:
    tags = resource.inputs.get("tags", {})
    if isinstance(tags, list):
        return {str(cast("Mapping[str, object]", tag)["key"]) for tag in tags}
    return set(cast("Mapping[str, object]", tags))


def _statements(policy: Registered) -> Iterator[Mapping[str, object]]:
    yield from json.loads(str(policy.inputs["policy"]))["Statement"]
