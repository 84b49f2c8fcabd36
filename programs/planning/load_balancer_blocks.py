"""The addresses from which a load balancer calls the workloads behind it."""

from programs.facts import Facts
from programs.planning.cidr import plan_subnets
from programs.request.shape import SharedShape

PRIVATE_BLOCKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
"""RFC 1918; what is known of an existing network's subnets is their ids alone."""


def balancer_blocks(request: SharedShape, facts: Facts) -> tuple[str, ...]:
    """Return the blocks of the subnets that the load balancer stands in."""
    if request.network.existing is not None:
        return PRIVATE_BLOCKS
    zone_names = facts.availability_zone_names[: request.network.availability_zones]
    zones = plan_subnets(request.network.cidr, zone_names)
    if request.load_balancer.internal:
        return tuple(zone.private_cidr for zone in zones)
    return tuple(zone.public_cidr for zone in zones)
