"""Quotas: what is refused, what is not, and what callers are told."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.permissions import Role
from service.main import create_app
from service.settings import LifetimeSetting, Settings
from tests.service.access.callers import PLATFORM_ADMIN, client_of, know, member
from tests.service.conftest import serve
from tests.service.documents import create, shop

WORKLOAD = {"name": "web", "image": "nginx:1.27", "ports": [{"port": 8080}], "public": {}}
ANY = {"If-Match": "*"}


def sized(copies: int) -> dict:
    """Workloads of a quarter vCPU and half a GiB for each copy."""
    return {"workloads": [{**WORKLOAD, "replicas": {"min": 1, "desired": 1, "max": copies}}]}


def on(*types: str, most: int = 2) -> dict:
    return {"capacity": {"ec2": {"instance_types": types, "max": most}}}


def under(settings: Settings, *quotas: Mapping[str, object]) -> Settings:
    lifetimes = {"ephemeral": LifetimeSetting(default_days=3, max_days=30)}
    changes = {"quotas": quotas, "lifetimes": lifetimes}
    return Settings.model_validate(
        {**settings.model_dump(), **changes, "database_url": settings.database_url}
    )


@pytest.fixture
def quotas() -> list[dict]:
    """What every team is held to; the payments team has a quota of its own."""
    return [
        {"environments": 2, "vcpus": 4, "memory_gib": 16, "classes": ["ephemeral", "standard"]}
        | {"regions": ["us-east-1"], "instance_families": ["m6i", "c7*"]},
        {"team": "payments", "environments": 7},
    ]


@pytest.fixture
def settings(settings: Settings, quotas: list[dict]) -> Settings:
    return under(settings, *quotas)


async def ask(client: httpx.AsyncClient, **changes: object) -> httpx.Response:
    return await client.post("/v1/environments", json=shop(**changes))


async def refused(client: httpx.AsyncClient, **changes: object) -> dict:
    answer = await ask(client, **changes)
    assert (answer.status_code, answer.json()["code"]) == (409, "quota_exceeded"), answer.text
    return answer.json()


async def test_one_environment_too_many_is_told_what_to_do(client: httpx.AsyncClient) -> None:
    """The problem names the limit, what is used, what was asked for, and the way out."""
    await create(client, name="one")
    await create(client, name="two")
    problem = await refused(client, name="three")
    assert problem["context"] == {"limit": "environments", "used": "2", "asked": "1", "allowed": "2"}
    assert problem["detail"] == "quota of team storefront: environments 2 used and 1 asked of 2"
    assert "destroy an environment" in problem["hint"]
    assert problem["retryable"] is False


@pytest.mark.parametrize(
    ("changes", "limit", "pointer"),
    [
        (sized(17), "vcpus", "/workloads"),
        ({**on("m6i.4xlarge", most=1)}, "vcpus", "/workloads"),
        ({"class": "production"}, "classes", "/class"),
        ({"region": "eu-west-1"}, "regions", "/region"),
        (on("c5.large", most=1), "instance_families", ""),
        (on("m6i.metal", most=1), "vcpus", "/workloads"),
    ],
)
async def test_each_limit_refuses_what_goes_beyond_it(
    client: httpx.AsyncClient, changes: dict, limit: str, pointer: str
) -> None:
    """Each place is named; an instance type of unknown size is refused where sizes are limited."""
    problem = await refused(client, **changes)
    assert (problem["context"]["limit"], problem["errors"][0]["pointer"]) == (limit, pointer)


async def test_a_request_up_to_the_limit_fits(client: httpx.AsyncClient) -> None:
    """A limit is the most that is allowed."""
    await create(client, name="one", **sized(15))
    await create(client, name="two", **sized(1))


async def test_a_destroyed_environment_counts_no_more(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """One that is being destroyed does, until it is."""
    first, _ = await create(client, name="one")
    await create(client, name="two")
    await client.delete(f"/v1/environments/{first['id']}")
    await refused(client, name="three")
    async with rows.begin() as connection:
        change = "UPDATE environments SET status = 'destroyed' WHERE id = :id"
        await connection.execute(text(change), {"id": first["id"]})
    await create(client, name="three")


async def test_what_fails_the_quota_leaves_nothing_behind(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """No environment, no operation, no entry in the audit log."""
    await refused(client, **sized(17))
    async with rows.connect() as connection:
        count = "SELECT (SELECT count(*) FROM environments) + (SELECT count(*) FROM operations)"
        assert await connection.scalar(text(count)) == 0
    assert (await client.get("/v1/audit")).json()["items"] == []


async def test_a_change_is_held_to_the_quota(client: httpx.AsyncClient) -> None:
    """What others use counts, the environment's own former size does not."""
    environment, _ = await create(client, name="one", **sized(8))
    await create(client, name="two", **sized(8))
    address = f"/v1/environments/{environment['id']}"
    larger = await client.patch(address, json=sized(9), headers=ANY)
    assert (larger.status_code, larger.json()["context"]) == (
        409,
        {"limit": "vcpus", "used": "2", "asked": "2.25", "allowed": "4"},
    )
    assert (await client.get(address)).json()["revision"] == 1
    assert (await client.patch(address, json=sized(4), headers=ANY)).status_code == 202
    assert (await client.patch(address, json=sized(8), headers=ANY)).status_code == 202


async def test_what_was_there_before_a_quota_was_lowered_may_shrink_and_go(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    """Far over the new quota it runs on, is changed, made smaller and destroyed; it cannot grow."""
    environment, _ = await create(client, **{"class": "standard"}, **sized(16))
    address = f"/v1/environments/{environment['id']}"
    lowered = under(settings, {"environments": 0, "vcpus": 1, "classes": [], "regions": []})
    app = create_app(lowered)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as later:
            await refused(later, name="another")
            assert (await later.patch(address, json=sized(17), headers=ANY)).status_code == 409
            assert (await later.patch(address, json=sized(8), headers=ANY)).status_code == 202
            assert (await later.delete(address)).status_code == 202


async def test_concurrent_requests_do_not_go_over_together(settings: Settings, rows: AsyncEngine) -> None:
    """Two processes, twenty requests at once and room for two: two are accepted."""
    async with (
        serve(create_app(settings)) as first,
        serve(create_app(settings)) as second,
        httpx.AsyncClient(timeout=60) as client,
    ):
        answers = await asyncio.gather(
            *(
                client.post(f"{url}/v1/environments", json=shop(name=f"shop-{number}"))
                for number in range(10)
                for url in (first, second)
            )
        )
    codes = [answer.status_code for answer in answers]
    assert codes.count(202) == 2
    assert {answer.json()["code"] for answer in answers if answer.status_code != 202} <= {
        "quota_exceeded",
        "environment_exists",
    }
    async with rows.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM environments")) == 2


async def test_concurrent_changes_do_not_go_over_together(client: httpx.AsyncClient) -> None:
    """Both may become larger, not both at once; and neither waits for the other for ever."""
    made = [await create(client, name=name, **sized(6)) for name in ("one", "two")]
    answers = await asyncio.gather(
        *(
            client.patch(f"/v1/environments/{environment['id']}", json=sized(10), headers=ANY)
            for environment, _ in made
        )
    )
    assert sorted(answer.status_code for answer in answers) == [202, 409]


async def test_a_check_tells_each_limit_and_changes_nothing(client: httpx.AsyncClient) -> None:
    """Used, asked, limit and ok, for a new environment and for the change of one of that name."""
    await create(client, name="one", **sized(8))
    wanted = shop(name="two", region="eu-west-1", **sized(12), **{"class": "ephemeral", "ttl": "P40D"})
    checked = (await client.post("/v1/limits:check", json=wanted)).json()
    assert (checked["ok"], checked["environment_id"]) == (False, None)
    amounts = {one["name"]: one for one in checked["amounts"]}
    shown = {name: (one["used"], one["asked"], one["limit"], one["ok"]) for name, one in amounts.items()}
    assert shown == {
        "environments": (1, 1, 2, True),
        "vcpus": (2, 3, 4, False),
        "memory_gib": (4, 6, 16, True),
        "ttl_days": (None, 40, 30, False),
    }
    choices = {one["name"]: one for one in checked["choices"]}
    assert choices["regions"]["refused"] == ["eu-west-1"]
    assert choices["classes"]["ok"]
    assert len((await client.get("/v1/environments")).json()["items"]) == 1
    again = (await client.post("/v1/limits:check", json=shop(name="one", **sized(16)))).json()
    assert again["ok"]
    assert again["environment_id"].startswith("env_")


async def test_a_check_agrees_with_what_is_then_done(client: httpx.AsyncClient) -> None:
    """For requests on both sides of every limit."""
    for changes in (sized(16), sized(17), on("m6i.large"), on("c5.large"), {"class": "production"}):
        checked = (await client.post("/v1/limits:check", json=shop(name="try", **changes))).json()
        answer = await ask(client, name="try", **changes)
        assert checked["ok"] == (answer.status_code == 202), changes
        if checked["ok"]:
            assert (await client.post("/v1/limits:check", json=shop(name="try", **changes))).json()["ok"]
            break


async def test_limits_show_what_is_used(client: httpx.AsyncClient) -> None:
    """Of each team that has something or is named; sizes where they are limited."""
    await create(client, name="one", **sized(8))
    await create(client, name="pay", team="payments")
    listed = (await client.get("/v1/limits")).json()
    payments, storefront = listed["items"]
    assert [storefront["team"], payments["team"]] == ["storefront", "payments"]
    assert [(one["used"], one["limit"]) for one in storefront["amounts"]] == [(1, 2), (2, 4), (4, 16)]
    assert [(one["used"], one["limit"]) for one in payments["amounts"]] == [
        (1, 7),
        (None, None),
        (None, None),
    ]
    assert storefront["choices"][0] == {
        "name": "classes",
        "used": ["standard"],
        "allowed": ["ephemeral", "standard"],
    }
    assert storefront["ttl_max_days"] == {"ephemeral": 30}
    first = (await client.get("/v1/limits?page_size=1")).json()
    assert [one["team"] for one in first["items"]] == ["payments"]
    rest = await client.get("/v1/limits", params={"page_size": 1, "page_token": first["next_page_token"]})
    assert [one["team"] for one in rest.json()["items"]] == ["storefront"]
    assert rest.json()["next_page_token"] is None


@pytest.fixture
async def teams(app: FastAPI) -> FastAPI:
    callers = {
        "ada": member("ada", "storefront", Role.VIEWER),
        "bo": member("bo", "payments", Role.ADMIN),
        "root": PLATFORM_ADMIN,
    }
    know(app, callers)
    return app


async def test_other_teams_figures_are_never_shown(teams: FastAPI) -> None:
    """Not in the list, not by the filter, not by a check: one has no role there."""
    async with client_of(teams, "bo") as bo, client_of(teams, "ada") as ada:
        await create(bo, name="pay", team="payments")
        assert [one["team"] for one in (await ada.get("/v1/limits")).json()["items"]] == ["storefront"]
        assert (await ada.get("/v1/limits?team=payments")).json()["items"] == []
        answer = await ada.post("/v1/limits:check", json=shop(team="payments"))
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


def test_two_quotas_of_one_team_are_a_mistake(settings: Settings) -> None:
    """It would be anybody's guess which holds."""
    with pytest.raises(ValidationError, match="two are for the same team"):
        under(settings, {"environments": 1}, {"environments": 2})
