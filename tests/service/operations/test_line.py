"""How a new operation takes its place where others run or wait."""

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.main import create_app
from service.settings import Settings
from tests.service.documents import create


async def start(
    client: httpx.AsyncClient, environment: dict, kind: str = "deploy", queue: str = "queue"
) -> httpx.Response:
    path = f"/v1/environments/{environment['id']}/operations"
    return await client.post(path, json={"kind": kind, "queue": queue})


async def state_of(client: httpx.AsyncClient, operation: dict) -> dict:
    return (await client.get(f"/v1/operations/{operation['id']}")).json()


async def run_first(rows: AsyncEngine, operation: dict) -> None:
    """Let an operation run, as far as the records tell."""
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE operations SET state = 'running', started_at = now() WHERE id = :id"),
            {"id": operation["id"]},
        )


async def test_waiting_operations_know_their_place(client: httpx.AsyncClient) -> None:
    """A waiting operation tells how many come before it and which is the last of those."""
    environment, first = await create(client)
    second = (await start(client, environment)).json()["operation"]
    third = (await start(client, environment, "preview")).json()["operation"]
    assert (await state_of(client, first))["queue"] is None
    assert (await state_of(client, second))["queue"] == {"position": 1, "behind": first["id"]}
    assert (await state_of(client, third))["queue"] == {"position": 2, "behind": second["id"]}
    listed = (await client.get(f"/v1/environments/{environment['id']}/operations")).json()["items"]
    assert [one["queue"] and one["queue"]["position"] for one in listed] == [2, 1, None]


async def test_refuse_waits_for_nobody(client: httpx.AsyncClient) -> None:
    """With `refuse` an operation is not put in line behind others."""
    environment, first = await create(client)
    refused = await start(client, environment, queue="refuse")
    assert (refused.status_code, refused.json()["code"]) == (409, "environment_busy")
    assert refused.json()["context"]["operation_id"] == first["id"]
    await client.post(f"/v1/operations/{first['id']}/cancel")
    assert (await start(client, environment, queue="refuse")).status_code == 202


async def test_replace_takes_the_place_of_the_last_of_its_kind(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """With `replace` the last waiting operation of the same kind is superseded, nothing else."""
    environment, running = await create(client)
    await run_first(rows, running)
    older = (await start(client, environment)).json()["operation"]
    preview = (await start(client, environment, "preview")).json()["operation"]
    newer = (await start(client, environment, queue="replace")).json()["operation"]
    superseded = await state_of(client, older)
    assert (superseded["state"], superseded["superseded_by"]) == ("superseded", newer["id"])
    assert superseded["finished_at"]
    assert (await state_of(client, running))["state"] == "running"
    assert (await state_of(client, preview))["state"] == "queued"


async def test_replace_leaves_previews_that_make_plans(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """A preview that makes the plan of a deploy is not replaced by somebody's look: the deploy would fail."""
    environment, running = await create(client)
    await run_first(rows, running)
    path = f"/v1/environments/{environment['id']}/operations"
    deploy = (await client.post(path, json={"kind": "deploy", "refresh": True})).json()["operation"]
    assert (await start(client, environment, "preview", queue="replace")).status_code == 202
    planning = await state_of(client, {"id": deploy["plan_operation_id"]})
    assert [(await state_of(client, deploy))["state"], planning["state"]] == ["pending", "queued"]


async def test_latest_supersedes_all_that_wait(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """With `latest` only the newest waits; what runs goes on."""
    environment, running = await create(client)
    await run_first(rows, running)
    waiting = [
        (await start(client, environment, kind)).json()["operation"] for kind in ("preview", "refresh")
    ]
    newest = (await start(client, environment, queue="latest")).json()["operation"]
    assert [(await state_of(client, one))["state"] for one in waiting] == ["superseded", "superseded"]
    assert (await state_of(client, newest))["state"] == "queued"
    async with rows.connect() as connection:
        jobs = await connection.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    assert jobs == 2


async def test_full_line_still_lets_the_latest_in(client: httpx.AsyncClient) -> None:
    """Taking a place needs no room: `replace` and `latest` work where a line is full."""
    environment, _ = await create(client)
    for _ in range(2):
        await start(client, environment)
    assert (await start(client, environment)).status_code == 409
    assert (await start(client, environment, queue="replace")).status_code == 202
    assert (await start(client, environment, queue="latest")).status_code == 202


async def test_changes_choose_how_they_queue(client: httpx.AsyncClient) -> None:
    """A change of the request can supersede the deploys of older ones."""
    environment, first = await create(client)
    changed = await client.patch(
        f"/v1/environments/{environment['id']}",
        params={"queue": "latest"},
        json={"tags": {"a": "b"}},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 202
    assert (await state_of(client, first))["superseded_by"] == changed.json()["operation"]["id"]


@pytest.mark.parametrize("queue", ["first", ""])
async def test_unknown_policies_are_refused(client: httpx.AsyncClient, queue: str) -> None:
    """A policy that does not exist is refused by name."""
    environment, _ = await create(client)
    response = await start(client, environment, queue=queue)
    assert response.json()["errors"][0]["pointer"] == "/queue"


POLICIES = (
    {"policy": "refuse"},
    {"class": "ephemeral", "policy": "replace"},
    {"blueprint": "eks", "policy": "queue"},
    {"blueprint": "ecs", "class": "ephemeral", "policy": "latest"},
)


@pytest.mark.parametrize(
    ("blueprint", "environment_class", "policy"),
    [
        ("ecs", "standard", "refuse"),
        ("ecs", "ephemeral", "latest"),
        ("eks", "ephemeral", "replace"),
        ("eks", "standard", "queue"),
    ],
)
def test_most_precise_policy_counts(
    settings: Settings, blueprint: str, environment_class: str, policy: str
) -> None:
    """A policy for blueprint and class goes before one for either, and that before one for all."""
    installed = Settings(**{**settings.model_dump(by_alias=True), "queue_policies": POLICIES})
    assert installed.queue_policy_of(blueprint, environment_class) == policy
    assert settings.queue_policy_of(blueprint, environment_class) == "queue"


async def test_installation_says_how_operations_queue(settings: Settings, rows: AsyncEngine) -> None:
    """Who names no policy gets the installation's for its blueprint and class; who names one gets that."""
    app = create_app(Settings(**{**settings.model_dump(by_alias=True), "queue_policies": POLICIES}))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://berth.test") as client,
    ):
        environment, running = await create(client)
        await run_first(rows, running)
        path = f"/v1/environments/{environment['id']}"
        refused = await client.post(f"{path}/operations", json={"kind": "deploy"})
        assert (refused.status_code, refused.json()["code"]) == (409, "environment_busy")
        patch = {"json": {"tags": {"a": "b"}}, "headers": {"If-Match": "*"}}
        assert (await client.patch(path, **patch)).json()["code"] == "environment_busy"
        assert (await start(client, environment, queue="queue")).status_code == 202
        ephemeral, running = await create(client, name="brief", **{"class": "ephemeral"})
        await run_first(rows, running)
        path = f"/v1/environments/{ephemeral['id']}/operations"
        older = (await client.post(path, json={"kind": "preview"})).json()["operation"]
        await client.post(path, json={"kind": "deploy"})
        assert (await state_of(client, older))["state"] == "superseded"
