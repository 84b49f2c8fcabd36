"""Fans new events out in memory: one LISTEN connection for the process, however many clients follow."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, cast

import psycopg
import structlog
from fastapi import Depends, FastAPI, Request
from prometheus_client import Gauge
from sqlalchemy.exc import SQLAlchemyError

from service.core.database import libpq_url
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.repository import CHANNEL, EventBatch, newest_event_id, read_events

# A follower that is this many batches behind is dropped; it resumes from the last event that it got.
MAX_BATCHES_BEHIND = 200
RECONNECT_SECONDS = 0.5
LISTEN_CHECK_SECONDS = 30

log = structlog.stdlib.get_logger(__name__)


class Subscription:
    """The new events of one operation for one follower."""

    def __init__(self) -> None:
        self._batches: asyncio.Queue[EventBatch | None] = asyncio.Queue(MAX_BATCHES_BEHIND)
        self._is_dropped = False

    def deliver(self, batch: EventBatch) -> None:
        """Hand a batch over, or drop the follower if it reads too slowly."""
        if self._is_dropped:
            return
        try:
            self._batches.put_nowait(batch)
        except asyncio.QueueFull:
            self.drop()

    def drop(self) -> None:
        """End the subscription; what was delivered already is forgotten."""
        self._is_dropped = True
        while not self._batches.empty():
            self._batches.get_nowait()
        self._batches.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[EventBatch]:
        while (batch := await self._batches.get()) is not None:
            yield batch


class _Topic:
    """One operation that is being followed: reads what is new once, whenever it is woken."""

    def __init__(self, operation_id: OperationId, last_id: int, uow_factory: UnitOfWorkFactory) -> None:
        self.followers: set[Subscription] = set()
        self._operation_id = operation_id
        self._last_id = last_id
        self._uow_factory = uow_factory
        self._wake = asyncio.Event()
        self._pump = asyncio.create_task(self._pump_events(), name=f"events of {operation_id}")

    def wake(self) -> None:
        """Say that there may be something new."""
        self._wake.set()

    def close(self) -> None:
        """Stop reading and end every subscription."""
        self._pump.cancel()
        for follower in self.followers:
            follower.drop()

    async def _pump_events(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                async with self._uow_factory() as uow:
                    batch = await read_events(uow.session, self._operation_id, after=self._last_id)
            except SQLAlchemyError:
                log.warning(
                    "events could not be read, trying again", operation_id=self._operation_id, exc_info=True
                )
                await asyncio.sleep(RECONNECT_SECONDS)
                self.wake()
                continue
            if batch is not None:
                self._deliver(batch)

    def _deliver(self, batch: EventBatch) -> None:
        if batch.events:
            self._last_id = batch.events[-1].id
        if len(batch.events) == batch.limit:
            self.wake()
        if batch.events or batch.is_last:
            for follower in self.followers:
                follower.deliver(batch)


class EventHub:
    """Listens for events of any operation and reads those that somebody follows, once for all followers.

    No follower holds a database session. A notice that got lost with its connection costs nothing: after
    every reconnect each followed operation is read again from where the last reading ended.
    """

    def __init__(self, database_url: str, uow_factory: UnitOfWorkFactory, followers: Gauge) -> None:
        self._conninfo = libpq_url(database_url)
        self._uow_factory = uow_factory
        self._followers = followers
        self._topics: dict[OperationId, _Topic] = {}

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Listen for as long as the block runs; then end every subscription."""
        listener = asyncio.create_task(self._listen(), name="event hub")
        try:
            yield
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            for topic in self._topics.values():
                topic.close()

    @asynccontextmanager
    async def subscribe(self, operation_id: OperationId) -> AsyncGenerator[Subscription]:
        """Follow an operation: every event recorded after this call is delivered, some before it may be."""
        if operation_id not in self._topics:
            async with self._uow_factory() as uow:
                newest = await newest_event_id(uow.session, operation_id)
            if operation_id not in self._topics:
                self._topics[operation_id] = _Topic(operation_id, newest, self._uow_factory)
        topic = self._topics[operation_id]
        subscription = Subscription()
        topic.followers.add(subscription)
        self._followers.inc()
        try:
            yield subscription
        finally:
            self._followers.dec()
            topic.followers.discard(subscription)
            if not topic.followers:
                topic.close()
                self._topics.pop(operation_id, None)

    async def _listen(self) -> None:
        while True:
            try:
                await self._pass_notices_on()
            except psycopg.OperationalError as error:
                log.warning("the event hub lost its connection, reconnecting", reason=str(error))
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _pass_notices_on(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            for topic in self._topics.values():
                topic.wake()
            while True:
                async for notice in connection.notifies(timeout=LISTEN_CHECK_SECONDS):
                    topic = self._topics.get(OperationId(notice.payload))
                    if topic is not None:
                        topic.wake()
                await connection.execute("SELECT 1")


def keep_hub(app: FastAPI, hub: EventHub) -> None:
    """Put the hub where requests find it."""
    app.state.event_hub = hub


def _hub_of(request: Request) -> EventHub:
    return cast("EventHub", request.app.state.event_hub)


Hub = Annotated[EventHub, Depends(_hub_of)]
