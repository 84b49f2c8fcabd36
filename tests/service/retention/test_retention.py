"""What is old and needed by nothing goes; everything else stays, however old."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.retention.settings import RetentionSettings
from service.retention.sweeping import sweep_once
from service.retention.sweeps import Sweep, delete_batch, sweeps
from service.settings import ApprovalSetting, Settings
from tests.service.documents import create
from tests.service.runs import PlayedRun, play_run, record_state

LATER = timedelta(days=400)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation where deploys of production wait for somebody."""
    approvals = {"production": ApprovalSetting(self_approval=True)}
    return settings.model_copy(update={"approvals": approvals})


def sweep_of(name: str, **wishes: int) -> Sweep:
    return next(one for one in sweeps(RetentionSettings(**wishes)) if one.name == name)


async def sweep(uow_factory: UnitOfWorkFactory, name: str, **wishes: int) -> int:
    """Sweep as it would be done long after now."""
    async with uow_factory() as uow:
        deleted = await delete_batch(sweep_of(name, **wishes), utc_now() + LATER, uow)
        await uow.commit()
    return deleted


async def sweep_all(uow_factory: UnitOfWorkFactory) -> None:
    for one in sweeps(RetentionSettings()):
        await sweep(uow_factory, one.name)


async def values(rows: AsyncEngine, query: str) -> list[object]:
    async with rows.connect() as connection:
        return list((await connection.scalars(text(query))).all())


async def execute(rows: AsyncEngine, statement: str, **values: object) -> None:
    async with rows.begin() as connection:
        await connection.execute(text(statement), values)


async def test_records_of_what_was_done_stay(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Events of an old operation go; it, its environment and the audit log stay, and are read as before."""
    environment, operation = await create(client)
    await play_run(uow_factory, operation["id"])
    audit = await values(rows, "SELECT id FROM audit_log")
    await sweep_all(uow_factory)
    assert await values(rows, "SELECT id FROM operation_events") == []
    assert await values(rows, "SELECT id FROM audit_log") == audit != []
    events = (await client.get(f"/v1/operations/{operation['id']}/events")).json()
    assert (events["items"], events["is_complete"], events["state"]) == ([], True, "succeeded")
    shown = (await client.get(f"/v1/environments/{environment['id']}")).json()
    assert (shown["status"], shown["last_operation_id"]) == ("ready", operation["id"])


async def test_young_records_stay(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Nothing that has just happened is deleted."""
    _, operation = await create(client)
    await play_run(uow_factory, operation["id"])
    for one in sweeps(RetentionSettings()):
        assert await sweep_once(one, uow_factory) == 0
    assert len(await values(rows, "SELECT id FROM operation_events")) == 4


async def test_what_an_unfinished_operation_needs_stays(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """A deploy that waits for its approval keeps its plan and its events: it can be approved."""
    _, deploy = await create(client, **{"class": "production"})
    await play_run(uow_factory, deploy["plan_operation_id"])
    await sweep_all(uow_factory)
    assert set(await values(rows, "SELECT operation_id FROM operation_events")) == {deploy["id"]}
    plan = (await client.get(f"/v1/operations/{deploy['id']}/plan")).json()
    approved = await client.post(f"/v1/operations/{deploy['id']}/approve", json={"digest": plan["digest"]})
    assert approved.status_code == 202, approved.text
    assert approved.json()["operation"]["state"] == "queued"
    await play_run(uow_factory, deploy["id"])
    await sweep_all(uow_factory)
    assert await values(rows, "SELECT id FROM plans") == []
    gone = await client.get(f"/v1/operations/{deploy['id']}/plan")
    assert (gone.status_code, gone.json()["code"]) == (404, "plan_not_found")


async def versions(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine, *, good: list[bool]
) -> tuple[str, str]:
    """Make an environment with these state versions; return its id and its stack's."""
    environment, operation = await create(client)
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    (stack_id,) = await values(rows, "SELECT id FROM stacks")
    for _ in good:
        async with uow_factory() as uow:
            await record_state(uow, str(stack_id), operation["id"], ["web"], "aws:ecs/service:Service")
            await uow.commit()
    for number, is_good in enumerate(good, start=1):
        change = "UPDATE state_versions SET is_good = :is_good WHERE number = :number"
        await execute(rows, change, is_good=is_good, number=number)
    await execute(rows, "UPDATE stacks SET version = :newest", newest=len(good))
    return environment["id"], str(stack_id)


NUMBERS = "SELECT number FROM state_versions ORDER BY number"


async def test_newest_state_versions_stay(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Of old versions as many stay as are to be kept; younger ones stay beyond that number."""
    await versions(client, uow_factory, rows, good=[True] * 5)
    assert await sweep_once(sweep_of("state_versions", state_versions=2), uow_factory) == 0
    assert await sweep(uow_factory, "state_versions", state_versions=2) == 3
    assert await values(rows, NUMBERS) == [4, 5]


async def test_last_good_state_stays(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """After a row of failures the last good version, and the one whose outputs are shown, can be put back."""
    _, stack_id = await versions(client, uow_factory, rows, good=[True, True, True, False, False])
    await execute(
        rows,
        "INSERT INTO outputs (stack_id, name, value, is_secret, state_version)"
        " VALUES (:stack_id, 'url', '{}', true, 2)",
        stack_id=stack_id,
    )
    await sweep(uow_factory, "state_versions", state_versions=1)
    assert await values(rows, NUMBERS) == [2, 3, 5]


async def test_state_that_a_waiting_restore_wants_stays(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """The version that a restore names stays until the restore has ended."""
    environment_id, _ = await versions(client, uow_factory, rows, good=[True] * 4)
    wish = {"kind": "restore", "state_version": 1}
    restore = (await client.post(f"/v1/environments/{environment_id}/operations", json=wish)).json()
    await sweep(uow_factory, "state_versions", state_versions=1)
    assert await values(rows, NUMBERS) == [1, 4]
    await client.post(f"/v1/operations/{restore['operation']['id']}/cancel")
    await sweep(uow_factory, "state_versions", state_versions=1)
    assert await values(rows, NUMBERS) == [4]


async def test_webhook_events_go_with_their_deliveries(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Delivered ones go; what waits stays; an environment's numbering goes on where it was."""
    await client.post("/v1/webhooks", json={"url": "https://hooks.example.com/berth"})
    environment, operation = await create(client)
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    await client.post(f"/v1/operations/{operation['id']}/retry")
    sequences = "SELECT sequence FROM webhook_events ORDER BY sequence"
    assert await sweep(uow_factory, "webhook_events") == 0
    await execute(
        rows,
        "UPDATE webhook_deliveries SET state = 'delivered' WHERE event_id ="
        " (SELECT id FROM webhook_events WHERE sequence = 1)",
    )
    await sweep(uow_factory, "webhook_events")
    assert await values(rows, sequences) == [2, 3]
    await execute(rows, "UPDATE webhook_deliveries SET state = 'failed'")
    await sweep(uow_factory, "webhook_events")
    await client.post(f"/v1/environments/{environment['id']}/operations", json={"kind": "preview"})
    assert await values(rows, sequences) == [3, 4]


async def test_pings_go(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine) -> None:
    """A ping carries no environment's numbering: once it is over nothing needs it."""
    endpoint = (await client.post("/v1/webhooks", json={"url": "https://hooks.example.com/berth"})).json()
    await client.post(f"/v1/webhooks/{endpoint['id']}/ping")
    assert await sweep(uow_factory, "webhook_events") == 0
    await execute(rows, "UPDATE webhook_deliveries SET state = 'failed'")
    assert await sweep(uow_factory, "webhook_events") == 1


async def test_tokens_go_long_after_their_end(uow_factory: UnitOfWorkFactory, rows: AsyncEngine) -> None:
    """A token that is over or revoked is forgotten; one that still opens something never is."""
    names = "SELECT name FROM tokens"
    for name in ("over", "revoked", "alive"):
        await execute(
            rows,
            "INSERT INTO tokens (id, kind, name, subject, grants, forwards_users, digest, created_by,"
            " expires_at) VALUES (:name, 'service', :name, 's', '[]', false, :digest, 'ann',"
            " now() + make_interval(days => :days))",
            name=name,
            digest=name.encode(),
            days=3 if name == "over" else 3000,
        )
    await execute(rows, "UPDATE tokens SET revoked_at = now() WHERE name = 'revoked'")
    await sweep(uow_factory, "tokens")
    assert await values(rows, names) == ["alive"]


async def test_uploads_that_nobody_put_in_place_go(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """A state that was uploaded stays for as long as its import waits."""
    environment, operation = await create(client)
    await execute(
        rows,
        "INSERT INTO state_uploads (id, environment_id, schema_version, features, deployment, digest,"
        " size_bytes, resource_count, pending_operation_count, uploaded_by)"
        " VALUES ('upl_1', :environment_id, 3, '{}', '', '', 0, 0, 0, 'ann')",
        environment_id=environment["id"],
    )
    await execute(rows, """UPDATE operations SET options = '{"upload_id": "upl_1"}'""")
    assert await sweep(uow_factory, "uploads") == 0
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    assert await sweep(uow_factory, "uploads") == 1


async def test_jobs_that_wait_stay(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """Of the queue only what has ended goes."""
    await create(client)
    await create(client, name="other")
    await execute(
        rows,
        "UPDATE procrastinate_jobs SET status = 'failed' WHERE id = (SELECT min(id) FROM procrastinate_jobs)",
    )
    assert await sweep(uow_factory, "jobs") == 1
    assert await values(rows, "SELECT status::text FROM procrastinate_jobs") == ["todo"]


async def test_old_rows_go_in_batches(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """A sweep deletes a bounded number of rows and leaves the rest to the next."""
    _, operation = await create(client)
    await play_run(uow_factory, operation["id"], PlayedRun(steps={}))
    soon = replace(sweep_of("operation_events"), age=timedelta(days=-1))
    assert await sweep_once(soon, uow_factory, batch=1, max_batches=2) == 2
    assert await sweep_once(soon, uow_factory, batch=1, max_batches=9) == 1
    assert await values(rows, "SELECT id FROM operation_events") == []


async def test_one_worker_sweeps_at_a_time(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> None:
    """While another is at it a worker leaves it alone."""
    _, operation = await create(client)
    await play_run(uow_factory, operation["id"])
    soon = replace(sweep_of("operation_events"), age=timedelta(days=-1))
    async with uow_factory() as uow:
        await uow.session.execute(text("SELECT pg_advisory_xact_lock(x'7377656570'::bigint)"))
        assert await sweep_once(soon, uow_factory) == 0
    assert await sweep_once(soon, uow_factory) > 0


def test_audit_log_is_not_swept() -> None:
    """No sweep names the audit log, whatever is configured."""
    assert not any("audit" in one.statement for one in sweeps(RetentionSettings()))
