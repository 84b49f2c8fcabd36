"""The network part of a request: a VPC of its own, or one that is there."""

from enum import StrEnum
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from programs.request.identifiers import SubnetId, VpcId
from programs.request.strict import Boolean, Integer, StrictModel


class NatGateways(StrEnum):
    """How private subnets reach the internet."""

    NONE = "none"
    SINGLE = "single"
    ONE_PER_AZ = "one_per_az"


def _check_vpc_block(text: str) -> str:
    try:
        block = IPv4Network(text)
    except ValueError as invalid:
        raise ValueError(f"not an IPv4 network ({invalid}); write one such as 10.0.0.0/16") from invalid
    if not block.is_private:
        raise ValueError("not a private network (RFC 1918); write one such as 10.0.0.0/16")
    if not 16 <= block.prefixlen <= 24:  # noqa: PLR2004 -- the bounds that the message names
        raise ValueError(f"a /{block.prefixlen} does not fit; write a prefix between /16 and /24")
    return str(block)


VpcBlock = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"),
    AfterValidator(_check_vpc_block),
]
"""An RFC 1918 block that a VPC can have (at most a /16: Amazon VPC user guide, 'VPC CIDR blocks')."""

EndpointService = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)*$", max_length=60)]
"""An AWS service as PrivateLink names it, without `com.amazonaws.REGION.`."""


class ExistingNetwork(StrictModel):
    """A VPC that is there already; nothing in it is changed but what the environment adds."""

    vpc_id: VpcId = Field(
        title="VPC", description="The id of the VPC to deploy into.", examples=["vpc-0123456789abcdef0"]
    )
    public_subnet_ids: tuple[SubnetId, ...] = Field(
        title="Public subnets",
        description="Subnets for the load balancer, in at least two availability zones.",
        min_length=2,
        max_length=16,
        examples=[["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]],
    )
    private_subnet_ids: tuple[SubnetId, ...] = Field(
        title="Private subnets",
        description="Subnets for tasks, nodes and pods, in at least two availability zones. They must "
        "reach image registries and AWS's APIs by a NAT gateway or VPC endpoints.",
        min_length=2,
        max_length=16,
        examples=[["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]],
    )


class Network(StrictModel):
    """Where the environment lives: public subnets for the load balancer, private ones for the rest."""

    cidr: VpcBlock = Field(
        default="10.0.0.0/16",
        title="Address range",
        description="The IPv4 block of the environment's VPC, /16 to /24. Not used with `existing`.",
        examples=["10.0.0.0/16", "10.20.0.0/16"],
    )
    availability_zones: Integer = Field(
        default=2,
        title="Availability zones",
        description="How many zones to spread over, 2 to 4: one public and one private subnet in each.",
        ge=2,
        le=4,
        examples=[2, 3],
    )
    nat_gateways: NatGateways = Field(
        default_factory=lambda: NatGateways.SINGLE,
        title="NAT gateways",
        description="How private subnets reach the internet: `none` (then `endpoints` must carry images "
        "and logs), `single`, or `one_per_az`. Absent: `one_per_az` for class production, else `single`.",
        examples=["single", "one_per_az"],
    )
    flow_logs: Boolean = Field(
        default_factory=lambda: False,
        title="Flow logs",
        description="Record the VPC's traffic in CloudWatch Logs. Absent: on for class production.",
        examples=[True],
    )
    endpoints: tuple[EndpointService, ...] = Field(
        default=(),
        title="VPC endpoints",
        description="AWS services reached without leaving the VPC, by their names without the region "
        "prefix. `s3` and `dynamodb` become gateway endpoints, the others interface endpoints.",
        max_length=40,
        examples=[["ecr.api", "ecr.dkr", "s3", "logs", "secretsmanager"]],
    )
    existing: ExistingNetwork | None = Field(
        default=None,
        title="Existing network",
        description="Use this VPC in place of making one.",
        examples=[
            {
                "vpc_id": "vpc-0123456789abcdef0",
                "public_subnet_ids": ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                "private_subnet_ids": ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
            }
        ],
    )
