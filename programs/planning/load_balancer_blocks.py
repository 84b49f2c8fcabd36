"""The addresses from which a load balancer calls the workloads behind it."""

from programs.facts import Facts
from programs.planning.cidr import plan_subnets
from programs.request.shape import SharedShape


def balancer_blocks(request: SharedShape, facts: Facts) -> tuple[str, ...]:
    """Return the blocks of the subnets that the load balancer stands in.

    Raises:
        KeyError: the facts lack a subnet of the network that the request names.
    """
    existing = request.network.existing
    if existing is not None:
        ids = existing.private_subnet_ids if request.load_balancer.internal else existing.public_subnet_ids
        blocks = {subnet.subnet_id: subnet.cidr_block for subnet in facts.existing_subnets}
        return tuple(sorted(blocks[subnet_id] for subnet_id in ids))
    zone_names = facts.availability_zone_names[: request.network.availability_zones]
    zones = plan_subnets(request.network.cidr, zone_names)
    if request.load_balancer.internal:
        return tuple(zone.private_cidr for zone in zones)
    return tuple(zone.public_cidr for zone in zones)
