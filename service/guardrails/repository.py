"""SQL about exemptions; whether one holds is judged by the database's clock."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.model import TeamScope
from service.access.scope import within
from service.core.ids import EnvironmentId
from service.core.pages import PageRequest
from service.guardrails.errors import ExemptionNotFoundError
from service.guardrails.model import Exemption, ExemptionId, RuleName
from service.guardrails.tables import ExemptionRow


async def insert_exemption(session: AsyncSession, exemption: Exemption) -> None:
    """Write a new exemption."""
    await session.execute(
        insert(ExemptionRow).values(
            id=exemption.id,
            rule=exemption.rule,
            team=exemption.team,
            environment_id=exemption.environment_id,
            reason=exemption.reason,
            until=exemption.until,
            created_by=exemption.created_by,
            created_at=exemption.created_at,
        )
    )


async def get_exemption(session: AsyncSession, exemption_id: ExemptionId) -> Exemption:
    """Return an exemption, its row locked; raise ExemptionNotFoundError."""
    row = await session.scalar(select(ExemptionRow).where(ExemptionRow.id == exemption_id).with_for_update())
    if row is None:
        raise ExemptionNotFoundError(exemption_id)
    return _exemption(row)


async def list_exemptions(
    session: AsyncSession, page: PageRequest, *, team: str | None, is_active: bool | None, scope: TeamScope
) -> Sequence[Exemption]:
    """Return exemptions of the scope's teams, newest first."""
    wanted = (
        select(ExemptionRow)
        .where(within(ExemptionRow.team, scope))
        .order_by(ExemptionRow.id.desc())
        .limit(page.limit)
    )
    if team is not None:
        wanted = wanted.where(ExemptionRow.team == team)
    if is_active is not None:
        wanted = wanted.where(_holds() if is_active else ~_holds())
    if page.before is not None:
        wanted = wanted.where(ExemptionRow.id < page.before)
    return [_exemption(row) for row in await session.scalars(wanted)]


async def find_exemptions(
    session: AsyncSession, environment_id: EnvironmentId, team: str
) -> Sequence[Exemption]:
    """Return the exemptions that hold now for an environment, its team's among them."""
    own = or_(ExemptionRow.environment_id.is_(None), ExemptionRow.environment_id == environment_id)
    found = select(ExemptionRow).where(_holds(), ExemptionRow.team == team, own)
    return [_exemption(row) for row in await session.scalars(found.order_by(ExemptionRow.until))]


async def save_revocation(session: AsyncSession, exemption: Exemption) -> None:
    """Record that an exemption was revoked."""
    await session.execute(
        update(ExemptionRow)
        .where(ExemptionRow.id == exemption.id)
        .values(revoked_at=exemption.revoked_at, revoked_by=exemption.revoked_by)
    )


def _holds() -> ColumnElement[bool]:
    return and_(ExemptionRow.revoked_at.is_(None), ExemptionRow.until > func.now())


def _exemption(row: ExemptionRow) -> Exemption:
    return Exemption(
        id=ExemptionId(row.id),
        rule=RuleName(row.rule),
        team=row.team,
        environment_id=EnvironmentId(row.environment_id) if row.environment_id else None,
        reason=row.reason,
        until=row.until,
        created_by=row.created_by,
        created_at=row.created_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )
