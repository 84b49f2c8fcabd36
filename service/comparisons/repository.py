"""All SQL about comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.model import TeamScope
from service.access.scope import within
from service.comparisons.errors import ComparisonNotFoundError
from service.comparisons.facts import Orchestrator
from service.comparisons.records import (
    ComparisonId,
    RecordedComparison,
    RecordedSide,
    SideEnd,
    SideState,
)
from service.comparisons.tables import ComparisonRow, ComparisonSideRow
from service.core.ids import EnvironmentId, OperationId
from service.core.pages import PageRequest
from service.operations.model import OperationFailure
from service.plans.resources import pack_resources, unpack_resources
from service.recommendations.questionnaire import Questionnaire

_comparisons = cast("Table", ComparisonRow.__table__)
_sides = cast("Table", ComparisonSideRow.__table__)


async def insert_comparison(session: AsyncSession, comparison: RecordedComparison) -> None:
    """Write a new comparison with its sides."""
    await session.execute(
        insert(_comparisons).values(
            id=comparison.id,
            team=comparison.team,
            name=comparison.name,
            region=comparison.region,
            application=comparison.application,
            answers=comparison.answers.model_dump(mode="json", exclude_none=True),
            instance_type=comparison.instance_type,
            created_by=comparison.created_by,
            created_at=comparison.created_at,
            finished_at=comparison.finished_at,
        )
    )
    await session.execute(
        insert(_sides),
        [
            {
                "comparison_id": comparison.id,
                "orchestrator": side.orchestrator,
                "state": side.state,
                "environment_id": side.environment_id,
                "operation_id": side.operation_id,
            }
            for side in comparison.sides
        ],
    )


async def get_comparison(session: AsyncSession, comparison_id: ComparisonId) -> RecordedComparison:
    """Read a comparison with its sides.

    Raises:
        ComparisonNotFoundError: there is none of this id.
    """
    found = await session.execute(select(_comparisons).where(_comparisons.c.id == comparison_id))
    row = found.mappings().first()
    if row is None:
        raise ComparisonNotFoundError(comparison_id)
    sides = await session.execute(
        select(_sides).where(_sides.c.comparison_id == comparison_id).order_by(_sides.c.orchestrator)
    )
    return _comparison(
        cast("Mapping[str, object]", row),
        [_side(cast("Mapping[str, object]", side)) for side in sides.mappings()],
    )


async def list_comparisons(
    session: AsyncSession, page: PageRequest, *, team: str | None, scope: TeamScope
) -> Sequence[RecordedComparison]:
    """Read one page of comparisons without their sides, newest first, and one more if another follows."""
    statement = (
        select(_comparisons)
        .where(within(_comparisons.c.team, scope))
        .order_by(_comparisons.c.id.desc())
        .limit(page.limit)
    )
    if team is not None:
        statement = statement.where(_comparisons.c.team == team)
    if page.before is not None:
        statement = statement.where(_comparisons.c.id < page.before)
    rows = (await session.execute(statement)).mappings()
    return [_comparison(cast("Mapping[str, object]", row), ()) for row in rows]


async def save_side(session: AsyncSession, operation_id: OperationId, end: SideEnd) -> bool:
    """Write what became of the preview of a side that ran until now; False where it is none of a side's."""
    values = {
        "state": end.state,
        "failure": None if end.failure is None else asdict(end.failure),
        "resources": pack_resources(end.resources) if end.resources else None,
    }
    saved = await session.execute(
        update(_sides)
        .where(_sides.c.operation_id == operation_id, _sides.c.state == SideState.RUNNING)
        .values(values)
        .returning(_sides.c.comparison_id)
    )
    comparison_id = saved.scalar_one_or_none()
    if comparison_id is None:
        return False
    await _finish(session, ComparisonId(str(comparison_id)))
    return True


async def _finish(session: AsyncSession, comparison_id: ComparisonId) -> None:
    """Note the comparison's end if no side runs; the lock lets the two sides end one after the other."""
    await session.execute(
        select(_comparisons.c.id).where(_comparisons.c.id == comparison_id).with_for_update()
    )
    running = select(_sides.c.orchestrator).where(
        _sides.c.comparison_id == comparison_id, _sides.c.state == SideState.RUNNING
    )
    await session.execute(
        update(_comparisons)
        .where(_comparisons.c.id == comparison_id, ~running.exists())
        .values(finished_at=func.now())
    )


# Of previews that ended without a run: cancelled while they waited.
_ENDED_UNTOLD = """
SELECT side.operation_id, operation.state FROM comparison_sides AS side
JOIN operations AS operation ON operation.id = side.operation_id
WHERE side.state = 'running' AND operation.finished_at IS NOT NULL
LIMIT 100
"""


async def find_ended_untold(session: AsyncSession) -> Sequence[tuple[OperationId, str]]:
    """Return previews that have ended, with their state, and whose side still counts as running."""
    rows = await session.execute(text(_ENDED_UNTOLD))
    return [(OperationId(str(row.operation_id)), str(row.state)) for row in rows]


_MEDIAN = """
SELECT percentile_cont(0.5) WITHIN GROUP (
    ORDER BY extract(epoch FROM operation.finished_at - operation.started_at)
) AS seconds, count(*) AS deploys
FROM operations AS operation JOIN environments AS environment ON environment.id = operation.environment_id
WHERE operation.kind = 'deploy' AND operation.state = 'succeeded' AND operation.base_state_version IS NULL
AND environment.orchestrator = :orchestrator AND operation.finished_at > now() - interval '90 days'
"""


async def median_ready_seconds(session: AsyncSession, orchestrator: Orchestrator) -> tuple[int | None, int]:
    """Return how long first deployments of an orchestrator took here by the median, and of how many."""
    row = (await session.execute(text(_MEDIAN), {"orchestrator": orchestrator})).one()
    return (None if row.seconds is None else round(row.seconds)), int(row.deploys)


_REMOVABLE = """
SELECT side.environment_id FROM comparison_sides AS side
JOIN comparisons AS comparison ON comparison.id = side.comparison_id
WHERE side.environment_id IS NOT NULL AND comparison.finished_at < now() - :age * interval '1 second'
ORDER BY comparison.finished_at LIMIT :limit
"""
# In the order of the references between them.
_REMOVALS = (
    "UPDATE comparison_sides SET environment_id = NULL WHERE environment_id = :id",
    "DELETE FROM plan_decisions WHERE plan_id IN (SELECT id FROM plans WHERE environment_id = :id)",
    "DELETE FROM plans WHERE environment_id = :id",
    """DELETE FROM operation_events WHERE operation_id IN (
        SELECT id FROM operations WHERE environment_id = :id)""",
    "DELETE FROM stacks WHERE environment_id = :id",
    "DELETE FROM operations WHERE environment_id = :id",
    "DELETE FROM environments WHERE id = :id",
)


async def find_removable(session: AsyncSession, *, age: timedelta, limit: int) -> Sequence[EnvironmentId]:
    """Return environments of comparisons that ended so long ago that nobody follows their previews."""
    found = await session.scalars(text(_REMOVABLE), {"age": age.total_seconds(), "limit": limit})
    return [EnvironmentId(str(environment_id)) for environment_id in found]


async def remove_environment(session: AsyncSession, environment_id: EnvironmentId) -> None:
    """Delete an environment of a comparison with its operations, events, plans, costs and stack."""
    for statement in _REMOVALS:
        await session.execute(text(statement), {"id": environment_id})


async def forget_comparisons(session: AsyncSession, *, age: timedelta) -> None:
    """Delete comparisons that ended so long ago."""
    await session.execute(
        text("DELETE FROM comparisons WHERE finished_at < now() - :age * interval '1 second'"),
        {"age": age.total_seconds()},
    )


def _comparison(row: Mapping[str, object], sides: Sequence[RecordedSide]) -> RecordedComparison:
    values = {
        **row,
        "id": ComparisonId(str(row["id"])),
        "answers": Questionnaire.model_validate(row["answers"]),
        "sides": tuple(sides),
    }
    return RecordedComparison(**values)  # pyright: ignore[reportArgumentType] -- columns are the model's fields


def _side(row: Mapping[str, object]) -> RecordedSide:
    failure = cast("dict[str, str] | None", row["failure"])
    packed = cast("bytes | None", row["resources"])
    environment_id, operation_id = row["environment_id"], row["operation_id"]
    return RecordedSide(
        orchestrator=cast("Orchestrator", row["orchestrator"]),
        state=SideState(str(row["state"])),
        environment_id=None if environment_id is None else EnvironmentId(str(environment_id)),
        operation_id=None if operation_id is None else OperationId(str(operation_id)),
        failure=None if failure is None else OperationFailure(**failure),  # pyright: ignore[reportArgumentType] -- stored from this model
        resources=() if packed is None else unpack_resources(packed),
    )
