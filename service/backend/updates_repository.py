"""All SQL about updates: their rows, their leases and the epoch that fences them."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from service.backend.model import Lease, StackName, Update, UpdateKind, UpdateStatus
from service.backend.tables import JournalBatchRow, StackRow, UpdateCheckpointRow, UpdateRow
from service.core.ids import OperationId, StackId, UpdateId
from service.core.unit_of_work import UnitOfWork
from service.operations.model import Epoch
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.state.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class UpdateDescription:
    """What the CLI says about an update when it asks for one; shown in the stack's history."""

    message: str
    environment: dict[str, str]
    config: dict[str, object]
    engine_version: str


def _update(row: UpdateRow) -> Update:
    return Update(
        id=UpdateId(row.id),
        stack_id=StackId(row.stack_id),
        kind=UpdateKind(row.kind),
        status=UpdateStatus(row.status),
        requested_by=row.requested_by,
        created_at=row.created_at,
        operation_id=None if row.operation_id is None else OperationId(row.operation_id),
        epoch=None if row.epoch is None else Epoch(row.epoch),
        version=row.version,
        base_version=row.base_version,
        engine_version=row.engine_version,
        journal_version=row.journal_version,
        started_at=row.started_at,
        resource_changes=cast("JsonObject | None", row.resource_changes),
    )


async def _one(uow: UnitOfWork, query: Select[UpdateRow]) -> Update | None:
    query = query.execution_options(populate_existing=True)
    row = (await uow.session.execute(query)).scalar_one_or_none()
    return None if row is None else _update(row)


async def add(uow: UnitOfWork, new: Update, description: UpdateDescription) -> None:
    """Record an update."""
    await uow.session.execute(
        insert(UpdateRow).values(
            id=new.id,
            stack_id=new.stack_id,
            operation_id=new.operation_id,
            epoch=new.epoch,
            kind=new.kind,
            status=new.status,
            version=new.version,
            base_version=new.base_version,
            requested_by=new.requested_by,
            message=description.message,
            metadata_=description.environment,
            config=description.config,
            engine_version=description.engine_version,
            created_at=new.created_at,
            started_at=new.started_at,
        )
    )


async def get(uow: UnitOfWork, update_id: UpdateId, *, lock: bool = False) -> Update | None:
    """Return an update; `lock` keeps others from changing it or writing for it."""
    query = select(UpdateRow).where(UpdateRow.id == update_id)
    return await _one(uow, query.with_for_update() if lock else query)


async def find_at(uow: UnitOfWork, address: StackName, update_id: UpdateId) -> Update | None:
    """Return an update of the living stack of that name."""
    query = (
        select(UpdateRow)
        .join(StackRow, StackRow.id == UpdateRow.stack_id)
        .where(
            UpdateRow.id == update_id,
            StackRow.team == address.team,
            StackRow.project == address.project,
            StackRow.name == address.name,
            StackRow.retired_at.is_(None),
        )
    )
    return await _one(uow, query)


async def find_leased(
    uow: UnitOfWork, update_id: UpdateId, lease_hash: bytes, *, exclusive: bool
) -> Update | None:
    """Lock and return a running update whose lease this is and still holds, by the database's clock."""
    query = select(UpdateRow).where(
        UpdateRow.id == update_id,
        UpdateRow.lease_hash == lease_hash,
        UpdateRow.lease_until > func.now(),
        UpdateRow.status == UpdateStatus.RUNNING,
    )
    return await _one(uow, query.with_for_update(read=not exclusive))


async def was_leased(uow: UnitOfWork, update_id: UpdateId, lease_hash: bytes) -> bool:
    """Whether an update has, or had at its end, this lease."""
    query = select(UpdateRow.id).where(UpdateRow.id == update_id, UpdateRow.lease_hash == lease_hash)
    return await uow.session.scalar(query) is not None


async def find_finished(uow: UnitOfWork, update_id: UpdateId, lease_hash: bytes) -> Update | None:
    """Return an update that ended under this lease: a retried request is answered like the first one."""
    query = select(UpdateRow).where(
        UpdateRow.id == update_id,
        UpdateRow.lease_hash == lease_hash,
        UpdateRow.status.in_([UpdateStatus.SUCCEEDED, UpdateStatus.FAILED]),
    )
    return await _one(uow, query)


async def find_running_of_operation(uow: UnitOfWork, operation_id: OperationId) -> list[UpdateId]:
    """Return the updates of an operation that have begun and not ended, previews included."""
    query = select(UpdateRow.id).where(
        UpdateRow.operation_id == operation_id, UpdateRow.status == UpdateStatus.RUNNING
    )
    return [UpdateId(update_id) for update_id in await uow.session.scalars(query)]


async def has_live_lease(uow: UnitOfWork, update_id: UpdateId) -> bool:
    """Whether the update's lease has not expired, by the database's clock."""
    query = select(UpdateRow.id).where(UpdateRow.id == update_id, UpdateRow.lease_until > func.now())
    return await uow.session.scalar(query) is not None


def in_seconds(seconds: int) -> ColumnElement[datetime]:
    """Return a moment so far ahead on the database's clock."""
    return func.now() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)


async def start(
    uow: UnitOfWork,
    started: Update,
    *,
    lease_token: str,
    lease_hash: bytes,
    lease_seconds: int,
) -> Lease:
    """Write an update's start and its lease."""
    until = await uow.session.scalar(
        update(UpdateRow)
        .where(UpdateRow.id == started.id)
        .values(
            status=started.status,
            operation_id=started.operation_id,
            epoch=started.epoch,
            version=started.version,
            base_version=started.base_version,
            journal_version=started.journal_version,
            lease_hash=lease_hash,
            lease_until=in_seconds(lease_seconds),
            started_at=func.now(),
        )
        .returning(UpdateRow.lease_until)
    )
    if until is None:
        raise LookupError(started.id)
    return Lease(lease_token, until)


async def renew(uow: UnitOfWork, update_id: UpdateId, *, lease_seconds: int) -> datetime:
    """Extend the lease from now and return until when."""
    until = await uow.session.scalar(
        update(UpdateRow)
        .where(UpdateRow.id == update_id)
        .values(lease_until=in_seconds(lease_seconds))
        .returning(UpdateRow.lease_until)
    )
    if until is None:
        raise LookupError(update_id)
    return until


async def finish(
    uow: UnitOfWork,
    update_id: UpdateId,
    status: UpdateStatus,
    *,
    resource_count: int | None,
    failure: str | None = None,
) -> None:
    """Write an update's end."""
    await uow.session.execute(
        update(UpdateRow)
        .where(UpdateRow.id == update_id)
        .values(
            status=status,
            finished_at=func.now(),
            lease_until=None,
            resource_count=resource_count,
            failure=failure,
        )
    )


async def drop_intermediate_writes(uow: UnitOfWork, update_id: UpdateId) -> None:
    """Delete the journal and checkpoint of an update whose state version is written."""
    await uow.session.execute(delete(JournalBatchRow).where(JournalBatchRow.update_id == update_id))
    await uow.session.execute(delete(UpdateCheckpointRow).where(UpdateCheckpointRow.update_id == update_id))


async def holds_epoch(
    uow: UnitOfWork, operation_id: OperationId, epoch: Epoch, *, exclusive: bool = False
) -> bool:
    """Whether the operation is running in this epoch; it cannot move on before this transaction ends.

    `exclusive` is for those that write the operation's row afterwards.
    """
    query = (
        select(OperationRow.id)
        .where(
            OperationRow.id == operation_id,
            OperationRow.epoch == epoch,
            OperationRow.state == OperationState.RUNNING,
        )
        .with_for_update(read=not exclusive, key_share=exclusive)
    )
    return await uow.session.scalar(query) is not None


async def record_state_version(uow: UnitOfWork, operation_id: OperationId, number: int) -> None:
    """Note on the operation which state version it left."""
    await uow.session.execute(
        update(OperationRow).where(OperationRow.id == operation_id).values(state_version=number)
    )


async def request_cancel(uow: UnitOfWork, operation_id: OperationId) -> None:
    """Ask the operation's worker to stop it."""
    await uow.session.execute(
        update(OperationRow)
        .where(OperationRow.id == operation_id, OperationRow.cancel_requested_at.is_(None))
        .values(cancel_requested_at=func.now())
    )
