"""Follows an operation: what is recorded already, then what comes, up to its end."""

import asyncio
from collections.abc import AsyncIterator

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.hub import EventHub, Subscription
from service.events.model import RecordedEvent
from service.events.repository import BATCH_LIMIT, EventBatch, read_events
from service.operations.errors import OperationNotFoundError
from service.operations.states import OperationState

_log = structlog.get_logger(__name__)


async def read_batch(
    uow_factory: UnitOfWorkFactory, operation_id: OperationId, *, after: int, limit: int = BATCH_LIMIT
) -> EventBatch:
    """Read the next events in a session of their own.

    Raises:
        OperationNotFoundError: there is no such operation.
    """
    async with uow_factory() as uow:
        batch = await read_events(uow.session, operation_id, after=after, limit=limit)
    if batch is None:
        raise OperationNotFoundError(operation_id)
    return batch


async def follow_events(
    hub: EventHub, uow_factory: UnitOfWorkFactory, operation_id: OperationId, *, after: int
) -> AsyncIterator[RecordedEvent | OperationState]:
    """Yield the events behind row `after`, each once and in order, then the operation's final state.

    The iterator ends without a state if the follower was too slow, Postgres does not answer or the service
    stops: resume it.
    """
    last_id = after
    try:
        async with hub.subscribe(operation_id) as subscription:
            async for batch in _recorded_then_new(subscription, uow_factory, operation_id, after):
                for event in batch.events:
                    if event.id > last_id:
                        last_id = event.id
                        yield event
                if batch.is_last:
                    yield batch.state
                    return
    except SQLAlchemyError as error:
        # The answer has begun: there is no other way to tell than to end it.
        _log.warning("stream_cut_off", operation_id=operation_id, error=type(error).__name__)


async def _recorded_then_new(
    subscription: Subscription,
    uow_factory: UnitOfWorkFactory,
    operation_id: OperationId,
    after: int,
) -> AsyncIterator[EventBatch]:
    batch = await read_batch(uow_factory, operation_id, after=after)
    yield batch
    while len(batch.events) == batch.limit:
        batch = await read_batch(uow_factory, operation_id, after=batch.events[-1].id)
        yield batch
    async for new in subscription:
        yield new


async def wait_for_end(
    hub: EventHub, uow_factory: UnitOfWorkFactory, operation_id: OperationId, *, seconds: float
) -> None:
    """Return when the operation has ended or `seconds` have passed, without holding a database session."""
    try:
        async with asyncio.timeout(seconds), hub.subscribe(operation_id) as subscription:
            if (await read_batch(uow_factory, operation_id, after=0, limit=1)).state.is_terminal:
                return
            async for batch in subscription:
                if batch.state.is_terminal:
                    return
    except TimeoutError:
        return
