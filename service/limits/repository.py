"""All SQL about quotas: what a team has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.ids import EnvironmentId
from service.environments.tables import IS_LIVING, EnvironmentRow

_table = cast("Table", EnvironmentRow.__table__)


@dataclass(frozen=True, slots=True)
class Living:
    """An environment that is not destroyed, as far as it counts."""

    id: EnvironmentId
    team: str
    name: str
    environment_class: str
    region: str
    request: Mapping[str, object]


async def lock_team(session: AsyncSession, team: str) -> None:
    """Let one transaction at a time add to what a team has.

    Taken before the row of any environment is locked: whoever holds such a row never waits for it.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("limits"), func.hashtext(team))))


async def list_living(session: AsyncSession, teams: Sequence[str]) -> Sequence[Living]:
    """Return the environments of these teams that are not destroyed."""
    columns = [_table.c[name] for name in ("id", "team", "name", "environment_class", "region", "request")]
    rows = await session.execute(select(*columns).where(text(IS_LIVING), _table.c.team.in_(teams)))
    return [Living(**row) for row in rows.mappings()]  # pyright: ignore[reportArgumentType] -- columns are the fields


async def list_teams(session: AsyncSession, *, after: str, limit: int) -> Sequence[str]:
    """Return the names of teams that have an environment, from one name on."""
    statement = select(_table.c.team).where(text(IS_LIVING), _table.c.team > after)
    found = await session.scalars(statement.distinct().order_by(_table.c.team).limit(limit))
    return [str(team) for team in found]
