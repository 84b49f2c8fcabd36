"""SQL about freezes; whether one holds is judged by the database's clock."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from service.access.model import TeamScope
from service.access.scope import within
from service.core.ids import EnvironmentId
from service.core.pages import PageRequest
from service.environments.tables import EnvironmentRow
from service.freezes.errors import FreezeNotFoundError
from service.freezes.model import Freeze, FreezeId
from service.freezes.tables import FreezeRow

# What waits because of a freeze looks again at once when it is lifted.
_WAKE = """
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE queue_name = 'operations' AND status = 'todo' AND scheduled_at > now()
"""


async def insert_freeze(session: AsyncSession, freeze: Freeze) -> None:
    """Write a new freeze."""
    await session.execute(
        insert(FreezeRow).values(
            id=freeze.id,
            environment_id=freeze.environment_id,
            team=freeze.team,
            reason=freeze.reason,
            starts_at=freeze.starts_at,
            ends_at=freeze.ends_at,
            created_by=freeze.created_by,
            created_at=freeze.created_at,
        )
    )


async def get_freeze(session: AsyncSession, freeze_id: FreezeId, *, lock: bool = False) -> Freeze:
    """Return a freeze, its row locked on request; raise FreezeNotFoundError."""
    wanted = select(FreezeRow).where(FreezeRow.id == freeze_id)
    row = await session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise FreezeNotFoundError(freeze_id)
    return _freeze(row)


async def list_freezes(
    session: AsyncSession, page: PageRequest, *, team: str | None, is_active: bool | None, scope: TeamScope
) -> Sequence[Freeze]:
    """Return freezes that concern the scope's teams, newest first.

    Those that hold now, or those that do not, on request. One of everything concerns every team.
    """
    wanted = select(FreezeRow).where(_concerns(scope)).order_by(FreezeRow.id.desc()).limit(page.limit)
    if team is not None:
        wanted = wanted.where(FreezeRow.team == team)
    if is_active is not None:
        wanted = wanted.where(_holds() if is_active else ~_holds())
    if page.before is not None:
        wanted = wanted.where(FreezeRow.id < page.before)
    return [_freeze(row) for row in await session.scalars(wanted)]


async def find_freeze(session: AsyncSession, environment_id: EnvironmentId, team: str) -> Freeze | None:
    """Return the freeze that holds an environment now, the one that ends last of several; None if none."""
    freeze = FreezeRow
    row = await session.scalar(
        select(freeze)
        .where(_holds(), _is_over(environment_id, team))
        .order_by(freeze.ends_at.desc(), freeze.id)
        .limit(1)
    )
    return None if row is None else _freeze(row)


def is_frozen(
    environment_id: InstrumentedAttribute[str], team: InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    """Say in SQL whether a freeze holds the environment of these columns now."""
    return exists().where(_holds(), _is_over(environment_id, team))


async def save_lift(session: AsyncSession, freeze: Freeze) -> None:
    """Record that a freeze was lifted, and let what waits look again."""
    await session.execute(
        update(FreezeRow)
        .where(FreezeRow.id == freeze.id)
        .values(lifted_at=freeze.lifted_at, lifted_by=freeze.lifted_by)
    )
    await session.execute(text(_WAKE))


def _concerns(scope: TeamScope) -> ColumnElement[bool]:
    if scope is None:
        return true()
    environments = select(EnvironmentRow.id).where(within(EnvironmentRow.team, scope))
    return or_(
        within(FreezeRow.team, scope),
        FreezeRow.environment_id.in_(environments),
        and_(FreezeRow.environment_id.is_(None), FreezeRow.team.is_(None)),
    )


def _is_over(
    environment_id: str | InstrumentedAttribute[str], team: str | InstrumentedAttribute[str]
) -> ColumnElement[bool]:
    freeze = FreezeRow
    return or_(
        freeze.environment_id == environment_id,
        freeze.team == team,
        and_(freeze.environment_id.is_(None), freeze.team.is_(None)),
    )


def _holds() -> ColumnElement[bool]:
    return and_(
        FreezeRow.lifted_at.is_(None), FreezeRow.starts_at <= func.now(), FreezeRow.ends_at > func.now()
    )


def _freeze(row: FreezeRow) -> Freeze:
    return Freeze(
        id=FreezeId(row.id),
        environment_id=EnvironmentId(row.environment_id) if row.environment_id else None,
        team=row.team,
        reason=row.reason,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        created_by=row.created_by,
        created_at=row.created_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )
