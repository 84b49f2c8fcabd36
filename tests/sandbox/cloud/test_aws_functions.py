"""Functions that programs call, and two processes on one store."""

import json

import grpc.aio
import pytest

from sandbox.cloud.wire.values import is_list, is_properties
from tests.sandbox.cloud.client import Engine, RefusedInputsError
from tests.sandbox.cloud.conftest import ServedCloud
from tests.sandbox.cloud.networks import make_network, make_role

CLUSTER = "aws:ecs/cluster:Cluster"


async def test_surroundings_are_told(cloud: ServedCloud) -> None:
    """Region, partition and zones follow from the instance's settings."""
    aws = await cloud.engine("aws", region="eu-west-1")
    assert (await aws.invoke("aws:index/getRegion:getRegion"))["region"] == "eu-west-1"
    assert (await aws.invoke("aws:index/getPartition:getPartition"))["partition"] == "aws"
    zones = await aws.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", state="available")
    assert zones["names"] == ["eu-west-1a", "eu-west-1b", "eu-west-1c"]


async def test_resources_are_looked_up_by_id_tag_and_filter(aws: Engine) -> None:
    """A subnet is found by its id, subnets by a filter, and what is absent is refused."""
    network = await make_network(aws)
    found = await aws.invoke("aws:ec2/getSubnet:getSubnet", id=network.subnets[0].id)
    assert (found["cidrBlock"], found["vpcId"]) == ("10.0.0.0/24", network.vpc.id)
    of_vpc = {"name": "vpc-id", "values": [network.vpc.id]}
    listed = await aws.invoke("aws:ec2/getSubnets:getSubnets", filters=[of_vpc])
    assert listed["ids"] == network.subnet_ids
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.invoke("aws:ec2/getSubnet:getSubnet", id="subnet-0")
    assert "InvalidSubnetID.NotFound" in str(refused.value.details())


async def test_unknown_argument_is_refused(aws: Engine) -> None:
    """An argument that the SDK's function does not have is refused."""
    with pytest.raises(RefusedInputsError):
        await aws.invoke("aws:ec2/getSubnet:getSubnet", subnet="x")


async def test_policy_document_is_put_together(aws: Engine) -> None:
    """Statements become the JSON that IAM reads."""
    principal = {"type": "Service", "identifiers": ["ecs-tasks.amazonaws.com"]}
    made = await aws.invoke(
        "aws:iam/getPolicyDocument:getPolicyDocument",
        statements=[{"actions": ["sts:AssumeRole"], "principals": [principal]}],
    )
    document = json.loads(str(made["json"]))
    assert document["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        }
    ]


async def test_secret_of_somebody_else_is_found_by_name(aws: Engine) -> None:
    """A secret that was made outside has one ARN, whoever asks."""
    token = "aws:secretsmanager/getSecret:getSecret"  # noqa: S105 -- a function's name
    first, second = await aws.invoke(token, name="shop/db"), await aws.invoke(token, name="shop/db")
    assert str(first["arn"]).startswith("arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-")
    assert first["arn"] == second["arn"]


async def test_gpu_instances_have_gpus(aws: Engine) -> None:
    """An instance type's description tells its architecture and whether it has GPUs."""
    token = "aws:ec2/getInstanceType:getInstanceType"  # noqa: S105 -- a function's name
    gpu, arm = (
        await aws.invoke(token, instanceType="g4dn.xlarge"),
        await aws.invoke(token, instanceType="m7g.large"),
    )
    assert is_list(gpu["gpuses"])
    assert is_properties(gpu["gpuses"][0])
    assert (arm["supportedArchitectures"], arm["gpuses"]) == (["arm64"], [])


async def test_names_of_other_accounts_and_regions_are_others(cloud: ServedCloud, aws: Engine) -> None:
    """A role of the same name in another account is another role, and so is whoever uses it."""
    other = await cloud.engine(
        "aws", region="us-east-1", assumeRoles=[{"roleArn": "arn:aws:iam::210987654321:role/deploy"}]
    )
    mine, theirs = [await make_role(engine, "role", "ec2.amazonaws.com") for engine in (aws, other)]
    assert mine.text("arn") != theirs.text("arn")
    for engine in (aws, other):
        await engine.create("aws:iam/instanceProfile:InstanceProfile", "p", name="p", role=mine.id)
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.delete(mine)
    assert "DeleteConflict" in str(refused.value.details())
