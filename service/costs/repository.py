"""All SQL about what operations and environments cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import Table, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.ids import EnvironmentId, OperationId
from service.costs.fleet import EnvironmentCost, SnapshotSum
from service.costs.forecast import RateChange
from service.costs.schemas import CostDetail
from service.costs.summary import CostSummary, MonthlyCost
from service.costs.tables import OperationCostRow

_costs = cast("Table", OperationCostRow.__table__)
SNAPSHOT_DAYS_KEPT = 400


@dataclass(frozen=True, slots=True)
class RecordedCost:
    """An operation's cost as it was recorded."""

    operation_id: OperationId
    is_standing: bool
    recorded_at: datetime
    detail: CostDetail


async def save_cost(
    session: AsyncSession,
    operation_id: OperationId,
    environment_id: EnvironmentId,
    summary: CostSummary,
    detail: CostDetail,
    *,
    is_standing: bool,
) -> None:
    """Write what an operation costs; amounts that are not known are null."""
    after = summary.after
    await session.execute(
        insert(_costs).values(
            operation_id=operation_id,
            environment_id=environment_id,
            is_standing=is_standing,
            min_usd=after and after.min_usd,
            desired_usd=after and after.desired_usd,
            max_usd=after and after.max_usd,
            detail=detail.model_dump(mode="json"),
        )
    )


async def find_cost(session: AsyncSession, operation_id: OperationId) -> RecordedCost | None:
    """Return what was recorded for an operation, or None."""
    row = (await session.execute(select(_costs).where(_costs.c.operation_id == operation_id))).mappings()
    found = row.first()
    return None if found is None else _recorded(cast("Mapping[str, object]", found))


async def find_newest_cost(
    session: AsyncSession, environment_id: EnvironmentId, *, is_standing: bool
) -> RecordedCost | None:
    """Return what was recorded last for an environment: of what stands, or of a plan."""
    statement = (
        select(_costs)
        .where(_costs.c.environment_id == environment_id, _costs.c.is_standing.is_(is_standing))
        .order_by(_costs.c.recorded_at.desc())
        .limit(1)
    )
    found = (await session.execute(statement)).mappings().first()
    return None if found is None else _recorded(cast("Mapping[str, object]", found))


async def list_rate_changes(session: AsyncSession, environment_id: EnvironmentId) -> Sequence[RateChange]:
    """Return when an environment's monthly cost changed, oldest first; unknown amounts count as nothing."""
    rows = await session.execute(
        select(_costs.c.recorded_at, _costs.c.desired_usd)
        .where(_costs.c.environment_id == environment_id, _costs.c.is_standing)
        .order_by(_costs.c.recorded_at)
    )
    return [RateChange(at=row.recorded_at, usd_per_month=row.desired_usd or Decimal(0)) for row in rows]


# What stands, of living environments; those without an estimate have nulls.
_STANDING = """
SELECT environment.id, environment.team, environment.environment_class, environment.orchestrator,
    standing.min_usd, standing.desired_usd, standing.max_usd
FROM environments AS environment
JOIN LATERAL (
    SELECT * FROM operation_costs AS cost
    WHERE cost.environment_id = environment.id AND cost.is_standing
    ORDER BY cost.recorded_at DESC LIMIT 1
) AS standing ON true
WHERE environment.status <> 'destroyed'
"""
_OF_TEAMS = " AND (CAST(:teams AS text[]) IS NULL OR environment.team = ANY(:teams))"


async def list_standing(session: AsyncSession, *, teams: Sequence[str] | None) -> Sequence[EnvironmentCost]:
    """Return what each living environment costs, of some teams or of all."""
    rows = await session.execute(text(_STANDING + _OF_TEAMS), {"teams": _listed(teams)})
    return [_environment_cost(cast("Mapping[str, object]", row)) for row in rows.mappings()]


# What an environment will come to cost: what stands, or what a deploy that waits or runs is to make of it,
# whichever is more.
_COMMITTED = """
SELECT coalesce(sum(greatest(
    coalesce((
        SELECT cost.desired_usd FROM operation_costs AS cost
        WHERE cost.environment_id = environment.id AND cost.is_standing
        ORDER BY cost.recorded_at DESC LIMIT 1
    ), 0),
    coalesce((
        SELECT max((operation.cost->'after'->>'desired_usd')::numeric) FROM operations AS operation
        WHERE operation.environment_id = environment.id AND operation.kind = 'deploy'
        AND operation.state IN ('pending', 'awaiting_approval', 'queued', 'running')
    ), 0)
)), 0)
FROM environments AS environment
WHERE environment.status <> 'destroyed' AND environment.team = :team AND environment.id <> :except_id
AND (CAST(:class AS text) IS NULL OR environment.environment_class = :class)
"""


async def committed_usd(
    session: AsyncSession, *, team: str, environment_class: str | None, except_id: EnvironmentId
) -> Decimal:
    """Return what a team's other environments cost a month, deploys under way counted.

    Two plans of one team are looked at one after the other: the second sees the first.
    """
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"budget/{team}"}
    )
    found = await session.scalar(
        text(_COMMITTED), {"team": team, "class": environment_class, "except_id": except_id}
    )
    return Decimal(found or 0)


_SNAPSHOT = f"""
INSERT INTO cost_snapshots
    (day, environment_id, team, environment_class, orchestrator, min_usd, desired_usd, max_usd)
SELECT (now() AT TIME ZONE 'UTC')::date, standing.* FROM ({_STANDING}) AS standing
WHERE standing.desired_usd IS NOT NULL
ON CONFLICT (day, environment_id) DO UPDATE SET environment_class = excluded.environment_class,
    min_usd = excluded.min_usd, desired_usd = excluded.desired_usd, max_usd = excluded.max_usd
WHERE (cost_snapshots.min_usd, cost_snapshots.desired_usd, cost_snapshots.max_usd)
    IS DISTINCT FROM (excluded.min_usd, excluded.desired_usd, excluded.max_usd)
"""  # noqa: S608 -- a query of our own
_FORGET = "DELETE FROM cost_snapshots WHERE day < (now() AT TIME ZONE 'UTC')::date - :days"


async def take_snapshot(session: AsyncSession) -> None:
    """Note what each living environment costs today; what was noted before for today is corrected."""
    await session.execute(text(_SNAPSHOT))
    await session.execute(text(_FORGET), {"days": SNAPSHOT_DAYS_KEPT})


# The columns to group by are names of ours, never a caller's text.
_HISTORY = """
SELECT day, {column} AS name, count(*) AS environments, sum(min_usd) AS min_usd,
    sum(desired_usd) AS desired_usd, sum(max_usd) AS max_usd
FROM cost_snapshots WHERE day >= :since AND (CAST(:teams AS text[]) IS NULL OR team = ANY(:teams))
GROUP BY day, {column} ORDER BY day, {column}
"""


async def sum_snapshots(
    session: AsyncSession, *, column: str, since: date, teams: Sequence[str] | None
) -> Sequence[SnapshotSum]:
    """Return day by day what the fleet cost, by team, class or orchestrator."""
    rows = await session.execute(
        text(_HISTORY.format(column=column)), {"since": since, "teams": _listed(teams)}
    )
    return [
        SnapshotSum(
            day=row.day,
            group=str(row.name),
            environments=int(row.environments),
            cost=MonthlyCost(row.min_usd, row.desired_usd, row.max_usd),
        )
        for row in rows
    ]


def _listed(teams: Sequence[str] | None) -> list[str] | None:
    return None if teams is None else list(teams)


def _recorded(row: Mapping[str, object]) -> RecordedCost:
    return RecordedCost(
        operation_id=OperationId(str(row["operation_id"])),
        is_standing=bool(row["is_standing"]),
        recorded_at=cast("datetime", row["recorded_at"]),
        detail=CostDetail.model_validate(row["detail"]),
    )


def _environment_cost(row: Mapping[str, object]) -> EnvironmentCost:
    desired = cast("Decimal | None", row["desired_usd"])
    cost = None
    if desired is not None:
        cost = MonthlyCost(cast("Decimal", row["min_usd"]), desired, cast("Decimal", row["max_usd"]))
    return EnvironmentCost(
        environment_id=EnvironmentId(str(row["id"])),
        team=str(row["team"]),
        environment_class=str(row["environment_class"]),
        orchestrator=str(row["orchestrator"]),
        cost=cost,
    )
