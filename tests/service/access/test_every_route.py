"""Every route times every role: what the table says is what happens, and other teams find nothing."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from service.access.permissions import PERMISSIONS_OF, Permission, Role
from service.access.served import ServedRoute, served_routes
from service.core.unit_of_work import UnitOfWorkFactory
from service.main import create_app
from service.settings import Settings
from tests.service.access.callers import PLATFORM_ADMIN, client_of, know, member
from tests.service.documents import shop

MEMBERS = (Role.VIEWER, Role.DEVELOPER, Role.APPROVER, Role.ADMIN)


@dataclass
class World:
    """The things of one team, by the names under which routes take them."""

    app: FastAPI
    team: str
    names: set[str] = field(default_factory=set)
    ids: dict[str, str] = field(default_factory=dict)


async def populate(app: FastAPI, team: str) -> World:
    """Make one of everything in a team, as its admin does."""
    world = World(app, team)
    async with client_of(app, f"{team}-admin") as admin:
        request = {**shop(), "team": team, "name": f"secret-{team}"}
        accepted = (await admin.post("/v1/environments", json=request)).json()
        environment = accepted["environment"]["id"]
        hook = (
            await admin.post("/v1/webhooks", json={"url": f"https://{team}.example", "team": team})
        ).json()
        ping = (await admin.post(f"/v1/webhooks/{hook['id']}/ping")).json()
        wish = {"team": team, "reason": f"why-{team}", "ends_at": "2099-01-01T00:00:00Z"}
        freeze = await admin.post("/v1/freezes", json={**wish, "starts_at": "2098-12-01T00:00:00Z"})
        grants = [{"team": team, "role": "viewer"}]
        application = {key: value for key, value in request.items() if key != "orchestrator"}
        compared = await admin.post("/v1/comparisons", json={"application": application})
        wish = {"kind": "service", "name": f"ci-{team}", "team": team, "grants": grants}
        token = (await admin.post("/v1/tokens", json=wish)).json()
    async with client_of(app, "root") as root:
        until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        wish = {"rule": "public_access", "team": team, "reason": f"why-{team}", "until": until}
        exempted = await root.post("/v1/guardrails/exemptions", json=wish)
    world.ids = {
        "environment_id": environment,
        "operation_id": accepted["operation"]["id"],
        "endpoint_id": hook["id"],
        "delivery_id": ping["id"],
        "comparison_id": compared.json()["id"],
        "freeze_id": freeze.json()["id"],
        "token_id": token["id"],
        "exemption_id": exempted.json()["id"],
        "action_id": "act_01a21a2100007000800000000000000",
        "output_name": "url",
        "name": "ecs",
        "organization": team,
        "project": "environments",
        "stack": f"secret-{team}",
        "kind": "update",
        "update_id": "01a21a21-0000-7000-8000-000000000000",
        "version": "1",
    }
    shared = {"output_name", "name", "project", "kind", "update_id", "version"}
    world.names = {one for key, one in world.ids.items() if key not in shared} | {f"why-{team}"}
    return world


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        callers = {"root": PLATFORM_ADMIN}
        for team in ("storefront", "payments"):
            callers |= {f"{team}-{role}": member(f"{team}-{role}", team, role) for role in MEMBERS}
        know(application, callers)
        yield application


def asked_routes(app: FastAPI) -> list[ServedRoute]:
    """Return every route that has a permission; what removes things comes last."""
    routes = [route for route in served_routes(app) if route.permission is not None]
    return sorted(routes, key=lambda route: "DELETE" in route.methods)


async def ask(world: World, name: str | None, route: ServedRoute) -> httpx.Response:
    """Ask with an empty body: who may not is told so before the body is looked at."""
    [method] = route.methods - {"HEAD"} or route.methods
    path = route.path
    for parameter in route.parameters:
        path = path.replace("{" + parameter + "}", world.ids[parameter])
    async with client_of(world.app, name) as client:
        body = None if method in {"GET", "HEAD", "DELETE"} else {}
        return await client.request(method, path, json=body, headers={"If-Match": '"1"'})


def describe(route: ServedRoute, name: str | None, answer: httpx.Response) -> str:
    return f"{sorted(route.methods)} {route.path} as {name}: {answer.status_code} {answer.text[:200]}"


async def test_each_role_may_what_the_table_says(app: FastAPI) -> None:
    """In its own team a role is refused exactly what it lacks; without a credential everything is."""
    world = await populate(app, "storefront")
    for route in asked_routes(app):
        permission = Permission(str(route.permission))
        nobody = await ask(world, None, route)
        assert nobody.status_code == 401, describe(route, None, nobody)
        for role in sorted(MEMBERS, key=lambda role: permission in PERMISSIONS_OF[role]):
            answer = await ask(world, f"storefront-{role}", route)
            is_refused = answer.status_code in {401, 403}
            assert is_refused == (permission not in PERMISSIONS_OF[role]), describe(route, role, answer)
            assert answer.status_code < 500, describe(route, role, answer)
        answer = await ask(world, "root", route)
        assert answer.status_code not in {401, 403}, describe(route, "root", answer)


async def test_another_team_finds_nothing_at_any_route(app: FastAPI) -> None:
    """The admin of another team is answered by every route of a team's thing as if it were not there."""
    world = await populate(app, "storefront")
    own = {"environment_id", "operation_id", "endpoint_id", "freeze_id", "token_id", "stack"}
    for route in asked_routes(app):
        if route.parameters & own:
            answer = await ask(world, "payments-admin", route)
            assert answer.status_code == 404, describe(route, "payments-admin", answer)


async def test_two_teams_side_by_side_never_meet(app: FastAPI, uow_factory: UnitOfWorkFactory) -> None:
    """No answer to one team holds a name, an id, an event or a count of the other's."""
    before: dict[str, object] = {}
    lists = [route for route in asked_routes(app) if route.methods == {"GET"} and not route.parameters]
    await populate(app, "payments")
    for route in lists:
        before[route.path] = comparable(await ask(World(app, ""), "payments-admin", route))
    ours = await populate(app, "storefront")
    theirs = World(app, "payments")
    for route in lists:
        answer = await ask(theirs, "payments-admin", route)
        assert comparable(answer) == before[route.path], describe(route, "payments-admin", answer)
        assert not [name for name in ours.names if name in answer.text], describe(route, "payments", answer)
    async with uow_factory() as uow:
        assert await uow.session.scalar(text("SELECT count(DISTINCT team) FROM environments")) == 2


def comparable(answer: httpx.Response) -> object:
    """Return what of an answer must not depend on other teams."""
    shown = answer.json()
    shown.pop("request_id", None)
    return answer.status_code, shown
