"""Environments that use each other's outputs."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.protocol import Engine, EngineName
from service.plans.rules import plan_rules
from service.references.use_cases import enter_references
from service.settings import Settings
from service.state.model import OutputView
from service.state.repository import replace_outputs, stack_of_environment
from service.worker.records import PreparedRun, prepare_run
from tests.service.documents import create
from tests.service.runs import play_run

RULES = plan_rules(Settings())
ENGINE = Engine(name=EngineName.SANDBOX, root="/nowhere", version="1.0.0")


def using(*references: str) -> dict[str, object]:
    """Members of a request whose settings name outputs."""
    env = {f"USED_{number}": reference for number, reference in enumerate(references)}
    return {
        "workloads": [
            {"name": "web", "image": "nginx:1.27", "env": env, "sidecars": [_sidecar(references[0])]}
        ]
    }


def _sidecar(reference: str) -> dict[str, object]:
    return {"name": "side", "image": "busybox:1.37", "env": {"USED": f"<{reference}>"}}


async def shows(uow_factory: UnitOfWorkFactory, environment: Mapping[str, str], **values: object) -> None:
    """Let an environment have these outputs; a name that begins with `secret` is one."""
    async with uow_factory() as uow:
        stack_id = await stack_of_environment(uow, environment["id"])
        assert stack_id is not None
        views = [
            OutputView(name, value, is_secret=name.startswith("secret"), is_stale=False, state_version=1)
            for name, value in values.items()
        ]
        await replace_outputs(uow, stack_id, views)
        await uow.commit()


async def prepared(uow_factory: UnitOfWorkFactory, operation: Mapping[str, str]) -> PreparedRun | None:
    async with uow_factory() as uow:
        return await prepare_run(
            uow, OperationId(operation["id"]), worker="tests", engine=ENGINE, lease_seconds=30, rules=RULES
        )


async def test_outputs_are_handed_to_the_program_as_they_are_when_the_operation_begins(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """The recorded request keeps the reference; the run has the value, in containers and sidecars alike."""
    orders, _ = await create(client, name="orders")
    reference = "${environments.orders.outputs.services.api.url}"
    _, deploy = await create(client, name="shop", **using(reference, "${environments.orders.outputs.port}"))
    await shows(uow_factory, orders, services={"api": {"url": "http://orders"}}, port=8080)
    run = await prepared(uow_factory, deploy)
    assert run is not None
    (workload,) = run.claimed.request["workloads"]  # pyright: ignore -- a JSON document
    assert workload["env"] == {"USED_0": "http://orders", "USED_1": "8080"}
    assert workload["sidecars"][0]["env"] == {"USED": "<http://orders>"}
    recorded = (await client.get(f"/v1/operations/{deploy['id']}")).json()["request"]
    assert recorded["workloads"][0]["env"]["USED_0"] == reference


@pytest.mark.parametrize("path", ["absent", "secret_key", "services"])
async def test_operation_fails_where_an_output_cannot_be_had(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, path: str
) -> None:
    """An output that is not there, is secret or is no plain value ends the operation before anything runs."""
    orders, _ = await create(client, name="orders")
    _, deploy = await create(client, name="shop", **using(f"${{environments.orders.outputs.{path}}}"))
    await shows(uow_factory, orders, secret_key={"secret": True}, services={"api": 1})
    assert await prepared(uow_factory, deploy) is None
    ended = (await client.get(f"/v1/operations/{deploy['id']}")).json()
    assert (ended["state"], ended["failure"]["code"]) == ("failed", "reference_not_ready")


async def test_refused_deploy_leaves_what_stood(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """What never stood has failed with its first deploy; a good environment stays good by a refused one."""
    orders, _ = await create(client, name="orders")
    shop, deploy = await create(client, name="shop", **using("${environments.orders.outputs.url}"))
    path = f"/v1/environments/{shop['id']}"
    assert await prepared(uow_factory, deploy) is None
    assert (await client.get(path)).json()["status"] == "failed"
    await shows(uow_factory, orders, url="http://orders")
    second = (await client.post(f"{path}/operations", json={"kind": "deploy"})).json()["operation"]
    await play_run(uow_factory, second["id"])
    await shows(uow_factory, orders)
    third = (await client.post(f"{path}/operations", json={"kind": "deploy"})).json()["operation"]
    assert await prepared(uow_factory, third) is None
    assert (await client.get(f"/v1/operations/{third['id']}")).json()["state"] == "failed"
    assert (await client.get(path)).json()["status"] == "ready"


async def test_environment_that_others_use_is_not_destroyed(client: httpx.AsyncClient) -> None:
    """A destroy names the dependants and is allowed as soon as there are none."""
    orders, _ = await create(client, name="orders")
    shop, _ = await create(client, name="shop", **using("${environments.orders.outputs.url}"))
    refused = await client.delete(f"/v1/environments/{orders['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "environment_has_dependants")
    assert refused.json()["context"]["dependants"] == "storefront/shop"
    seen = (await client.get(f"/v1/environments/{orders['id']}/references")).json()
    assert seen == {"uses": [], "used_by": ["storefront/shop"]}
    seen = (await client.get(f"/v1/environments/{shop['id']}/references")).json()
    assert seen == {"uses": ["storefront/orders"], "used_by": []}
    changed = await client.patch(
        f"/v1/environments/{shop['id']}",
        json={"workloads": [{"name": "web", "image": "nginx:1.27"}]},
        headers={"If-Match": "*"},
    )
    assert changed.status_code == 202
    assert (await client.delete(f"/v1/environments/{orders['id']}")).status_code == 202


async def test_circle_is_refused_at_the_request(client: httpx.AsyncClient) -> None:
    """No environment uses itself, directly or through others."""
    first, _ = await create(client, name="first")
    await create(client, name="second", **using("${environments.first.outputs.url}"))
    for name in ("first", "second"):
        refused = await client.patch(
            f"/v1/environments/{first['id']}",
            json=using(f"${{environments.{name}.outputs.url}}"),
            headers={"If-Match": "*"},
        )
        assert refused.status_code == 422
        assert "circle" in refused.json()["errors"][0]["message"]


async def test_changes_at_once_of_environments_that_name_each_other_wait_in_one_order(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Nobody holds an environment while waiting for the team's references: no two wait for each other."""
    await create(client, name="orders")
    used, _ = await create(client, name="used")
    using_it, _ = await create(client, name="using")
    async with asyncio.TaskGroup() as tasks, uow_factory() as uow:
        await enter_references("storefront", uow)
        changes = [
            tasks.create_task(
                client.patch(
                    f"/v1/environments/{changed['id']}",
                    json=using(f"${{environments.{named}.outputs.url}}"),
                    headers={"If-Match": "*"},
                )
            )
            for changed, named in ((using_it, "used"), (used, "orders"))
        ]
        await _until_waiting(rows, len(changes))
    assert [change.result().status_code for change in changes] == [202, 202]


async def _until_waiting(rows: AsyncEngine, count: int) -> None:
    """Return when so many transactions wait for a lock."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    async with asyncio.timeout(20), rows.connect() as connection:
        while (await connection.execute(waiting)).scalar_one() < count:
            pass  # asking is what waits


async def test_what_is_not_there_or_going_is_refused_with_its_place(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A reference to no environment, to one that is going, or that is misspelt is refused at its place."""
    gone, deploy = await create(client, name="gone")
    await play_run(uow_factory, deploy["id"])
    await client.delete(f"/v1/environments/{gone['id']}")
    for reference in ("${environments.nobody.outputs.url}", "${environments.gone.outputs.url}"):
        refused = await client.post("/v1/environments", json=await _document(reference))
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["pointer"] == "/workloads/0/env/USED_0"
    misspelt = await client.post("/v1/environments", json=await _document("${environments.gone.url}"))
    assert "${environments.NAME.outputs.KEY}" in misspelt.json()["errors"][0]["message"]


async def _document(reference: str) -> dict[str, object]:
    return {"name": "shop", "team": "storefront", "orchestrator": "ecs", **using(reference)}
