"""SQL about operation events as the API needs it; a run writes its own in `operations/runs.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.clock import utc_now
from service.core.ids import OperationId
from service.events.model import EventPayload, RecordedEvent, event_payload_adapter
from service.events.tables import OperationEventRow
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.webhooks.outbox import publish_transitions

CHANNEL = "operation_events"
BATCH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class EventBatch:
    """Events in order, and the state that their operation had before they were read."""

    events: tuple[RecordedEvent, ...]
    state: OperationState
    limit: int = BATCH_LIMIT

    @property
    def is_last(self) -> bool:
        """Whether nothing can follow: a final state's own event is written together with the state."""
        return self.state.is_terminal and len(self.events) < self.limit


async def append_event(session: AsyncSession, operation_id: OperationId, payload: EventPayload) -> None:
    """Add an event behind the present ones; the caller's transaction holds the operation's row."""
    event = OperationEventRow
    last = select(func.coalesce(func.max(event.sequence), 0)).where(event.operation_id == operation_id)
    await session.execute(
        insert(event).values(
            operation_id=operation_id,
            sequence=last.scalar_subquery() + 1,
            at=utc_now(),
            type=payload.type,
            payload=payload.model_dump(mode="json"),
        )
    )
    await session.execute(select(func.pg_notify(CHANNEL, operation_id)))
    await publish_transitions(session, operation_id, (payload,))


async def read_events(
    session: AsyncSession, operation_id: OperationId, *, after: int, limit: int = BATCH_LIMIT
) -> EventBatch | None:
    """Return the events behind row `after`; None if there is no such operation."""
    state = await session.scalar(select(OperationRow.state).where(OperationRow.id == operation_id))
    if state is None:
        return None
    event = OperationEventRow
    rows = await session.execute(
        select(event.id, event.sequence, event.at, event.payload)
        .where(event.operation_id == operation_id, event.id > after)
        .order_by(event.id)
        .limit(limit)
    )
    events = tuple(_recorded(operation_id, cast("Mapping[str, object]", row)) for row in rows.mappings())
    return EventBatch(events=events, state=OperationState(state), limit=limit)


def _recorded(operation_id: OperationId, row: Mapping[str, object]) -> RecordedEvent:
    payload = event_payload_adapter.validate_python(row["payload"])
    return RecordedEvent.model_validate({**row, "operation_id": operation_id, "payload": payload})


async def read_last_attempt(session: AsyncSession, operation_id: OperationId, type_: str) -> Sequence[object]:
    """Return the payloads of one type that a run has told in the attempt that it ended with, in order."""
    event = OperationEventRow
    ended_before = select(func.coalesce(func.max(event.id), 0)).where(
        event.operation_id == operation_id, event.payload["ends_attempt"].as_boolean()
    )
    found = await session.scalars(
        select(event.payload)
        .where(
            event.operation_id == operation_id,
            event.type == type_,
            event.id > ended_before.scalar_subquery(),
        )
        .order_by(event.id)
    )
    return found.all()


async def newest_event_id(session: AsyncSession, operation_id: OperationId) -> int:
    """Return the row number of the operation's last event; 0 without any."""
    newest = await session.scalar(
        select(func.max(OperationEventRow.id)).where(OperationEventRow.operation_id == operation_id)
    )
    return newest or 0
