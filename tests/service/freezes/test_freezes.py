"""Freezes: what runs finishes, what is new waits or is refused, what changes nothing goes on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from procrastinate.jobs import Job
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.protocol import Engine, EngineName
from service.freezes.errors import EnvironmentFrozenError
from service.operations.repository import get_operation
from service.operations.runs import Conclusion, Run
from service.operations.states import OperationState
from service.plans.rules import plan_rules
from service.queue.consumer import FROZEN_SECONDS, make_app
from service.settings import Settings
from service.worker.records import PreparedRun, conclude_run, prepare_run
from tests.service.documents import create

ENGINE = Engine(name=EngineName.SANDBOX, root="", version="1.0.0")


async def freeze(client: httpx.AsyncClient, **wishes: object) -> dict[str, Any]:
    """Freeze for an hour and return the freeze."""
    ends_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    response = await client.post("/v1/freezes", json={"reason": "Black Friday", "ends_at": ends_at, **wishes})
    assert response.status_code == 201, response.text
    return response.json()


async def start(
    client: httpx.AsyncClient, environment: dict[str, Any], kind: str = "deploy", queue: str = "queue"
) -> httpx.Response:
    """Ask for an operation."""
    path = f"/v1/environments/{environment['id']}/operations"
    return await client.post(path, json={"kind": kind, "queue": queue})


async def claim(
    uow_factory: UnitOfWorkFactory, operation: dict[str, Any], *, is_repeated: bool = False
) -> PreparedRun | None:
    """Claim an operation as a worker does."""
    async with uow_factory() as uow:
        return await prepare_run(
            uow,
            OperationId(operation["id"]),
            worker="test",
            engine=ENGINE,
            lease_seconds=30,
            rules=plan_rules(Settings()),
            is_repeated=is_repeated,
        )


async def end(uow_factory: UnitOfWorkFactory, operation_id: OperationId) -> None:
    """End a claimed operation as a worker does."""
    async with uow_factory() as uow:
        operation = await get_operation(uow.session, operation_id)
        run = Run(operation_id, operation.environment_id, operation.kind, operation.epoch)
        conclusion = Conclusion(OperationState.SUCCEEDED)
        await conclude_run(uow, run, conclusion, automatic_recoveries=0, rules=plan_rules(Settings()))


@pytest.mark.parametrize("scope", ["environment", "team", "everything"])
async def test_operation_that_would_not_wait_is_refused(client: httpx.AsyncClient, scope: str) -> None:
    """Whatever the freeze's scope, the answer names it, its reason and its end."""
    environment, _ = await create(client)
    scopes = {
        "environment": {"environment_id": environment["id"]},
        "team": {"team": "storefront"},
        "everything": {},
    }
    made = await freeze(client, **scopes[scope])
    refused = await start(client, environment, queue="refuse")
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["retryable"]) == ("environment_frozen", True)
    assert problem["context"]["freeze_id"] == made["id"]
    assert problem["context"]["reason"] == "Black Friday"


async def test_others_are_not_frozen(client: httpx.AsyncClient) -> None:
    """A freeze of one team, or of one environment, holds nobody else's."""
    await freeze(client, team="payments")
    environment, _ = await create(client)
    other, _ = await create(client, name="other")
    await freeze(client, environment_id=other["id"])
    assert (await start(client, environment)).status_code == 202


async def test_waiting_operation_starts_when_the_freeze_is_lifted(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """It is accepted and waits; nothing is claimed while the freeze holds, and it is afterwards."""
    made = await freeze(client, team="storefront")
    _, operation = await create(client)
    with pytest.raises(EnvironmentFrozenError):
        await claim(uow_factory, operation)
    shown = (await client.get(f"/v1/operations/{operation['id']}")).json()
    assert shown["state"] == "queued"
    lifted = await client.post(f"/v1/freezes/{made['id']}/lift")
    assert lifted.status_code == 200
    assert lifted.json()["lifted_at"] is not None
    assert await claim(uow_factory, operation) is not None


async def test_running_operation_finishes(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """A freeze stops nothing that has begun."""
    environment, operation = await create(client)
    prepared = await claim(uow_factory, operation)
    assert prepared is not None
    await freeze(client, environment_id=environment["id"])
    async with uow_factory() as uow:
        conclusion = Conclusion(OperationState.SUCCEEDED)
        await conclude_run(
            uow, prepared.claimed.run, conclusion, automatic_recoveries=0, rules=plan_rules(Settings())
        )
    shown = (await client.get(f"/v1/operations/{operation['id']}")).json()
    assert shown["state"] == "succeeded"


async def test_claim_that_came_to_nothing_is_held_when_it_is_repeated(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A worker that asks again after a claim without an answer finds the freeze, if it had not got it."""
    await freeze(client)
    _, operation = await create(client)
    with pytest.raises(EnvironmentFrozenError):
        await claim(uow_factory, operation, is_repeated=True)


async def test_claim_that_stands_is_not_held_when_it_is_repeated(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """What a worker had got, though it was not told so, goes on in spite of a freeze."""
    _, operation = await create(client)
    first = await claim(uow_factory, operation)
    await freeze(client)
    second = await claim(uow_factory, operation, is_repeated=True)
    assert first is not None
    assert second is not None
    assert second.claimed.run.epoch == first.claimed.run.epoch + 1


async def test_what_changes_nothing_goes_on(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory
) -> None:
    """A preview is accepted and claimed in spite of a freeze."""
    await freeze(client)
    response = await client.post(
        "/v1/environments",
        params={"operation": "preview"},
        json={
            "name": "shop",
            "team": "storefront",
            "orchestrator": "ecs",
            "workloads": [{"name": "web", "image": "nginx:1.27"}],
        },
    )
    assert response.status_code == 202, response.text
    assert await claim(uow_factory, response.json()["operation"]) is not None


async def test_freeze_that_is_over_holds_nothing(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """At its end a freeze ends by itself; one that has not begun holds nothing yet."""
    await freeze(client)
    later = (datetime.now(UTC) + timedelta(minutes=30)).isoformat()
    await freeze(client, starts_at=later)
    async with rows.begin() as connection:
        await connection.execute(
            text(
                "UPDATE freezes SET ends_at = now() - interval '1 second', "
                "starts_at = now() - interval '1 hour' WHERE starts_at <= now()"
            )
        )
    _, operation = await create(client)
    assert await claim(uow_factory, operation) is not None
    active = (await client.get("/v1/freezes", params={"active": True})).json()["items"]
    past = (await client.get("/v1/freezes", params={"active": False})).json()["items"]
    assert (len(active), len(past)) == (0, 2)


async def test_lifted_freeze_cannot_be_lifted_again(client: httpx.AsyncClient) -> None:
    """The record of who lifted it stays."""
    made = await freeze(client)
    assert (await client.post(f"/v1/freezes/{made['id']}/lift")).status_code == 200
    again = await client.post(f"/v1/freezes/{made['id']}/lift")
    assert (again.status_code, again.json()["code"]) == (409, "freeze_over")


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        ({"ends_at": "2020-01-01T00:00:00Z"}, "/ends_at"),
        ({"ends_at": "2999-01-01T00:00:00Z"}, "/ends_at"),
        ({"ends_at": "2026-12-01T08:00:00"}, "/ends_at"),
        ({"reason": ""}, "/reason"),
        ({"team": "storefront", "environment_id": "env_" + "0" * 32}, "/team"),
        ({"colour": "blue"}, "/colour"),
    ],
)
async def test_wrong_freeze_is_refused_with_its_place(
    client: httpx.AsyncClient, wish: dict[str, str], pointer: str
) -> None:
    """An end in the past, too far away or without a zone, no reason, two scopes, an unknown key."""
    ends_at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    refused = await client.post("/v1/freezes", json={"reason": "a reason", "ends_at": ends_at, **wish})
    assert refused.status_code == 422, refused.text
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_frozen_job_looks_again_seldom(database_url: str, client: httpx.AsyncClient) -> None:
    """A job that finds a freeze returns to the line for half a minute, not for a second."""

    async def run(operation_id: OperationId) -> None:
        del operation_id

    app = make_app(database_url, run, retry_on=(EnvironmentFrozenError, TimeoutError))
    retry = app.tasks["run_operation"].retry_strategy
    assert retry is not None
    job = Job(queue="operations", lock=None, queueing_lock=None, task_name="run_operation")
    await freeze(client)
    environment, _ = await create(client)
    refused = await start(client, environment, queue="refuse")
    assert refused.status_code == 409
    frozen = EnvironmentFrozenError.__new__(EnvironmentFrozenError)
    now = datetime.now(UTC)
    later = retry.get_retry_decision(exception=frozen, job=job)
    soon = retry.get_retry_decision(exception=TimeoutError(), job=job)
    assert later is not None
    assert soon is not None
    assert later.retry_at is not None
    assert soon.retry_at is not None
    assert later.retry_at - now >= timedelta(seconds=FROZEN_SECONDS - 1)
    assert soon.retry_at - now < timedelta(seconds=FROZEN_SECONDS / 2)
    assert retry.get_retry_decision(exception=ValueError(), job=job) is None


async def test_what_changes_nothing_passes_what_a_freeze_holds_up(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, database_url: str
) -> None:
    """Previews and drift detections run while a deploy before them waits; it runs after the freeze."""
    environment, deploy = await create(client)
    preview = (await start(client, environment, "preview")).json()["operation"]
    looked: list[str] = []

    async def run(operation_id: OperationId) -> None:
        looked.append(operation_id)
        assert await claim(uow_factory, {"id": operation_id}) is not None
        await end(uow_factory, operation_id)

    async def work() -> None:
        app = make_app(database_url, run, retry_on=(EnvironmentFrozenError,))
        async with app.open_async():
            await app.run_worker_async(wait=False, install_signal_handlers=False, delete_jobs="always")

    made = await freeze(client, environment_id=environment["id"])
    detection = (await start(client, environment, "detect_drift")).json()["operation"]
    await work()
    assert looked == [deploy["id"], preview["id"], detection["id"]]
    await client.post(f"/v1/freezes/{made['id']}/lift")
    await work()
    assert looked[3:] == [deploy["id"]]


async def test_a_preview_that_makes_the_plan_of_what_waits_keeps_its_place(
    client: httpx.AsyncClient, rows: AsyncEngine, database_url: str
) -> None:
    """What is to be deployed before it changes what it plans from."""
    environment, deploy = await create(client)
    await freeze(client, environment_id=environment["id"])
    planned = (await start(client, environment)).json()["operation"]["id"]
    preview = (await start(client, environment, "preview")).json()["operation"]["id"]
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE operations SET state = 'pending', plan_operation_id = :preview WHERE id = :id"),
            {"id": planned, "preview": preview},
        )
    looked: list[str] = []

    async def run(operation_id: OperationId) -> None:
        looked.append(operation_id)
        raise EnvironmentFrozenError.__new__(EnvironmentFrozenError)

    app = make_app(database_url, run, retry_on=(EnvironmentFrozenError,))
    async with app.open_async():
        await app.run_worker_async(wait=False, install_signal_handlers=False)
    assert looked == [deploy["id"]]
