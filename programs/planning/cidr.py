"""How a VPC's address block is shared out."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

MAX_ZONES = 4
_EIGHTHS = 3


@dataclass(frozen=True, slots=True)
class ZoneSubnets:
    """The two subnets of one availability zone."""

    zone_name: str
    public_cidr: str
    private_cidr: str


def plan_subnets(vpc_cidr: str, zone_names: Sequence[str]) -> tuple[ZoneSubnets, ...]:
    """One public and one private subnet for each zone, every one an eighth of the VPC.

    The first half of the block holds the private subnets and the second the public ones, in the order of the
    zones: a zone that is added later moves none of the others.

    Raises:
        ValueError: for more zones than the block has room for (4).
    """
    if len(zone_names) > MAX_ZONES:
        raise ValueError(f"{len(zone_names)} zones do not fit; at most {MAX_ZONES} do")
    eighths = tuple(IPv4Network(vpc_cidr).subnets(prefixlen_diff=_EIGHTHS))
    return tuple(
        ZoneSubnets(
            zone_name=zone_name,
            public_cidr=str(eighths[MAX_ZONES + position]),
            private_cidr=str(eighths[position]),
        )
        for position, zone_name in enumerate(zone_names)
    )
