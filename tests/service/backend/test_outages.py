"""Outages in the middle of an update: the engine tries again, and no step is lost or recorded twice."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.main import create_app
from service.settings import Settings
from tests.service.backend.cli_sessions import DEV, Cli
from tests.service.backend.engine_client import EngineClient, begun, made, root, thing
from tests.service.conftest import serve

WRITE = re.compile(r"/(journalentries|complete|events/batch)$")
STEPS = 12


class LosesAnswers:
    """Does every write, but loses the first answer to it: the engine cannot know and sends it again."""

    def __init__(self, app: ASGIApp, disturb: Callable[[], Awaitable[None]]) -> None:
        self.app = app
        self.disturb = disturb
        self.lost = 0
        self._answered_next = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not WRITE.search(scope["path"]) or self._answered_next:
            self._answered_next = False
            await self.app(scope, receive, send)
            return
        self._answered_next = True
        self.lost += 1
        await self.app(scope, receive, _nowhere)
        await self.disturb()
        await answer_unavailable(send)


async def _nowhere(_message: Message) -> None:
    return


async def answer_unavailable(send: Send) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": []})
    await send({"type": "http.response.body", "body": b'{"code": 503, "message": "try again"}'})


async def insist(request: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """Ask until the server does not answer 503, as the CLI does."""
    for _ in range(5):
        answer = await request()
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer
    return answer


@pytest.fixture
def cut_connections(database_url: str) -> Callable[[], Awaitable[None]]:
    """Cut every connection to the database, as its restart does."""

    async def cut() -> None:
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return cut


async def run_update(engine: EngineClient, between: Callable[[int], Awaitable[None]]) -> None:
    """Run an update of some steps with something happening between them."""
    assert (await insist(engine.start)).status_code == 200
    await insist(lambda: engine.journal(made(1, 1, root())))
    for number in range(STEPS):
        await between(number)
        step = (
            begun(2 * number + 2, number + 2, thing(f"t{number}")),
            made(2 * number + 3, number + 2, thing(f"t{number}")),
        )
        for entry in step:
            assert (await insist(lambda entry=entry: engine.journal(entry))).status_code == 200
    assert (await insist(engine.complete)).status_code == 204


async def test_a_restart_of_the_api_loses_nothing(settings: Settings) -> None:
    """The update goes on against other servers of the API: nothing of it is kept in memory."""
    async with serve(create_app(settings)) as first, serve(create_app(settings)) as second:
        clients = [httpx.AsyncClient(base_url=f"{url}/api") for url in (first, second)]
        engine = EngineClient(clients[0], "person", DEV)
        await engine.init()

        async def switch(number: int) -> None:
            engine.http = clients[number % 2]

        await run_update(engine, switch)
        assert len(await engine.urns()) == STEPS + 1
        for client in clients:
            await client.aclose()


async def test_a_restart_of_postgres_loses_nothing(
    person: EngineClient, cut_connections: Callable[[], Awaitable[None]]
) -> None:
    """Connections that were cut are answered with 503 at worst, and the next try gets new ones."""
    await person.init()

    async def cut(_number: int) -> None:
        await cut_connections()

    await run_update(person, cut)
    urns = await person.urns()
    assert len(urns) == len(set(urns)) == STEPS + 1


async def test_a_lost_answer_to_any_write_loses_nothing(
    app: FastAPI, cut_connections: Callable[[], Awaitable[None]]
) -> None:
    """Every write that was done and not answered is sent again and counts once."""
    flaky = LosesAnswers(app, cut_connections)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(flaky), base_url="http://backend/api") as http:
        engine = EngineClient(http, "person", DEV)
        await engine.init()

        async def nothing(_number: int) -> None:
            return

        await run_update(engine, nothing)
        urns = await engine.urns()
    assert flaky.lost == 2 * STEPS + 2
    assert len(urns) == len(set(urns)) == STEPS + 1


@pytest.mark.official_engine
async def test_the_official_cli_survives_outages(
    app: FastAPI, cut_connections: Callable[[], Awaitable[None]], tmp_path: Path
) -> None:
    """With every write's first answer lost and every connection cut, `up` ends well and complete."""
    flaky = LosesAnswers(app, cut_connections)
    async with serve(flaky) as url:
        cli = Cli.at(url, tmp_path)
        await cli.program("up", children=2)
        urns = re.findall(r'"urn": "([^"]+)"', await cli.do("stack", "export", "--stack", DEV))
    assert flaky.lost > 3
    assert len(urns) == len(set(urns)) == 6
