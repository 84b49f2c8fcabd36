"""All SQL about environments."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, case, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.model import TeamScope
from service.access.scope import within
from service.core.clock import utc_now
from service.core.ids import EnvironmentId
from service.core.pages import PageRequest
from service.environments.errors import EnvironmentExistsError, EnvironmentNotFoundError
from service.environments.model import Environment, EnvironmentOverview, EnvironmentStatus
from service.environments.tables import IS_LIVING, EnvironmentRow
from service.operations.model import OperationKind
from service.operations.tables import OperationRow

_table = cast("Table", EnvironmentRow.__table__)
_overview_columns = [_table.c[field.name] for field in fields(EnvironmentOverview)]


@dataclass(frozen=True, slots=True)
class EnvironmentFilter:
    """Which environments are wanted; None means any. Destroyed ones are left out unless asked for."""

    team: str | None = None
    name: str | None = None
    status: EnvironmentStatus | None = None
    orchestrator: str | None = None
    include_destroyed: bool = False

    def texts(self) -> dict[str, str | None]:
        """Return the filters as text, for a page's token."""
        return {
            "team": self.team,
            "name": self.name,
            "status": self.status,
            "orchestrator": self.orchestrator,
            "include_destroyed": str(self.include_destroyed),
        }


async def insert_environment(session: AsyncSession, environment: Environment) -> None:
    """Write a new environment.

    Raises:
        EnvironmentExistsError: the team has a living environment of this name.
    """
    # Naming the partial index lets a concurrent twin be refused without ending the transaction.
    statement = (
        insert(_table)
        .values(asdict(environment))
        .on_conflict_do_nothing(index_elements=["team", "name"], index_where=text(IS_LIVING))
        .returning(_table.c.id)
    )
    if await session.scalar(statement) is None:
        existing = await session.scalar(
            select(_table.c.id).where(
                _table.c.team == environment.team,
                _table.c.name == environment.name,
                _table.c.status != EnvironmentStatus.DESTROYED,
            )
        )
        raise EnvironmentExistsError(environment.team, environment.name, EnvironmentId(str(existing)))


async def get_environment(
    session: AsyncSession, environment_id: EnvironmentId, *, lock: bool = False
) -> Environment:
    """Read an environment; with `lock` nobody else changes it until the transaction ends.

    Raises:
        EnvironmentNotFoundError: there is none of this id.
    """
    statement = select(_table).where(_table.c.id == environment_id)
    result = await session.execute(statement.with_for_update() if lock else statement)
    row = result.mappings().first()
    if row is None:
        raise EnvironmentNotFoundError(environment_id)
    return Environment(**_values(cast("Mapping[str, object]", row)))  # pyright: ignore[reportArgumentType] -- columns are the model's fields


async def save_request(session: AsyncSession, environment: Environment) -> None:
    """Write what a changed request changes; the caller has locked the environment."""
    await session.execute(
        update(_table)
        .where(_table.c.id == environment.id)
        .values(
            request=environment.request,
            environment_class=environment.environment_class,
            is_protected=environment.is_protected,
            expires_at=environment.expires_at,
            expiry_warned_seconds=environment.expiry_warned_seconds,
            revision=environment.revision,
            updated_at=environment.updated_at,
        )
    )


async def save_expiry(session: AsyncSession, environment: Environment) -> None:
    """Write when an environment ends; the caller has locked it."""
    await session.execute(
        update(_table)
        .where(_table.c.id == environment.id)
        .values(
            ttl_counts_from=environment.ttl_counts_from,
            expires_at=environment.expires_at,
            expiry_warned_seconds=environment.expiry_warned_seconds,
            updated_at=environment.updated_at,
        )
    )


async def find_expiring(
    session: AsyncSession, *, leads: Sequence[timedelta], limit: int
) -> Sequence[EnvironmentId]:
    """Return living environments to warn of: `leads`, longest first, tell how long before their ends."""
    now = utc_now()
    steps = [(_table.c.expires_at <= now + lead, int(lead.total_seconds())) for lead in reversed(leads)]
    due = case(*steps, else_=None)
    statement = (
        select(_table.c.id)
        .where(
            text(IS_LIVING),
            _table.c.expires_at > now,
            _table.c.expires_at <= now + leads[0],
            or_(_table.c.expiry_warned_seconds.is_(None), _table.c.expiry_warned_seconds > due),
        )
        .order_by(_table.c.expires_at)
        .limit(limit)
    )
    return [EnvironmentId(str(found)) for found in await session.scalars(statement)]


async def find_expired(
    session: AsyncSession, *, retry_after: timedelta, after: EnvironmentId | None, limit: int
) -> Sequence[EnvironmentId]:
    """Return living, unprotected environments whose time is over and that no destroy works on or has just.

    In the order of their ids, those after `after`: what cannot be ended now does not hide what follows it.
    """
    now = utc_now()
    operations = cast("Table", OperationRow.__table__)
    destroys = select(operations.c.id).where(
        operations.c.environment_id == _table.c.id,
        operations.c.kind == OperationKind.DESTROY,
        or_(operations.c.finished_at.is_(None), operations.c.finished_at > now - retry_after),
    )
    statement = (
        select(_table.c.id)
        .where(
            text(IS_LIVING),
            _table.c.expires_at <= now,
            _table.c.is_protected.is_(False),
            ~destroys.exists(),
        )
        .order_by(_table.c.id)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(_table.c.id > after)
    return [EnvironmentId(str(found)) for found in await session.scalars(statement)]


async def list_environments(
    session: AsyncSession, wanted: EnvironmentFilter, page: PageRequest, scope: TeamScope
) -> Sequence[EnvironmentOverview]:
    """Read one page of the scope's environments, newest first, and one more row if another page follows."""
    statement = (
        select(*_overview_columns)
        .where(within(_table.c.team, scope), _table.c.comparison_id.is_(None))
        .order_by(_table.c.id.desc())
        .limit(page.limit)
    )
    for column, value in (
        (_table.c.team, wanted.team),
        (_table.c.name, wanted.name),
        (_table.c.status, wanted.status),
        (_table.c.orchestrator, wanted.orchestrator),
    ):
        if value is not None:
            statement = statement.where(column == value)
    if wanted.status is None and not wanted.include_destroyed:
        # In words, not as a parameter: a prepared statement's plan could not use the partial indexes.
        statement = statement.where(text(IS_LIVING))
    if page.before is not None:
        statement = statement.where(_table.c.id < page.before)
    rows = (await session.execute(statement)).mappings()
    return [
        EnvironmentOverview(**_values(cast("Mapping[str, object]", row)))  # pyright: ignore[reportArgumentType] -- columns are the model's fields
        for row in rows
    ]


def _values(row: Mapping[str, object]) -> dict[str, object]:
    return {**row, "status": EnvironmentStatus(str(row["status"]))}
