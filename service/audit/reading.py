"""Reads the audit log, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.model import TeamScope
from service.access.scope import within
from service.audit.repository import AuditAction
from service.audit.tables import AuditRow
from service.core.pages import PageRequest


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are wanted: all that agree with what is not None. `since` is within, `until` is not."""

    actor: str | None = None
    action: AuditAction | None = None
    team: str | None = None
    environment_id: str | None = None
    operation_id: str | None = None
    request_id: str | None = None
    remote_address: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def texts(self) -> dict[str, str | None]:
        """Return the filter as texts, for the page's token."""
        return {
            "actor": self.actor,
            "action": self.action,
            "team": self.team,
            "environment_id": self.environment_id,
            "operation_id": self.operation_id,
            "request_id": self.request_id,
            "remote_address": self.remote_address,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


async def list_entries(
    session: AsyncSession, wanted: AuditFilter, page: PageRequest, scope: TeamScope
) -> Sequence[AuditRow]:
    """Return entries about the scope's teams, newest first."""
    row = AuditRow
    equals = (
        (row.actor, wanted.actor),
        (row.action, wanted.action),
        (row.team, wanted.team),
        (row.environment_id, wanted.environment_id),
        (row.operation_id, wanted.operation_id),
        (row.request_id, wanted.request_id),
        (row.remote_address, wanted.remote_address),
    )
    query = select(row).where(*(column == value for column, value in equals if value is not None))
    query = query.where(within(row.team, scope))
    if wanted.since is not None:
        query = query.where(row.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(row.at < wanted.until)
    if page.before is not None:
        query = query.where(row.id < int(page.before))
    return (await session.scalars(query.order_by(row.id.desc()).limit(page.limit))).all()
