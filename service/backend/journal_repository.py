"""All SQL about what an engine writes during an update: journal batches, checkpoints, events."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from service.backend.tables import JournalBatchRow, UpdateCheckpointRow, UpdateEventRow, UpdateRow
from service.core.ids import UpdateId
from service.core.unit_of_work import UnitOfWork
from service.state.json_values import JsonObject


@dataclass(frozen=True, slots=True)
class Batch:
    """Journal entries that came in one request, compressed."""

    first_sequence: int
    digest: bytes
    entry_count: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint, compressed; `digest` is the hex SHA-256 of its text."""

    sequence: int
    digest: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An engine event as the CLI posted it."""

    sequence: int
    types: tuple[str, ...]
    urn: str | None
    event: JsonObject


async def append(uow: UnitOfWork, update_id: UpdateId, batch: Batch) -> None:
    """Record a batch; the same one sent again changes nothing."""
    await uow.session.execute(
        insert(JournalBatchRow)
        .values(
            update_id=update_id,
            first_sequence=batch.first_sequence,
            digest=batch.digest,
            entry_count=batch.entry_count,
            body=batch.body,
        )
        .on_conflict_do_nothing()
    )


async def batches(uow: UnitOfWork, update_id: UpdateId) -> list[bytes]:
    """Return every batch's compressed entries."""
    query = select(JournalBatchRow.body).where(JournalBatchRow.update_id == update_id)
    return list(await uow.session.scalars(query.order_by(JournalBatchRow.first_sequence)))


async def checkpoint(uow: UnitOfWork, update_id: UpdateId, *, lock: bool = False) -> Checkpoint | None:
    """Return the newest whole checkpoint of a running update."""
    query = select(UpdateCheckpointRow.sequence, UpdateCheckpointRow.digest, UpdateCheckpointRow.body).where(
        UpdateCheckpointRow.update_id == update_id
    )
    row = (await uow.session.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else Checkpoint(row.sequence, row.digest, row.body)


async def replace_checkpoint(uow: UnitOfWork, update_id: UpdateId, new: Checkpoint) -> None:
    """Make this the update's newest checkpoint, unless a later one is there already."""
    statement = insert(UpdateCheckpointRow).values(
        update_id=update_id, sequence=new.sequence, digest=new.digest, body=new.body
    )
    await uow.session.execute(
        statement.on_conflict_do_update(
            index_elements=[UpdateCheckpointRow.update_id],
            set_={"sequence": new.sequence, "digest": new.digest, "body": new.body},
            where=UpdateCheckpointRow.sequence <= new.sequence,
        )
    )


async def add_events(uow: UnitOfWork, update_id: UpdateId, events: Sequence[RecordedEvent]) -> set[int]:
    """Record engine events and return the sequences of those that are new; others change nothing."""
    if not events:
        return set()
    added = await uow.session.execute(
        insert(UpdateEventRow).on_conflict_do_nothing().returning(UpdateEventRow.sequence),
        [
            {
                "update_id": update_id,
                "sequence": event.sequence,
                "types": list(event.types),
                "urn": event.urn,
                "event": event.event,
            }
            for event in events
        ],
    )
    return set(added.scalars())


async def record_changes(uow: UnitOfWork, update_id: UpdateId, changes: JsonObject) -> None:
    """Note the engine's count of changes for the history."""
    await uow.session.execute(
        update(UpdateRow).where(UpdateRow.id == update_id).values(resource_changes=changes)
    )


async def page_of_events(
    uow: UnitOfWork, update_id: UpdateId, *, after: int, limit: int, types: Sequence[str], urn: str | None
) -> list[RecordedEvent]:
    """Return events with a sequence greater than `after`, in order."""
    query = select(
        UpdateEventRow.sequence, UpdateEventRow.types, UpdateEventRow.urn, UpdateEventRow.event
    ).where(UpdateEventRow.update_id == update_id, UpdateEventRow.sequence > after)
    if types:
        query = query.where(UpdateEventRow.types.overlap(list(types)))
    if urn is not None:
        query = query.where(UpdateEventRow.urn == urn)
    rows = await uow.session.execute(query.order_by(UpdateEventRow.sequence).limit(limit))
    return [
        RecordedEvent(row.sequence, tuple(row.types), row.urn, cast("JsonObject", row.event)) for row in rows
    ]


async def batch_count(uow: UnitOfWork, update_id: UpdateId) -> int:
    """Return how many batches an update's journal has."""
    query = select(func.count()).where(JournalBatchRow.update_id == update_id)
    return int(await uow.session.scalar(query) or 0)


async def take_batches(uow: UnitOfWork, update_id: UpdateId) -> list[bytes]:
    """Remove every batch of a journal and return their compressed entries."""
    statement = delete(JournalBatchRow).where(JournalBatchRow.update_id == update_id)
    return list(await uow.session.scalars(statement.returning(JournalBatchRow.body)))
