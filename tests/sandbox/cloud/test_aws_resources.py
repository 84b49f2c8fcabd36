"""Types, names, ids and the life of AWS resources."""

import json
import re

import grpc.aio
import pytest

from sandbox.cloud.control import Selection
from sandbox.cloud.wire.values import UNKNOWN, Secret
from tests.sandbox.cloud.client import Engine, RefusedInputsError
from tests.sandbox.cloud.conftest import ServedCloud
from tests.sandbox.cloud.networks import SUBNET, VPC, make_network, make_role

CLUSTER = "aws:ecs/cluster:Cluster"
BUCKET = "aws:s3/bucket:Bucket"
TASK = "aws:ecs/taskDefinition:TaskDefinition"


async def test_missing_argument_is_refused_by_name(aws: Engine) -> None:
    """A subnet without its VPC is refused as the bridged provider refuses it."""
    with pytest.raises(RefusedInputsError) as refused:
        await aws.check(SUBNET, "s", {"cidrBlock": "10.0.0.0/24"})
    assert 'The argument "vpc_id" is required' in refused.value.failures["vpcId"]


async def test_unknown_argument_is_refused_where_it_stands(aws: Engine) -> None:
    """A key that the SDK does not have is refused, at its path inside an object too."""
    with pytest.raises(RefusedInputsError) as refused:
        await aws.check(
            CLUSTER, "c", {"sizes": 1, "settings": [{"nme": "x", "name": "containerInsights", "value": "b"}]}
        )
    assert refused.value.failures == {
        "sizes": "Invalid or unknown key",
        "settings[0].nme": "Invalid or unknown key",
    }


async def test_scalars_are_turned_to_their_type(aws: Engine) -> None:
    """Texts of numbers and booleans become what the type asks for; other texts are refused."""
    checked = await aws.check(VPC, "v", {"cidrBlock": "10.0.0.0/16", "enableDnsHostnames": "true"})
    assert checked["enableDnsHostnames"] is True
    with pytest.raises(RefusedInputsError):
        await aws.check(VPC, "v", {"enableDnsHostnames": "perhaps"})


async def test_ids_arns_and_names_look_like_aws(aws: Engine) -> None:
    """Computed outputs have the shape that AWS gives them."""
    vpc = await aws.create(VPC, "v", cidrBlock="10.0.0.0/16")
    cluster = await aws.create(CLUSTER, "c")
    assert re.fullmatch(r"vpc-[0-9a-f]{17}", vpc.id)
    assert vpc.text("arn") == f"arn:aws:ec2:us-east-1:123456789012:vpc/{vpc.id}"
    assert re.fullmatch(r"c-[0-9a-f]{7}", cluster.text("name"))
    assert cluster.id == f"arn:aws:ecs:us-east-1:123456789012:cluster/{cluster.text('name')}"


async def test_generated_name_is_kept_and_new_for_a_replacement(aws: Engine) -> None:
    """A check with recorded inputs keeps the generated name; one without them makes another."""
    first = await aws.check(CLUSTER, "c", {}, seed=b"one")
    assert (await aws.check(CLUSTER, "c", {}, first, seed=b"two"))["name"] == first["name"]
    assert (await aws.check(CLUSTER, "c", {}, seed=b"two"))["name"] != first["name"]


async def test_preview_leaves_computed_outputs_unknown(aws: Engine) -> None:
    """A preview makes nothing and tells only what the inputs tell."""
    planned = await aws.preview(VPC, "v", cidrBlock="10.0.0.0/16")
    assert planned["cidrBlock"] == "10.0.0.0/16"
    assert planned["arn"] is UNKNOWN
    assert planned["defaultSecurityGroupId"] is UNKNOWN


async def test_default_tags_are_merged_and_shown(cloud: ServedCloud) -> None:
    """The instance's default tags stand under a resource's own and in `tagsAll`."""
    tagged = await cloud.engine("aws", region="us-east-1", defaultTags={"tags": {"team": "a", "tier": "x"}})
    vpc = await tagged.create(VPC, "v", cidrBlock="10.0.0.0/16", tags={"tier": "y"})
    assert vpc.outputs["tagsAll"] == {"team": "a", "tier": "y"}


async def test_instances_on_their_own_connections_keep_their_settings(cloud: ServedCloud) -> None:
    """Two instances attached to one server work in their own regions and accounts."""
    here = await cloud.engine("aws", region="us-east-1")
    there = await cloud.engine(
        "aws", region="eu-west-1", assumeRoles=[{"roleArn": "arn:aws:iam::210987654321:role/deploy"}]
    )
    assert (await here.create(VPC, "a", cidrBlock="10.0.0.0/16")).text("region") == "us-east-1"
    vpc = await there.create(VPC, "b", cidrBlock="10.0.0.0/16")
    assert vpc.text("arn").startswith("arn:aws:ec2:eu-west-1:210987654321:")
    identity = await there.invoke("aws:index/getCallerIdentity:getCallerIdentity")
    assert identity["accountId"] == "210987654321"


async def test_change_of_identity_replaces_and_others_update(aws: Engine) -> None:
    """The block of a VPC needs a new one; its DNS setting does not."""
    vpc = await aws.create(VPC, "v", cidrBlock="10.0.0.0/16")
    moved = await aws.diff(vpc, cidrBlock="10.1.0.0/16")
    assert list(moved.replaces) == ["cidrBlock"]
    renamed = await aws.diff(vpc, cidrBlock="10.0.0.0/16", enableDnsHostnames=True)
    assert (list(renamed.replaces), list(renamed.diffs)) == ([], ["enableDnsHostnames"])


async def test_another_capacity_replaces_a_service_unless_it_deploys_anew(aws: Engine) -> None:
    """Other weights are an update where the service is deployed anew with each; a first strategy never is."""
    cluster = await aws.create("aws:ecs/cluster:Cluster", "cluster")

    def on(weight: int, **parts: object) -> dict[str, object]:
        strategy = [{"capacityProvider": "FARGATE", "weight": weight}]
        return {"name": "web", "cluster": cluster.id, "capacityProviderStrategies": strategy, **parts}

    service = await aws.create("aws:ecs/service:Service", "web", **on(1))
    moved = await aws.diff(service, **on(2))
    assert list(moved.replaces) == ["capacityProviderStrategies"]
    assert list((await aws.diff(service, **on(2, forceNewDeployment=True))).replaces) == []
    gone = await aws.diff(service, name="web", cluster=cluster.id, forceNewDeployment=True)
    assert list(gone.replaces) == ["capacityProviderStrategies"]


async def test_unchanged_inputs_differ_in_nothing(aws: Engine) -> None:
    """JSON that says the same and lists of ids in another order are no change."""
    network = await make_network(aws)
    role = await make_role(aws, "role", "ec2.amazonaws.com")
    spaced = json.dumps(json.loads(role.text("assumeRolePolicy")), indent=2)
    assert not (await aws.diff(role, assumeRolePolicy=spaced)).diffs
    lb = await aws.create("aws:lb/loadBalancer:LoadBalancer", "lb", subnets=network.subnet_ids)
    assert not (await aws.diff(lb, subnets=network.subnet_ids[::-1])).diffs


async def test_fixed_name_is_deleted_before_its_replacement(aws: Engine) -> None:
    """What bears a given name goes first; what bears a generated one goes last."""
    network = await make_network(aws)
    group = "aws:lb/targetGroup:TargetGroup"
    given = await aws.create(group, "a", name="given", port=80, protocol="HTTP", vpcId=network.vpc.id)
    generated = await aws.create(group, "b", port=80, protocol="HTTP", vpcId=network.vpc.id)
    fixed = await aws.diff(given, name="given", port=81, protocol="HTTP", vpcId=network.vpc.id)
    free = await aws.diff(generated, port=81, protocol="HTTP", vpcId=network.vpc.id)
    assert (fixed.deleteBeforeReplace, free.deleteBeforeReplace) == (True, False)


async def test_name_is_unique_in_account_and_region(cloud: ServedCloud, aws: Engine) -> None:
    """A taken name is refused here and free in another region."""
    await aws.create("aws:cloudwatch/logGroup:LogGroup", "a", name="/logs")
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.create("aws:cloudwatch/logGroup:LogGroup", "b", name="/logs")
    assert "ResourceAlreadyExistsException: The specified log group already exists" in str(
        refused.value.details()
    )
    elsewhere = await cloud.engine("aws", region="eu-west-1")
    await elsewhere.create("aws:cloudwatch/logGroup:LogGroup", "b", name="/logs")


async def test_revisions_of_a_task_definition_stand_side_by_side(aws: Engine) -> None:
    """A new revision counts up and can be made before the old one is deleted."""
    definition = '[{"name": "a", "image": "b", "memory": 128}]'
    first = await aws.create(TASK, "a", family="f", containerDefinitions=definition)
    second = await aws.create(TASK, "b", family="f", containerDefinitions=definition)
    assert (first.outputs["revision"], second.outputs["revision"]) == (1, 2)
    await aws.delete(first)
    assert await aws.read(second) is not None


async def test_drift_is_read_and_put_right(cloud: ServedCloud, aws: Engine) -> None:
    """What changes behind the engine's back shows in a refresh and then as a difference."""
    vpc = await aws.create(VPC, "v", cidrBlock="10.0.0.0/16", tags={"team": "a"})
    cloud.control.change(Selection(vpc.id), "tags.team", "b")
    read = await aws.read(vpc)
    assert read is not None
    assert read.inputs["tags"] == {"team": "b"}
    assert list((await aws.diff(read, cidrBlock="10.0.0.0/16", tags={"team": "a"})).diffs) == ["tags"]


async def test_deleted_resource_reads_as_gone_and_deletes_again(cloud: ServedCloud, aws: Engine) -> None:
    """What somebody took away is absent in a refresh, and deleting it is no error."""
    vpc = await aws.create(VPC, "v", cidrBlock="10.0.0.0/16")
    cloud.control.delete(Selection(vpc.id))
    assert await aws.read(vpc) is None
    await aws.delete(vpc)


async def test_import_finds_what_pulumi_did_not_make(cloud: ServedCloud, aws: Engine) -> None:
    """A resource that stands already is imported with the inputs that make it."""
    cloud.control.make("ec2/vpc:Vpc", "vpc-1", {"cidrBlock": "10.9.0.0/16", "ownerId": "123456789012"})
    found = await aws.find(VPC, "vpc-1")
    assert found is not None
    assert found.inputs["cidrBlock"] == "10.9.0.0/16"


async def test_secret_inputs_and_outputs_stay_secret(aws: Engine) -> None:
    """A secret value comes back as a secret under the same name."""
    secret = await aws.create("aws:secretsmanager/secret:Secret", "s")
    version = await aws.create(
        "aws:secretsmanager/secretVersion:SecretVersion", "v", secretId=secret.id, secretString=Secret("hush")
    )
    assert version.inputs["secretString"] == Secret("hush")
    assert version.outputs["secretString"] == Secret("hush")


async def test_type_without_table_entry_is_served(aws: Engine) -> None:
    """Every type of the SDK can be made, read and deleted, listed in a table or not."""
    queue = await aws.create("aws:mq/broker:Broker", "b", **_BROKER)
    assert queue.text("arn").startswith("arn:aws:mq:us-east-1:123456789012:broker/")
    assert await aws.read(queue) is not None
    await aws.delete(queue)
    assert await aws.read(queue) is None


_BROKER = {
    "brokerName": "b",
    "engineType": "ActiveMQ",
    "engineVersion": "5.18",
    "hostInstanceType": "mq.t3.micro",
    "users": [{"username": "u", "password": "p"}],
}


async def test_id_that_is_another_output_is_filled_in(aws: Engine) -> None:
    """A type whose id is an ARN under another name has that id, with its defaults in it."""
    role = await make_role(aws, "role", "ecs-tasks.amazonaws.com")
    made = await aws.create(
        "aws:ecs/expressGatewayService:ExpressGatewayService",
        "web",
        serviceName="web",
        executionRoleArn=role.text("arn"),
        infrastructureRoleArn=role.text("arn"),
        primaryContainer={"image": "app:1"},
    )
    assert made.id == made.text("serviceArn") == "arn:aws:ecs:us-east-1:123456789012:service/default/web"
