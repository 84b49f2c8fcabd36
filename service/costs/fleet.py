"""What all environments cost together, by team, class or orchestrator, and day by day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from service.core.ids import EnvironmentId
from service.costs.summary import NO_COST, MonthlyCost


class Grouping(StrEnum):
    """What the fleet's cost is told apart by."""

    TEAM = "team"
    CLASS = "class"
    ORCHESTRATOR = "orchestrator"


COLUMN_OF: dict[Grouping, str] = {
    Grouping.TEAM: "team",
    Grouping.CLASS: "environment_class",
    Grouping.ORCHESTRATOR: "orchestrator",
}


@dataclass(frozen=True, slots=True)
class EnvironmentCost:
    """What a living environment costs a month; None where it was not estimated."""

    environment_id: EnvironmentId
    team: str
    environment_class: str
    orchestrator: str
    cost: MonthlyCost | None

    def group(self, grouping: Grouping) -> str:
        """Return the group that it belongs to."""
        return str(getattr(self, COLUMN_OF[grouping]))


@dataclass(frozen=True, slots=True)
class SnapshotSum:
    """What a group cost on a day, dollars a month."""

    day: date
    group: str
    environments: int
    cost: MonthlyCost


@dataclass(frozen=True, slots=True)
class GroupCost:
    """What a group's living environments cost together; those without an estimate are counted apart."""

    group: str
    environments: int
    not_estimated: int
    cost: MonthlyCost


@dataclass(frozen=True, slots=True)
class FleetCost:
    """All of it."""

    grouping: Grouping
    total: GroupCost
    groups: tuple[GroupCost, ...]
    history: tuple[SnapshotSum, ...]


def add_up_fleet(
    environments: Sequence[EnvironmentCost], grouping: Grouping, history: Iterable[SnapshotSum]
) -> FleetCost:
    """Sum the environments by group, the dearest group first."""
    names = sorted({one.group(grouping) for one in environments})
    groups = [_sum(name, [one for one in environments if one.group(grouping) == name]) for name in names]
    return FleetCost(
        grouping=grouping,
        total=_sum("all", environments),
        groups=tuple(sorted(groups, key=lambda one: (-one.cost.desired_usd, one.group))),
        history=tuple(history),
    )


def _sum(name: str, environments: Sequence[EnvironmentCost]) -> GroupCost:
    costs = [one.cost for one in environments if one.cost is not None]
    return GroupCost(
        group=name,
        environments=len(environments),
        not_estimated=len(environments) - len(costs),
        cost=sum_costs(costs),
    )


def sum_costs(costs: Iterable[MonthlyCost]) -> MonthlyCost:
    """Return the sum of amounts."""
    total = (Decimal(0), Decimal(0), Decimal(0))
    for cost in costs:
        total = (total[0] + cost.min_usd, total[1] + cost.desired_usd, total[2] + cost.max_usd)
    return MonthlyCost(*total) if any(total) else NO_COST
