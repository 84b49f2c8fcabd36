"""Networks that tests build on."""

import json
from dataclasses import dataclass

from tests.sandbox.cloud.client import Engine, Standing

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
GATEWAY = "aws:ec2/internetGateway:InternetGateway"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
ROLE = "aws:iam/role:Role"


@dataclass(frozen=True)
class Network:
    """A VPC with an internet gateway, two subnets in two zones, and a security group."""

    vpc: Standing
    gateway: Standing
    subnets: tuple[Standing, Standing]
    group: Standing

    @property
    def subnet_ids(self) -> list[str]:
        """The ids of the subnets."""
        return [subnet.id for subnet in self.subnets]


async def make_network(aws: Engine) -> Network:
    """Make a network that load balancers and services can stand in."""
    vpc = await aws.create(VPC, "vpc", cidrBlock="10.0.0.0/16")
    gateway = await aws.create(GATEWAY, "gateway", vpcId=vpc.id)
    first = await aws.create(
        SUBNET, "first", vpcId=vpc.id, cidrBlock="10.0.0.0/24", availabilityZone="us-east-1a"
    )
    second = await aws.create(
        SUBNET, "second", vpcId=vpc.id, cidrBlock="10.0.1.0/24", availabilityZone="us-east-1b"
    )
    group = await aws.create(GROUP, "web", vpcId=vpc.id)
    return Network(vpc, gateway, (first, second), group)


async def make_role(aws: Engine, name: str, service: str) -> Standing:
    """Make a role that a service may assume."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    return await aws.create(ROLE, name, assumeRolePolicy=document)
