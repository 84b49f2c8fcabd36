"""Which capacity each service runs on. Pure: from weights to strategies.

A capacity provider strategy may hold Fargate providers or Auto Scaling group providers, never both
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-capacity-providers.html), and a service
has one strategy. Where a request weighs both, a workload becomes two services that share its traffic;
docs/adr/0010 says when it cannot.
"""

from dataclasses import dataclass
from enum import StrEnum

from programs.request.ecs import Capacity

FARGATE = "FARGATE"
FARGATE_SPOT = "FARGATE_SPOT"


class CapacityFamily(StrEnum):
    """The two kinds of capacity that AWS keeps apart; the values are a task's compatibilities."""

    FARGATE = "FARGATE"
    EC2 = "EC2"


@dataclass(frozen=True, slots=True)
class ProviderShare:
    """One provider of a strategy: `base` tasks at least, then `weight` of the rest."""

    provider: str
    base: int
    weight: int


@dataclass(frozen=True, slots=True)
class FamilyShare:
    """A family's strategy, and how much of all tasks it is meant to run, of `CapacityPlan.total_weight`."""

    family: CapacityFamily
    strategy: tuple[ProviderShare, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class CapacityPlan:
    """The families in use; the first is the one that a workload runs on where it cannot be split.

    `provider_names` are all that the cluster must know: those in use, and those that it may come to use or
    has just ceased to use.
    """

    families: tuple[FamilyShare, ...]
    provider_names: tuple[str, ...]

    @property
    def main(self) -> FamilyShare:
        """The family with the larger weight, Fargate where they are equal."""
        return self.families[0]

    @property
    def second(self) -> FamilyShare | None:
        """The other family, where the request weighs both."""
        return self.families[1] if len(self.families) > 1 else None


def plan_capacity(capacity: Capacity, ec2_provider: str) -> CapacityPlan:
    """Return the strategies; `ec2_provider` is the name of the Auto Scaling group's provider.

    A cluster gives up no provider that a service still uses, and services change after it does: Fargate's
    stay always, the instances' as long as the request has the instances, whatever their weight
    (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html).
    """
    families = [family for family in (_fargate(capacity), _ec2(capacity, ec2_provider)) if family is not None]
    families.sort(key=lambda family: -family.weight)
    own = (ec2_provider,) if capacity.ec2 is not None else ()
    return CapacityPlan(tuple(families), (FARGATE, FARGATE_SPOT, *own))


def _fargate(capacity: Capacity) -> FamilyShare | None:
    weight = capacity.fargate_weight + capacity.fargate_spot_weight
    if weight == 0:
        return None
    base = capacity.fargate.base if capacity.fargate is not None else 0
    shares = (
        ProviderShare(FARGATE, base, capacity.fargate_weight),
        ProviderShare(FARGATE_SPOT, 0, capacity.fargate_spot_weight),
    )
    used = tuple(share for share in shares if share.weight > 0 or share.base > 0)
    return FamilyShare(CapacityFamily.FARGATE, used, weight)


def _ec2(capacity: Capacity, provider: str) -> FamilyShare | None:
    if capacity.ec2_weight == 0:
        return None
    share = ProviderShare(provider, 0, capacity.ec2_weight)
    return FamilyShare(CapacityFamily.EC2, (share,), capacity.ec2_weight)
