"""What AWS refuses: each rule in AWS's own words, through the provider."""

import json

import grpc.aio
import pytest

from sandbox.cloud.aws.rules.fargate import is_task_size
from sandbox.cloud.wire.values import Properties
from tests.sandbox.cloud.client import Engine, RefusedInputsError, Standing
from tests.sandbox.cloud.networks import GROUP, ROLE, SUBNET, VPC, Network, make_network, make_role

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
TARGETS = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
TASK = "aws:ecs/taskDefinition:TaskDefinition"
SERVICE = "aws:ecs/service:Service"
CONTAINERS = json.dumps([{"name": "app", "image": "app:1", "portMappings": [{"containerPort": 80}]}])


async def _refusal(aws: Engine, type_: str, **inputs: object) -> str:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.create(type_, "refused", **inputs)
    return str(refused.value.details())


async def _task(aws: Engine, label: str, **changes: object) -> Standing:
    inputs: dict[str, object] = {
        "family": label,
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": CONTAINERS,
    }
    return await aws.create(TASK, label, **{**inputs, **changes})


async def _service_inputs(aws: Engine, network: Network, targets: Standing) -> Properties:
    cluster = await aws.create("aws:ecs/cluster:Cluster", "cluster")
    task = await _task(aws, "task")
    return {
        "cluster": cluster.id,
        "taskDefinition": task.text("arn"),
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": [*network.subnet_ids], "securityGroups": [network.group.id]},
        "loadBalancers": [{"targetGroupArn": targets.id, "containerName": "app", "containerPort": 80}],
    }


async def _targets(aws: Engine, network: Network, kind: str = "ip") -> Standing:
    return await aws.create(TARGETS, "t", port=80, protocol="HTTP", vpcId=network.vpc.id, targetType=kind)


async def _listen(aws: Engine, network: Network, targets: Standing) -> Standing:
    balancer = await aws.create(BALANCER, "lb", subnets=network.subnet_ids, securityGroups=[network.group.id])
    forward = {"type": "forward", "targetGroupArn": targets.id}
    return await aws.create(LISTENER, "l", loadBalancerArn=balancer.id, port=80, defaultActions=[forward])


@pytest.mark.parametrize(
    ("cpu", "memory", "exists"),
    [
        (256, 512, True),
        (256, 4096, False),
        (1024, 8192, True),
        (1024, 1024, False),
        (8192, 20480, True),
        (8192, 17408, False),
    ],
)
def test_fargate_pairs(cpu: int, memory: int, *, exists: bool) -> None:
    """Fargate has the pairs of its documentation and no others."""
    assert is_task_size(cpu, memory) is exists


async def test_fargate_refuses_other_pairs(aws: Engine) -> None:
    """A pair that Fargate does not have is refused when the definition is registered."""
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await _task(aws, "task", memory="4096")
    assert "ClientException: No Fargate configuration exists for given values: 256 CPU, 4096 memory" in str(
        refused.value.details()
    )


async def test_container_definitions_keep_to_the_model(aws: Engine) -> None:
    """Unknown members and wrong types are refused by AWS's own service model."""
    with pytest.raises(RefusedInputsError) as refused:
        await aws.check(TASK, "t", {"family": "t", "containerDefinitions": '[{"name": 1, "images": "a"}]'})
    said = refused.value.failures["containerDefinitions"]
    assert "images: unknown" in said or "name: expected a text" in said


@pytest.mark.parametrize(
    ("type_", "inputs", "reason"),
    [
        (BALANCER, {"name": "a" * 33}, "cannot be longer than 32 characters"),
        (BALANCER, {"name": "a_b"}, "only alphanumeric characters and hyphens"),
        (VPC, {"cidrBlock": "10.0.0.1/16"}, 'did you mean "10.0.0.0/16"?'),
        (
            ROLE,
            {"name": "a" * 65, "assumeRolePolicy": "{}"},
            "expected length of name to be in the range (1 - 64)",
        ),
        (ROLE, {"assumeRolePolicy": "not json"}, "contains an invalid JSON policy"),
        (
            "aws:cloudwatch/logGroup:LogGroup",
            {"retentionInDays": 10},
            "expected retention_in_days to be one of",
        ),
        (SERVICE, {"launchType": "FARGAT"}, 'expected launchType to be one of ["EC2" "FARGATE"'),
        ("aws:ecr/repository:Repository", {"name": "Upper"}, "invalid value for name"),
    ],
)
async def test_inputs_refused_before_aws_is_asked(
    aws: Engine, type_: str, inputs: Properties, reason: str
) -> None:
    """What the provider's validators refuse fails in the check, so in a preview already."""
    with pytest.raises(RefusedInputsError) as refused:
        await aws.check(type_, "x", inputs)
    assert any(reason in said for said in refused.value.failures.values())


async def test_subnets_lie_inside_and_apart(aws: Engine) -> None:
    """A block outside of the VPC's or over another's is refused."""
    network = await make_network(aws)
    home = network.vpc.id
    assert "InvalidSubnet.Range" in await _refusal(aws, SUBNET, vpcId=home, cidrBlock="10.1.0.0/24")
    said = await _refusal(aws, SUBNET, vpcId=home, cidrBlock="10.0.0.128/25")
    assert "InvalidSubnet.Conflict: The CIDR '10.0.0.128/25' conflicts with another subnet" in said
    assert "does not exist" in await _refusal(aws, SUBNET, vpcId="vpc-0", cidrBlock="10.0.2.0/24")


async def test_subnet_in_use_stays(aws: Engine) -> None:
    """A subnet with something in it, and a group that something uses, are not deleted."""
    network = await make_network(aws)
    balancer = await aws.create(BALANCER, "lb", subnets=network.subnet_ids, securityGroups=[network.group.id])
    for standing in (network.subnets[0], network.group, network.vpc):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await aws.delete(standing)
        assert "DependencyViolation" in str(refused.value.details())
    await aws.delete(balancer)
    await aws.delete(network.subnets[0])


async def test_target_group_needs_its_listener_first(aws: Engine) -> None:
    """A service is refused until a listener forwards to its target group."""
    network = await make_network(aws)
    targets = await _targets(aws, network)
    inputs = await _service_inputs(aws, network, targets)
    assert "does not have an associated load balancer" in await _refusal(aws, SERVICE, **inputs)
    await _listen(aws, network, targets)
    await aws.create(SERVICE, "service", **inputs)


async def test_target_group_of_instances_does_not_take_tasks(aws: Engine) -> None:
    """A group of instances does not go with tasks that have addresses of their own."""
    network = await make_network(aws)
    targets = await _targets(aws, network, "instance")
    await _listen(aws, network, targets)
    inputs = await _service_inputs(aws, network, targets)
    assert "has target type instance, which is incompatible" in await _refusal(aws, SERVICE, **inputs)


async def test_cluster_with_services_stays(aws: Engine) -> None:
    """A cluster is not deleted while a service runs in it."""
    network = await make_network(aws)
    targets = await _targets(aws, network)
    await _listen(aws, network, targets)
    inputs = await _service_inputs(aws, network, targets)
    service = await aws.create(SERVICE, "service", **inputs)
    cluster = Standing("aws:ecs/cluster:Cluster", "cluster", str(inputs["cluster"]), {}, {})
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.delete(cluster)
    assert "ClusterContainsServicesException" in str(refused.value.details())
    await aws.delete(service)
    await aws.delete(cluster)


async def test_deletion_protection_holds_until_lifted(aws: Engine) -> None:
    """A protected load balancer is deleted only after its protection is taken off."""
    network = await make_network(aws)
    inputs: Properties = {"subnets": [*network.subnet_ids], "enableDeletionProtection": True}
    balancer = await aws.create(BALANCER, "lb", **inputs)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.delete(balancer)
    assert "deletion protection is enabled" in str(refused.value.details())
    await aws.delete(await aws.update(balancer, **{**inputs, "enableDeletionProtection": False}))


async def test_load_balancer_needs_two_zones_and_the_internet(aws: Engine) -> None:
    """One zone is too few, and without an internet gateway nothing faces the internet."""
    network = await make_network(aws)
    assert "two different Availability Zones" in await _refusal(
        aws, BALANCER, subnets=[network.subnets[0].id]
    )
    await aws.delete(network.gateway)
    assert "has no internet gateway" in await _refusal(aws, BALANCER, subnets=network.subnet_ids)


def _document(**statement: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (_document(Effect="Allow", Action="sts:AssumeRole"), "Missing required field Principal"),
        (
            _document(Effect="Allow", Action="sts:AssumeRole", Principal={"Service": "ecs"}),
            'Invalid principal in policy: "SERVICE":"ecs"',
        ),
        (_document(Effect="Allow", Action="assume", Principal="*"), "must be prefaced by a vendor"),
        (_document(Effect="Maybe", Action="sts:AssumeRole", Principal="*"), "Effect must be Allow or Deny"),
        (
            _document(Effect="Allow", Action="sts:AssumeRole", Principal="*", Resource="*"),
            "prohibited field Resource",
        ),
    ],
)
async def test_trust_policies_keep_to_their_grammar(aws: Engine, document: str, said: str) -> None:
    """A trust policy that IAM would refuse is refused as MalformedPolicyDocument."""
    refusal = await _refusal(aws, ROLE, assumeRolePolicy=document)
    assert "MalformedPolicyDocument" in refusal
    assert said in refusal


async def test_trusted_role_has_to_stand(aws: Engine) -> None:
    """A trust policy that names a role of this account which does not exist is refused."""
    await make_role(aws, "other", "ec2.amazonaws.com")
    principal = {"AWS": "arn:aws:iam::123456789012:role/nobody"}
    document = _document(Effect="Allow", Action="sts:AssumeRole", Principal=principal)
    assert "Invalid principal in policy" in await _refusal(aws, ROLE, assumeRolePolicy=document)


async def test_lifecycle_policy_keeps_to_its_grammar(aws: Engine) -> None:
    """A rule that selects tagged images without naming tags is refused."""
    repository = await aws.create("aws:ecr/repository:Repository", "r", name="app")
    selection = {"tagStatus": "tagged", "countType": "imageCountMoreThan", "countNumber": 3}
    policy = json.dumps(
        {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    )
    said = await _refusal(
        aws, "aws:ecr/lifecyclePolicy:LifecyclePolicy", repository=repository.id, policy=policy
    )
    assert "tagPrefixList or tagPatternList is required" in said


async def test_scaling_needs_a_service_and_a_target(aws: Engine) -> None:
    """A target for a service that does not exist, and a policy without a target, are refused."""
    where: Properties = {
        "resourceId": "service/c/s",
        "scalableDimension": "ecs:service:DesiredCount",
        "serviceNamespace": "ecs",
    }
    target = "aws:appautoscaling/target:Target"
    assert "ECS service doesn't exist" in await _refusal(aws, target, minCapacity=1, maxCapacity=2, **where)
    said = await _refusal(aws, "aws:appautoscaling/policy:Policy", **where)
    assert "No scalable target registered" in said


async def test_same_rule_twice_is_refused(aws: Engine) -> None:
    """A security group has a rule once."""
    network = await make_network(aws)
    rule: Properties = {
        "securityGroupId": network.group.id,
        "ipProtocol": "tcp",
        "fromPort": 80,
        "toPort": 80,
        "cidrIpv4": "10.0.0.0/16",
    }
    ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
    await aws.create(ingress, "one", **rule)
    assert "InvalidPermission.Duplicate" in await _refusal(aws, ingress, **rule)
    assert "sg-*" in await _refusal(aws, GROUP, name="sg-web", vpcId=network.vpc.id)
