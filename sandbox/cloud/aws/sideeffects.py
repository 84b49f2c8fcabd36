"""What AWS makes and takes away by itself beside a resource."""

from sandbox.cloud.aws.making import make_record
from sandbox.cloud.aws.surroundings import Surroundings, stable_hex
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record, Scope
from sandbox.cloud.wire.values import Properties, object_of, text_of, texts_of

_CLUSTER = "aws:eks/cluster:Cluster"
_GROUP = "aws:ec2/securityGroup:SecurityGroup"
_SUBNET = "aws:ec2/subnet:Subnet"


def after_creation(package: SdkPackage, inventory: Inventory, around: Surroundings, record: Record) -> Record:
    """Do what AWS does once a resource stands: a cluster gets its security group."""
    return _with_group(package, inventory, around, record) if record.type == _CLUSTER else record


def after_deletion(inventory: Inventory, record: Record) -> None:
    """Do what AWS does once a resource is gone: what it made beside it goes, and a cluster's objects go."""
    for made in reversed(inventory.made_by(record.arn or record.id)):
        inventory.remove(made)
    if record.type == _CLUSTER:
        # what controllers made for these objects stays behind: nobody is left to take it away
        for item in reversed(inventory.in_scope(Scope(text_of(record.outputs, "endpoint"), "kubernetes"))):
            inventory.remove(item)


def _with_group(package: SdkPackage, inventory: Inventory, around: Surroundings, record: Record) -> Record:
    spec = package.resource(_GROUP)
    network = object_of(record.outputs, "vpcConfig")
    subnet_ids = texts_of(network, "subnetIds")
    subnet = inventory.referenced(_SUBNET, subnet_ids[0], around.scope) if subnet_ids else None
    if spec is None or subnet is None:
        return record
    vpc_id = text_of(subnet.outputs, "vpcId")
    inputs: Properties = {
        "name": f"eks-cluster-sg-{record.id}-{stable_hex(record.arn or '', length=10)}",
        "description": "EKS created security group applied to the control plane's network interfaces",
        "vpcId": vpc_id,
    }
    group = make_record(spec, inventory, around, inputs, made_by=record.arn)
    outputs: Properties = {
        **record.outputs,
        "vpcConfig": {**network, "vpcId": vpc_id, "clusterSecurityGroupId": group.id},
    }
    return inventory.set_outputs(record, outputs)
