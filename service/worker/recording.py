"""Writes a run's events to the records, a batch at a time."""

import asyncio
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.unit_of_work import UnitOfWorkFactory
from service.events.model import Diagnostic
from service.operations.runs import (
    Run,
    TimedPayload,
    append_events,
    find_event,
)
from service.worker.faults import PASSING_FAULTS

BATCH_SECONDS = 0.15
MAX_BATCH_EVENTS = 500
RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


class EventRecorder:
    """Collects events for up to BATCH_SECONDS and appends them in one transaction with one NOTIFY.

    While Postgres cannot be reached events wait here. A batch whose commit went unanswered is looked
    for before it is written again: none is lost, none doubled. In the place of an event that Postgres refuses
    stands one that says so.
    """

    def __init__(self, uow_factory: UnitOfWorkFactory, run: Run) -> None:
        self._uow_factory = uow_factory
        self._run = run
        self._queue: asyncio.Queue[TimedPayload | None] = asyncio.Queue()
        self._last_sequence = 0
        self._is_unanswered = False

    def record(self, event: TimedPayload) -> None:
        """Take an event; it is written soon."""
        self._queue.put_nowait(event)

    def end(self) -> None:
        """Say that no more will come: `write` returns after the last event."""
        self._queue.put_nowait(None)

    async def write(self) -> None:
        """Write until `end`; raises FencedError when the run no longer holds its operation."""
        is_open = True
        while is_open:
            batch, is_open = await self._next_batch()
            if batch:
                await self._append(batch)

    async def _next_batch(self) -> tuple[list[TimedPayload], bool]:
        first = await self._queue.get()
        if first is None:
            return [], False
        batch = [first]
        limit = monotonic() + BATCH_SECONDS
        while len(batch) < MAX_BATCH_EVENTS:
            try:
                async with asyncio.timeout(limit - monotonic()):
                    event = await self._queue.get()
            except TimeoutError:
                return batch, True
            if event is None:
                return batch, False
            batch.append(event)
        return batch, True

    async def _append(self, batch: list[TimedPayload], *, is_substitute: bool = False) -> None:
        while True:
            try:
                await self._append_once(batch)
            except PASSING_FAULTS as error:
                _log.warning("events_not_recorded", count=len(batch), error=type(error).__name__)
                self._is_unanswered = True
                await asyncio.sleep(RETRY_SECONDS)
            except SQLAlchemyError as error:
                if is_substitute:
                    raise
                _log.warning("events_refused", count=len(batch), error=type(error).__name__)
                self._is_unanswered = False
                await self._append_singly(batch)
                return
            else:
                self._is_unanswered = False
                return

    async def _append_singly(self, refused: list[TimedPayload]) -> None:
        """Write what the database takes of a batch that it refused, and tell of what it does not."""
        if len(refused) == 1:
            await self._append([_substitute(refused[0])], is_substitute=True)
            return
        for event in refused:
            await self._append([event])

    async def _append_once(self, batch: list[TimedPayload]) -> None:
        async with self._uow_factory() as uow:
            if self._is_unanswered:
                found = await find_event(uow, self._run, batch[-1], after_sequence=self._last_sequence)
                if found is not None:
                    self._last_sequence = found
                    return
            last_sequence = await append_events(uow, self._run, batch)
            await uow.commit()
            self._last_sequence = last_sequence


def _substitute(refused: TimedPayload) -> TimedPayload:
    said = f"an event of type {refused.payload.type} was refused by the database and is left out"
    return TimedPayload(refused.at, Diagnostic(severity="warning", message=said))
