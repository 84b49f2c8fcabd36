import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import Gauge
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.database import make_engine
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from service.events import hub as hub_module
from service.events import routes
from service.events.hub import EventHub
from service.events.model import Diagnostic, StateChanged
from service.events.repository import append_event
from service.events.stream import follow_events
from service.settings import Settings
from tests.service.documents import create

STREAM = {"Accept": "text/event-stream"}
LONG_ENOUGH = 10


@dataclass
class SentEvent:
    """One event of a stream as a browser would see it."""

    id: str | None
    name: str
    data: dict


@pytest.fixture
async def web(server_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application behind a real server."""
    async with httpx.AsyncClient(base_url=server_url, timeout=LONG_ENOUGH) as made:
        yield made


async def read_stream(response: httpx.Response) -> AsyncIterator[SentEvent]:
    fields: dict[str, str] = {}
    async for line in response.aiter_lines():
        if not line and fields:
            yield SentEvent(fields.get("id"), fields["event"], json.loads(fields["data"]))
            fields = {}
        elif ": " in line and not line.startswith(":"):
            name, value = line.split(": ", 1)
            fields[name] = value


@asynccontextmanager
async def stream(
    client: httpx.AsyncClient, operation_id: str, **headers: str
) -> AsyncIterator[AsyncIterator[SentEvent]]:
    path = f"/v1/operations/{operation_id}/events"
    async with client.stream("GET", path, headers={**STREAM, **headers}) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield read_stream(response)


async def say(uow_factory: UnitOfWorkFactory, operation_id: str, *messages: str) -> None:
    """Record diagnostics, each in a transaction of its own."""
    for message in messages:
        async with uow_factory() as uow:
            event = Diagnostic(severity="info", message=message)
            await append_event(uow.session, OperationId(operation_id), event)
            await uow.commit()


async def end(uow_factory: UnitOfWorkFactory, operation_id: str, state: str = "succeeded") -> None:
    """End an operation as a worker does: state, event and notice together."""
    async with uow_factory() as uow:
        await uow.session.execute(
            text("UPDATE operations SET state = :state WHERE id = :id"), {"state": state, "id": operation_id}
        )
        await append_event(uow.session, OperationId(operation_id), StateChanged(state=state))
        await uow.commit()


async def test_stream_tells_what_was_and_what_comes(
    web: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A stream begins with what is recorded, goes on live, and closes with `done` and the final state."""
    _, operation = await create(web)
    await say(uow_factory, operation["id"], "before")
    async with stream(web, operation["id"]) as events:
        assert (await anext(events)).data["payload"]["state"] == "queued"
        before = await anext(events)
        assert (before.name, before.data["payload"]["message"]) == ("diagnostic", "before")
        assert before.data["id"] == int(before.id or 0)
        assert before.data["operation_id"] == operation["id"]
        await say(uow_factory, operation["id"], "live")
        assert (await anext(events)).data["payload"]["message"] == "live"
        await end(uow_factory, operation["id"])
        rest = [event async for event in events]
    assert [event.name for event in rest] == ["state_changed", "done"]
    assert rest[-1].data == {"state": "succeeded"}


async def test_stream_resumes_behind_the_last_event(
    web: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A client that reconnects with Last-Event-ID misses nothing and sees nothing twice."""
    _, operation = await create(web)
    await say(uow_factory, operation["id"], "one", "two", "three")
    async with stream(web, operation["id"]) as events:
        seen = [await anext(events) for _ in range(2)]
    await say(uow_factory, operation["id"], "four")
    await end(uow_factory, operation["id"])
    async with stream(web, operation["id"], **{"Last-Event-ID": str(seen[-1].id)}) as events:
        rest = [event async for event in events]
    messages = [
        event.data["payload"].get("message") for event in (*seen, *rest) if event.name == "diagnostic"
    ]
    assert messages == ["one", "two", "three", "four"]
    sequences = [event.data["sequence"] for event in (*seen, *rest) if event.name != "done"]
    assert sequences == list(range(1, len(sequences) + 1))


async def test_stream_of_an_ended_operation_closes(
    web: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """Following what has ended gives its history and closes."""
    _, operation = await create(web)
    await end(uow_factory, operation["id"], "failed")
    async with stream(web, operation["id"]) as events:
        names = [event.name async for event in events]
    assert names == ["state_changed", "state_changed", "done"]


async def test_silence_is_broken(web: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stream in which nothing happens sends comments, often enough for proxies and Backstage."""
    assert routes.PING_SECONDS <= 15
    monkeypatch.setattr(routes, "PING_SECONDS", 0.05)
    _, operation = await create(web)
    async with web.stream("GET", f"/v1/operations/{operation['id']}/events", headers=STREAM) as response:
        async for line in response.aiter_lines():
            if line.startswith(":"):
                break


async def test_many_followers_see_the_same(web: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """More clients than there are database connections each get every event in order."""
    _, operation = await create(web)
    joined = asyncio.Barrier(41)

    async def follow() -> list[int]:
        async with stream(web, operation["id"]) as events:
            first = await anext(events)
            await joined.wait()
            return [
                first.data["sequence"],
                *[event.data["sequence"] async for event in events if event.name != "done"],
            ]

    limits = httpx.Limits(max_connections=100)
    async with httpx.AsyncClient(base_url=web.base_url, timeout=LONG_ENOUGH, limits=limits) as many:
        web = many
        followers = [asyncio.create_task(follow()) for _ in range(40)]
        await joined.wait()
        await say(uow_factory, operation["id"], *(str(number) for number in range(20)))
        await end(uow_factory, operation["id"])
        seen = await asyncio.gather(*followers)
    assert all(sequences == list(range(1, 23)) for sequences in seen)


async def test_pages_of_json(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """Without the stream's Accept header events come as pages behind `after`."""
    _, operation = await create(client)
    await say(uow_factory, operation["id"], "one", "two")
    path = f"/v1/operations/{operation['id']}/events"
    first = (await client.get(path, params={"page_size": 2})).json()
    assert [event["sequence"] for event in first["items"]] == [1, 2]
    assert not first["is_complete"]
    await end(uow_factory, operation["id"])
    rest = (await client.get(path, params={"after": first["next_after"]})).json()
    assert [event["sequence"] for event in rest["items"]] == [3, 4]
    assert (rest["is_complete"], rest["state"]) == (True, "succeeded")
    none = (await client.get(path, params={"after": rest["next_after"]})).json()
    assert (none["items"], none["next_after"]) == ([], rest["next_after"])


async def test_bad_positions_are_refused(client: httpx.AsyncClient) -> None:
    """A position that is no row number is refused by name, in pages and in streams."""
    _, operation = await create(client)
    path = f"/v1/operations/{operation['id']}/events"
    for response in (
        await client.get(path, params={"after": -1}),
        await client.get(path, params={"after": 2**63}),
        await client.get(path, headers={**STREAM, "Last-Event-ID": "yesterday"}),
    ):
        assert response.status_code == 422


@pytest.fixture
def followers() -> Gauge:
    return Gauge("followers", "Followers", registry=None)


async def test_hub_survives_its_connection(
    app: object, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """When Postgres ends the LISTEN connection, followers still get what was recorded meanwhile."""
    _, operation = await create(client)
    hub: EventHub = app.state.event_hub  # type: ignore[attr-defined]
    events = follow_events(hub, uow_factory, OperationId(operation["id"]), after=0)
    async with asyncio.timeout(LONG_ENOUGH):
        assert (await anext(events)).sequence == 1  # type: ignore[union-attr]
        async with rows.begin() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            )
        await say(uow_factory, operation["id"], "meanwhile")
        assert (await anext(events)).payload.message == "meanwhile"  # type: ignore[union-attr]
        await end(uow_factory, operation["id"])
        rest = [event async for event in events]
    assert rest[-1] == "succeeded"


async def test_slow_follower_is_dropped(
    settings: Settings,
    client: httpx.AsyncClient,
    uow_factory: UnitOfWorkFactory,
    followers: Gauge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A follower that does not keep up is dropped without a final state; others are not held up."""
    monkeypatch.setattr(hub_module, "MAX_BATCHES_BEHIND", 3)
    _, operation = await create(client)
    operation_id = OperationId(operation["id"])
    database_url = settings.database_url.get_secret_value()  # type: ignore[union-attr]
    hub = EventHub(database_url, uow_factory, followers)
    async with asyncio.timeout(LONG_ENOUGH), hub.running(), hub.subscribe(operation_id) as slow:
        quick = follow_events(hub, uow_factory, operation_id, after=0)
        await anext(quick)
        for number in range(6):
            await say(uow_factory, operation_id, str(number))
            await anext(quick)
        assert followers.collect()[0].samples[0].value == 2
        assert [batch async for batch in slow] == []
        await end(uow_factory, operation_id)
        assert [event async for event in quick][-1] == "succeeded"
    assert followers.collect()[0].samples[0].value == 0


async def test_stopping_ends_every_subscription(
    settings: Settings, client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, followers: Gauge
) -> None:
    """When the process stops, followers end without a final state, so that they resume elsewhere."""
    _, operation = await create(client)
    database_url = settings.database_url.get_secret_value()  # type: ignore[union-attr]
    hub = EventHub(database_url, uow_factory, followers)
    async with asyncio.timeout(LONG_ENOUGH):
        async with hub.running():
            events = follow_events(hub, uow_factory, OperationId(operation["id"]), after=0)
            await anext(events)
            rest = asyncio.create_task(anext(events, None))
        assert await rest is None


async def test_stream_ends_while_the_database_is_away(app: FastAPI, client: httpx.AsyncClient) -> None:
    """What cannot be read ends the stream without a final state; the client resumes it."""
    _, operation = await create(client)
    nowhere = make_engine("postgresql://nobody@127.0.0.1:9/nothing", pool_size=1)
    hub = app.state.event_hub
    told = follow_events(hub, unit_of_work_factory(nowhere), OperationId(operation["id"]), after=0)
    assert [event async for event in told] == []
    await nowhere.dispose()
