"""All SQL about references between environments."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.ids import EnvironmentId
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.references.tables import EnvironmentReferenceRow


async def lock_references(session: AsyncSession, team: str) -> None:
    """Let one transaction at a time change a team's references, so that no two make a circle together."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtext("references"), func.hashtext(team)))
    )


async def find_living(session: AsyncSession, team: str, names: Sequence[str]) -> Mapping[str, EnvironmentId]:
    """Return the team's living environments of these names."""
    if not names:
        return {}
    row = EnvironmentRow
    found = await session.execute(
        select(row.name, row.id).where(
            row.team == team, row.name.in_(names), row.status != EnvironmentStatus.DESTROYED
        )
    )
    return {name: EnvironmentId(environment_id) for name, environment_id in found}


async def replace_references(
    session: AsyncSession, environment_id: EnvironmentId, used: Sequence[EnvironmentId]
) -> None:
    """Let an environment use these others and no more.

    The foreign key holds the rows of those used, so that a destroy of one waits for this transaction.
    """
    row = EnvironmentReferenceRow
    await session.execute(delete(row).where(row.environment_id == environment_id))
    if used:
        await session.execute(
            insert(row), [{"environment_id": environment_id, "used_id": used_id} for used_id in used]
        )


async def list_used(session: AsyncSession, environment_ids: Sequence[EnvironmentId]) -> set[EnvironmentId]:
    """Return the environments that any of these uses."""
    row = EnvironmentReferenceRow
    found = await session.scalars(select(row.used_id).where(row.environment_id.in_(environment_ids)))
    return {EnvironmentId(used_id) for used_id in found}


async def list_dependants(session: AsyncSession, environment_id: EnvironmentId) -> Sequence[str]:
    """Return the names of the living environments that use this one, as team/name."""
    environment, row = EnvironmentRow, EnvironmentReferenceRow
    found = await session.execute(
        select(environment.team, environment.name)
        .join(row, row.environment_id == environment.id)
        .where(row.used_id == environment_id, environment.status != EnvironmentStatus.DESTROYED)
        .order_by(environment.team, environment.name)
    )
    return [f"{team}/{name}" for team, name in found]


async def list_used_names(session: AsyncSession, environment_id: EnvironmentId) -> Sequence[str]:
    """Return the names of the environments that this one uses, as team/name."""
    environment, row = EnvironmentRow, EnvironmentReferenceRow
    found = await session.execute(
        select(environment.team, environment.name)
        .join(row, row.used_id == environment.id)
        .where(row.environment_id == environment_id)
        .order_by(environment.team, environment.name)
    )
    return [f"{team}/{name}" for team, name in found]
