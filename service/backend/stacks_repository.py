"""All SQL about stacks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, true, tuple_, update

from service.backend.model import Stack, StackName
from service.backend.tables import StackRow
from service.core.ids import EnvironmentId, StackId, UpdateId
from service.core.unit_of_work import UnitOfWork
from service.state.tables import StateVersionRow


@dataclass(frozen=True, slots=True)
class StackSummary:
    """A stack in a list."""

    id: StackId
    address: StackName
    last_update_at: datetime | None
    resource_count: int | None


@dataclass(frozen=True, slots=True)
class StackFilter:
    """Which stacks a list shows; None does not filter. `teams`: those that the caller may see."""

    teams: frozenset[str] | None = None
    team: str | None = None
    project: str | None = None
    tag_name: str | None = None
    tag_value: str | None = None


def _stack(row: StackRow) -> Stack:
    return Stack(
        id=StackId(row.id),
        address=StackName(row.team, row.project, row.name),
        environment_id=None if row.environment_id is None else EnvironmentId(row.environment_id),
        version=row.version,
        key_generation=row.key_generation,
        active_update_id=None if row.active_update_id is None else UpdateId(row.active_update_id),
        created_at=row.created_at,
        tags=dict(row.tags),
    )


async def _one(uow: UnitOfWork, query: Select[StackRow], *, lock: bool) -> Stack | None:
    query = query.execution_options(populate_existing=True)
    row = (await uow.session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()
    return None if row is None else _stack(row)


async def find(uow: UnitOfWork, address: StackName, *, lock: bool = False) -> Stack | None:
    """Return the living stack of that name; `lock` keeps others from changing it."""
    query = select(StackRow).where(
        StackRow.team == address.team,
        StackRow.project == address.project,
        StackRow.name == address.name,
        StackRow.retired_at.is_(None),
    )
    return await _one(uow, query, lock=lock)


async def get(uow: UnitOfWork, stack_id: StackId, *, lock: bool = False) -> Stack | None:
    """Return a stack, retired or not."""
    return await _one(uow, select(StackRow).where(StackRow.id == stack_id), lock=lock)


async def find_by_environment(uow: UnitOfWork, environment_id: EnvironmentId) -> Stack | None:
    """Return an environment's stack."""
    return await _one(uow, select(StackRow).where(StackRow.environment_id == environment_id), lock=False)


async def add(
    uow: UnitOfWork,
    stack_id: StackId,
    address: StackName,
    *,
    environment_id: EnvironmentId | None,
    tags: dict[str, str],
) -> None:
    """Record a new stack."""
    await uow.session.execute(
        insert(StackRow).values(
            id=stack_id,
            environment_id=environment_id,
            team=address.team,
            project=address.project,
            name=address.name,
            tags=tags,
        )
    )


async def adopt(uow: UnitOfWork, stack_id: StackId, environment_id: EnvironmentId) -> None:
    """Make an existing stack an environment's."""
    await uow.session.execute(
        update(StackRow).where(StackRow.id == stack_id).values(environment_id=environment_id)
    )


async def retire(uow: UnitOfWork, stack_id: StackId) -> None:
    """Free the stack's name; its record stays."""
    await uow.session.execute(update(StackRow).where(StackRow.id == stack_id).values(retired_at=func.now()))


async def remove(uow: UnitOfWork, stack_id: StackId) -> None:
    """Delete a stack with all its versions, updates and keys."""
    await uow.session.execute(delete(StackRow).where(StackRow.id == stack_id))


async def replace_tags(uow: UnitOfWork, stack_id: StackId, tags: dict[str, str]) -> None:
    """Give the stack these tags and no others."""
    await uow.session.execute(update(StackRow).where(StackRow.id == stack_id).values(tags=tags))


async def rename(uow: UnitOfWork, stack_id: StackId, address: StackName) -> None:
    """Give the stack another address."""
    await uow.session.execute(
        update(StackRow).where(StackRow.id == stack_id).values(project=address.project, name=address.name)
    )


async def begin_update(uow: UnitOfWork, stack_id: StackId, update_id: UpdateId, *, version: int) -> None:
    """Let an update hold the stack."""
    await uow.session.execute(
        update(StackRow).where(StackRow.id == stack_id).values(active_update_id=update_id, version=version)
    )


async def end_update(uow: UnitOfWork, stack_id: StackId, update_id: UpdateId) -> None:
    """Free the stack, if that update holds it."""
    await uow.session.execute(
        update(StackRow)
        .where(StackRow.id == stack_id, StackRow.active_update_id == update_id)
        .values(active_update_id=None)
    )


async def page(
    uow: UnitOfWork, criteria: StackFilter, *, after: StackName | None, limit: int
) -> list[StackSummary]:
    """Return living stacks by team, project and name, those after `after`."""
    newest = (
        select(StateVersionRow.resource_count, StateVersionRow.created_at)
        .where(StateVersionRow.stack_id == StackRow.id)
        .order_by(StateVersionRow.number.desc())
        .limit(1)
        .lateral()
    )
    query = (
        select(
            StackRow.id,
            StackRow.team,
            StackRow.project,
            StackRow.name,
            newest.c.resource_count,
            newest.c.created_at,
        )
        .outerjoin(newest, true())
        .where(StackRow.retired_at.is_(None), *_conditions(criteria, after))
        .order_by(StackRow.team, StackRow.project, StackRow.name)
        .limit(limit)
    )
    rows = await uow.session.execute(query)
    return [
        StackSummary(
            StackId(row.id), StackName(row.team, row.project, row.name), row.created_at, row.resource_count
        )
        for row in rows
    ]


def _conditions(criteria: StackFilter, after: StackName | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if criteria.teams is not None:
        conditions.append(StackRow.team.in_(criteria.teams))
    if criteria.team is not None:
        conditions.append(StackRow.team == criteria.team)
    if criteria.project is not None:
        conditions.append(StackRow.project == criteria.project)
    if criteria.tag_name is not None and criteria.tag_value is not None:
        conditions.append(StackRow.tags.contains({criteria.tag_name: criteria.tag_value}))
    elif criteria.tag_name is not None:
        conditions.append(StackRow.tags.has_key(criteria.tag_name))
    if after is not None:
        key = tuple_(StackRow.team, StackRow.project, StackRow.name)
        conditions.append(key > (after.team, after.project, after.name))
    return conditions


async def teams(uow: UnitOfWork) -> list[str]:
    """Return every team that has a living stack."""
    return list(
        await uow.session.scalars(select(StackRow.team).where(StackRow.retired_at.is_(None)).distinct())
    )


async def has_project(uow: UnitOfWork, team: str, project: str) -> bool:
    """Whether a living stack of that project exists."""
    query = select(StackRow.id).where(
        StackRow.team == team, StackRow.project == project, StackRow.retired_at.is_(None)
    )
    return await uow.session.scalar(query.limit(1)) is not None
