"""A network that was there before any environment: as requests name it, as facts tell it, as it stands."""

from dataclasses import dataclass
from pathlib import Path

from programs.facts import ExistingSubnet
from sandbox.cloud.control import CloudControl
from tests.programs.strategies.documents import Document


@dataclass(frozen=True)
class Subnet:
    """A subnet of the standing network."""

    id: str
    cidr_block: str
    zone_name: str
    is_public: bool


VPC_ID = "vpc-0123456789abcdef0"
SUBNETS = (
    Subnet("subnet-0123456789abcdef0", "172.20.0.0/24", "us-east-1a", is_public=True),
    Subnet("subnet-0123456789abcdef1", "172.20.1.0/24", "us-east-1b", is_public=True),
    Subnet("subnet-0123456789abcdef2", "172.20.128.0/20", "us-east-1a", is_public=False),
    Subnet("subnet-0123456789abcdef3", "172.20.144.0/20", "us-east-1b", is_public=False),
)
EXISTING: Document = {
    "vpc_id": VPC_ID,
    "public_subnet_ids": [subnet.id for subnet in SUBNETS if subnet.is_public],
    "private_subnet_ids": [subnet.id for subnet in SUBNETS if not subnet.is_public],
}
FACTS_OF_SUBNETS = tuple(ExistingSubnet(subnet.id, subnet.cidr_block) for subnet in SUBNETS)
_ARN = "arn:aws:ec2:us-east-1:123456789012"


def let_network_stand(store: Path) -> None:
    """Put the network into a cloud, made by nobody that Pulumi knows."""
    control = CloudControl(store)
    owner = {"tags": {"owner": "network-team"}, "tagsAll": {"owner": "network-team"}}
    control.make(
        "ec2/vpc:Vpc",
        VPC_ID,
        {
            "arn": f"{_ARN}:vpc/{VPC_ID}",
            "cidrBlock": "172.20.0.0/16",
            "enableDnsHostnames": True,
            "enableDnsSupport": True,
            **owner,
        },
    )
    for subnet in SUBNETS:
        control.make(
            "ec2/subnet:Subnet",
            subnet.id,
            {
                "arn": f"{_ARN}:subnet/{subnet.id}",
                "vpcId": VPC_ID,
                "cidrBlock": subnet.cidr_block,
                "availabilityZone": subnet.zone_name,
                "mapPublicIpOnLaunch": subnet.is_public,
                **owner,
            },
        )
    gateway = "igw-0123456789abcdef0"
    control.make(
        "ec2/internetGateway:InternetGateway",
        gateway,
        {"arn": f"{_ARN}:internet-gateway/{gateway}", "vpcId": VPC_ID, **owner},
    )
    control.close()
