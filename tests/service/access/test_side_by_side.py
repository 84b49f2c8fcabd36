"""Two teams at work at once, at every route and stream: neither ever meets the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi import FastAPI
from httpx_sse import aconnect_sse

from service.access.permissions import Role
from service.access.served import ServedRoute, served_routes
from service.core.unit_of_work import UnitOfWorkFactory
from service.main import create_app
from service.settings import Settings
from tests.service.access.callers import PLATFORM_ADMIN, client_of, know, member
from tests.service.access.test_every_route import World, populate
from tests.service.conftest import serve
from tests.service.costs.test_recorded_costs import keys
from tests.service.documents import shop
from tests.service.runs import play_run
from tests.service.webhooks.receiver import Receiver, receiving

TEAMS = ("amber", "cobalt")
ROUNDS = 3
# Of the Pulumi CLI: a version, and an update, of a stack that no engine has written to.
NOT_THERE = {404}
# Whose answers are for all: what this installation is, and what can be had of it.
FOR_ALL = {"/v1/blueprints", "/v1/blueprints/{name}", "/v1/blueprints/{name}/backstage", "/v1/system"}


@dataclass
class Side:
    """One team: what it has made, what it saw, and what was sent to it."""

    world: World
    url: str
    receiver: Receiver
    ids: set[str] = field(default_factory=set)
    seen: list[tuple[str, str]] = field(default_factory=list)
    is_done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def team(self) -> str:
        return self.world.team

    def client(self) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.team}-admin"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60)

    def marks(self) -> set[str]:
        """Return what betrays this team: its name, which all of its names hold, and every id."""
        shared = {"environments", "ecs", "url", "update", "1"}
        return {self.team, *self.ids, *(set(self.world.ids.values()) - shared)} - {
            self.world.ids["action_id"],
            self.world.ids["update_id"],
        }

    async def work(self, uow_factory: UnitOfWorkFactory) -> None:
        """Make environments, follow each, change and destroy them."""
        async with self.client() as client:
            hook = {"url": self.receiver.url, "team": self.team}
            self.ids.add((await client.post("/v1/webhooks", json=hook)).json()["id"])
            for number in range(ROUNDS):
                request = shop(team=self.team, name=f"{self.team}-{number}", tags={"owner": self.team})
                accepted = (await client.post("/v1/environments", json=request)).json()
                environment, operation = accepted["environment"]["id"], accepted["operation"]["id"]
                self.ids |= {environment, operation}
                follower = asyncio.create_task(self.follow(client, operation))
                await play_run(uow_factory, operation, keys("a"))
                await follower
                change = {"tags": {"round": f"{self.team}-{number}"}}
                changed = await client.patch(
                    f"/v1/environments/{environment}", json=change, headers={"If-Match": "*"}
                )
                self.ids.add(changed.json()["operation"]["id"])
                await client.post("/v1/limits:check", json=request)
        self.is_done.set()

    async def follow(self, client: httpx.AsyncClient, operation: str) -> None:
        """Read an operation's stream to its end."""
        path = f"/v1/operations/{operation}/events"
        async with aconnect_sse(client, "GET", path) as stream:
            async for event in stream.aiter_sse():
                self.seen.append((path, event.data))

    async def look_around(self, routes: list[ServedRoute], other: "Side") -> None:
        """Ask every route that reads again and again, while both are at work; then once more."""
        async with self.client() as client:
            while not (self.is_done.is_set() and other.is_done.is_set()):
                await self.look(client, routes, {})
            await self.look(client, routes, {})
            for parameter in ("team", "environment_id", "name", "actor"):
                value = other.team if parameter != "environment_id" else other.world.ids["environment_id"]
                await self.look(client, [one for one in routes if not one.parameters], {parameter: value})

    async def look(self, client: httpx.AsyncClient, routes: list[ServedRoute], query: dict[str, str]) -> None:
        for route in routes:
            answer = await client.get(fill(route.path, self.world), params=query)
            assert answer.status_code in {200, 403, 422, *NOT_THERE}, (route.path, answer.text)
            echoed = set(query.values())
            text = answer.text
            for value in echoed if answer.status_code == 422 else ():
                text = text.replace(value, "")
            self.seen.append((f"{route.path} {query}", text))


def fill(path: str, world: World) -> str:
    """Write the team's own things into a path; a new parameter must be made known to `populate`."""
    for parameter, value in world.ids.items():
        path = path.replace("{" + parameter + "}", value)
    assert "{" not in path, path
    return path


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"webhook_private_targets": ("127.0.0.0/8",)})


@pytest.fixture
async def sides(settings: Settings) -> AsyncIterator[tuple[Side, Side]]:
    """A server, two teams with one of everything, and a receiver of webhooks for each."""
    app = create_app(settings, delivers_webhooks=True)
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serve(app))
        callers = {f"{team}-admin": member(f"{team}-admin", team, Role.ADMIN) for team in TEAMS}
        know(app, {"root": PLATFORM_ADMIN, **callers})
        made: list[Side] = []
        for team in TEAMS:
            receiver = await stack.enter_async_context(receiving())
            made.append(Side(await populate(app, team), url, receiver))
        yield made[0], made[1]


def reading(app: FastAPI) -> list[ServedRoute]:
    """Return every route that reads and is not open to all; streams of operations are followed apart."""
    return [
        route
        for route in served_routes(app)
        if route.methods & {"GET"} and not route.is_open and route.path not in FOR_ALL
    ]


async def test_two_teams_at_once_never_meet(sides: tuple[Side, Side], uow_factory: UnitOfWorkFactory) -> None:
    """No listing, page, count, event, webhook, audit entry, cost, limit or comparison is the other's."""
    amber, cobalt = sides
    routes = [route for route in reading(amber.world.app) if route.path != "/openapi.json"]
    assert len(routes) > 40
    async with asyncio.TaskGroup() as tasks:
        for mine, other in ((amber, cobalt), (cobalt, amber)):
            tasks.create_task(mine.work(uow_factory))
            tasks.create_task(mine.look_around(routes, other))
    for mine, other in ((amber, cobalt), (cobalt, amber)):
        messages = await mine.receiver.wait_for(ROUNDS)
        heard = [("webhook", message.body) for message in messages]
        assert {mine.team in body for _, body in heard} == {True}
        for place, text in (*mine.seen, *heard):
            met = [mark for mark in other.marks() if mark in text]
            assert not met, (mine.team, place, met, text[:300])
        assert {place for place, text in mine.seen if mine.team in text} > {
            "/v1/environments {}",
            "/v1/audit {}",
        }


async def test_each_team_counts_its_own(sides: tuple[Side, Side], uow_factory: UnitOfWorkFactory) -> None:
    """What one team has does not change a figure of the other's."""
    amber, cobalt = sides
    await asyncio.gather(amber.work(uow_factory), cobalt.work(uow_factory))
    for side in sides:
        async with side.client() as client:
            limits = (await client.get("/v1/limits")).json()["items"]
            assert [(one["team"], one["amounts"][0]["used"]) for one in limits] == [(side.team, ROUNDS + 1)]
            listed = (await client.get("/v1/environments")).json()["items"]
            assert {one["team"] for one in listed} == {side.team}
            assert len(listed) == ROUNDS + 1
            audit = (await client.get("/v1/audit?page_size=200")).json()["items"]
            assert {one["team"] for one in audit} == {side.team}
            costs = (await client.get("/v1/costs?group_by=team")).json()
            assert [(one["group"], one["environments"]) for one in costs["groups"]] == [(side.team, ROUNDS)]
    async with client_of(amber.world.app, "root") as root:
        everything = (await root.get("/v1/environments?page_size=200")).json()["items"]
        assert len(everything) == 2 * (ROUNDS + 1)
