"""What never became ready: announced, destroyed when its time is over, and never what stood before."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.states import OperationState
from service.schedules.failed_creations import CLEANER, clean_failed_creations
from service.settings import Settings
from tests.service.documents import create
from tests.service.runs import PlayedRun, play_run
from tests.service.schedules.scene import due, make_due


async def clean(uow_factory: UnitOfWorkFactory, settings: Settings) -> int:
    async with uow_factory() as uow:
        return await clean_failed_creations(uow, settings)


async def test_a_failed_creation_is_announced_and_destroyed(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """What never became ready is told of once, listed, and destroyed when its time is over."""
    environment, operation = await create(client)
    path = f"/v1/environments/{environment['id']}"
    await play_run(uow_factory, operation["id"], PlayedRun(state=OperationState.FAILED))
    assert [await clean(uow_factory, settings) for _ in range(2)] == [0, 0]
    async with rows.connect() as connection:
        told = await connection.scalars(text("SELECT type FROM webhook_events ORDER BY sequence"))
        assert list(told).count("environment.creation_failed") == 1
    cleanup = datetime.fromisoformat((await due(client, path))["cleanup"]["due_at"])
    assert timedelta(hours=71) < cleanup - datetime.now(UTC) < timedelta(hours=73)
    await make_due(rows, "cleanup")
    assert [await clean(uow_factory, settings) for _ in range(2)] == [1, 0]
    [destroy] = (await client.get(f"{path}/operations", params={"kind": "destroy"})).json()["items"]
    assert destroy["created_by"] == CLEANER


async def test_a_creation_that_was_mended_is_kept(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A deploy that succeeded after all ends the announcement; skipping ends it for good."""
    mended, operation = await create(client)
    spared, other = await create(client, name="spared")
    for one in (operation, other):
        await play_run(uow_factory, one["id"], PlayedRun(state=OperationState.FAILED))
    await clean(uow_factory, settings)
    again = (await client.post(f"/v1/operations/{operation['id']}/retry")).json()["operation"]
    await play_run(uow_factory, again["id"])
    assert "cleanup" not in await due(client, f"/v1/environments/{mended['id']}")
    path = f"/v1/environments/{spared['id']}"
    action = (await due(client, path))["cleanup"]["id"]
    assert (await client.post(f"{path}/scheduled-actions/{action}/skip")).status_code == 200
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE scheduled_actions SET due_at = now() WHERE due_at IS NOT NULL"))
    assert await clean(uow_factory, settings) == 0


PUT_IN_PLACE = """
INSERT INTO operations
    (id, environment_id, kind, state, blueprint, blueprint_version, request, created_by, started_at)
SELECT 'op_put', id, '{kind}', 'failed', 'ecs', '1', request, 'ann', now() FROM environments
"""
ADOPTING = """UPDATE operations SET options = '{"adopt": [{"type": "a", "name": "b", "id": "c"}]}'"""
NAMESAKE = """
INSERT INTO state_versions (stack_id, number, is_good, schema_version, features, deployment, digest,
    size_bytes, resource_count, pending_operation_count)
SELECT id, 0, true, 3, '{}', '', '', 0, 1, 0 FROM stacks
"""


@pytest.mark.parametrize(
    "taking_over",
    [
        pytest.param(PUT_IN_PLACE.format(kind="import"), id="import"),
        pytest.param(PUT_IN_PLACE.format(kind="restore"), id="restore"),
        pytest.param(ADOPTING, id="adopt"),
        pytest.param(NAMESAKE, id="a stack of its name"),
    ],
)
async def test_what_took_over_something_that_stood_is_no_failed_creation(
    client: httpx.AsyncClient,
    rows: AsyncEngine,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    taking_over: str,
) -> None:
    """Neither is it announced, nor is it destroyed if it was announced before it took over."""
    environment, operation = await create(client)
    await play_run(uow_factory, operation["id"], PlayedRun(state=OperationState.FAILED))
    await clean(uow_factory, settings)
    await make_due(rows, "cleanup")
    async with rows.begin() as connection:
        await connection.execute(text(taking_over))
    assert [await clean(uow_factory, settings) for _ in range(2)] == [0, 0]
    assert "cleanup" not in await due(client, f"/v1/environments/{environment['id']}")
