"""What the database will not hold costs a word, never the end of an operation."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.protocol import Outcome, Result
from service.events.model import Diagnostic
from service.operations.model import OperationFailure
from service.operations.runs import TimedPayload
from service.settings import Settings
from service.worker.recording import EventRecorder
from tests.service.documents import create
from tests.service.lifecycle.world import World, open_world
from tests.service.worker.rows import Records
from tests.service.worker.test_runs import claimed_run, said

NUL = "\0"


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """An installation whose only worker runs what a test tells it to."""
    async with open_world(settings) as opened:
        yield opened


async def test_event_that_is_refused_is_told_of(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """Of a batch only the event that Postgres refuses is left out, and that is said in its place."""
    run = await claimed_run(uow_factory)
    recorder = EventRecorder(uow_factory, run)
    unchecked = Diagnostic.model_construct(severity="info", message=NUL)
    for event in (said("before"), TimedPayload(datetime.now(UTC), unchecked), said("after")):
        recorder.record(event)
    recorder.end()
    await recorder.write()
    payloads = [event["payload"] for event in Records(database_url).events(run.operation_id)][1:]
    messages = [payload["message"] for payload in payloads if isinstance(payload, dict)]
    refused = "an event of type diagnostic was refused by the database and is left out"
    assert messages == ["before", refused, "after"]


async def test_end_that_is_refused_is_a_failure(world: World) -> None:
    """An operation whose failure the database cannot hold ends all the same, and says so."""
    _, operation = await create(world.client)
    await world.begin()
    failure = OperationFailure(code="provider_error", message=NUL)
    await world.end_with(Result(outcome=Outcome.FAILED, failure=failure))
    shown = (await world.client.get(f"/v1/operations/{operation['id']}")).json()
    assert (shown["state"], shown["failure"]["code"]) == ("failed", "end_refused")
