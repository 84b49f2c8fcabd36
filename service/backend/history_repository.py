"""All SQL about what became of a stack's updates."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select

from service.backend.model import UpdateKind, UpdateStatus
from service.backend.tables import UpdateRow
from service.core.ids import StackId, UpdateId
from service.core.unit_of_work import UnitOfWork
from service.state.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class PastUpdate:
    """An update in a stack's history."""

    id: UpdateId
    version: int
    kind: UpdateKind
    status: UpdateStatus
    requested_by: str
    message: str
    environment: dict[str, str]
    config: JsonObject
    resource_changes: JsonObject | None
    resource_count: int | None
    started_at: datetime | None
    finished_at: datetime | None


def _query(stack_id: StackId) -> Select[UpdateRow]:
    return select(UpdateRow).where(UpdateRow.stack_id == stack_id, UpdateRow.version.is_not(None))


def _past(row: UpdateRow) -> PastUpdate:
    return PastUpdate(
        id=UpdateId(row.id),
        version=row.version or 0,
        kind=UpdateKind(row.kind),
        status=UpdateStatus(row.status),
        requested_by=row.requested_by,
        message=row.message,
        environment=row.metadata_,
        config=cast("JsonObject", row.config),
        resource_changes=cast("JsonObject | None", row.resource_changes),
        resource_count=row.resource_count,
        started_at=row.started_at,
        finished_at=row.finished_at,
    )


async def page(
    uow: UnitOfWork, stack_id: StackId, *, below_version: int | None, limit: int | None
) -> list[PastUpdate]:
    """Return updates that were no previews, with versions smaller than `below_version`, newest first."""
    query = _query(stack_id)
    if below_version is not None:
        query = query.where(UpdateRow.version < below_version)
    rows = await uow.session.scalars(query.order_by(UpdateRow.version.desc()).limit(limit))
    return [_past(row) for row in rows]


async def get_version(uow: UnitOfWork, stack_id: StackId, version: int) -> PastUpdate | None:
    """Return the update that made a version."""
    row = await uow.session.scalar(_query(stack_id).where(UpdateRow.version == version))
    return None if row is None else _past(row)


async def latest_previews(uow: UnitOfWork, stack_id: StackId, *, limit: int) -> list[UpdateId]:
    """Return the stack's last previews, newest first."""
    query = select(UpdateRow.id).where(UpdateRow.stack_id == stack_id, UpdateRow.kind == UpdateKind.PREVIEW)
    return [
        UpdateId(found)
        for found in await uow.session.scalars(query.order_by(UpdateRow.id.desc()).limit(limit))
    ]
