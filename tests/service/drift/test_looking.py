"""When Berth itself compares an environment with the cloud."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.drift.use_cases import LOOKOUT, detect_drift_due
from service.operations.states import OperationState
from service.settings import Settings
from tests.service.documents import create
from tests.service.runs import PlayedRun, play_run

FAILS = PlayedRun(state=OperationState.FAILED)


@pytest.fixture
async def deployed(client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory) -> str:
    """The address of an environment that was deployed two days ago."""
    environment, deploy = await create(client)
    await play_run(uow_factory, deploy["id"])
    await age(rows)
    return f"/v1/environments/{environment['id']}"


async def age(rows: AsyncEngine) -> None:
    """Let two days pass since all that was done."""
    async with rows.begin() as connection:
        for statement in (
            "UPDATE operations SET created_at = created_at - :age, finished_at = finished_at - :age",
            "UPDATE environments SET created_at = created_at - :age, updated_at = updated_at - :age",
        ):
            await connection.execute(text(statement), {"age": timedelta(days=2)})


async def ask(client: httpx.AsyncClient, path: str, **wish: object) -> dict:
    response = await client.post(f"{path}/operations", json=wish)
    assert response.status_code == 202, response.text
    return response.json()["operation"]


async def look(uow_factory: UnitOfWorkFactory, settings: Settings) -> int:
    async with uow_factory() as uow:
        return await detect_drift_due(uow, settings)


async def test_what_was_not_looked_at_for_its_period_is_looked_at_once(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings, deployed: str
) -> None:
    """A comparison is asked for in the service's name, and not again while its period lasts."""
    assert [await look(uow_factory, settings) for _ in range(2)] == [1, 0]
    [detection] = (await client.get(f"{deployed}/operations", params={"kind": "detect_drift"})).json()[
        "items"
    ]
    assert detection["created_by"] == LOOKOUT
    await play_run(uow_factory, detection["id"])
    assert await look(uow_factory, settings) == 0


@pytest.mark.parametrize(
    ("wish", "started"),
    [({"kind": "preview"}, 1), ({"kind": "deploy"}, 0), ({"kind": "refresh"}, 0), (None, 1)],
)
async def test_only_what_touches_the_cloud_counts_as_a_look(
    client: httpx.AsyncClient,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    deployed: str,
    wish: dict[str, str] | None,
    started: int,
) -> None:
    """A deploy or a refresh puts the comparison off; a preview, and a pause (None), do not."""
    if wish is None:
        operation = (await client.post(f"{deployed}/pause")).json()["operation"]
    else:
        operation = await ask(client, deployed, **wish)
    await play_run(uow_factory, operation["id"])
    assert await look(uow_factory, settings) == started


@pytest.mark.parametrize(("steps", "started"), [(FAILS.steps, 1), ({}, 0)])
async def test_what_stands_of_a_failed_deploy_is_looked_at(
    client: httpx.AsyncClient,
    rows: AsyncEngine,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    steps: dict,
    started: int,
) -> None:
    """A failed environment is compared like a ready one; not where nothing was made."""
    _, deploy = await create(client)
    await play_run(uow_factory, deploy["id"], PlayedRun(steps=steps, state=OperationState.FAILED))
    await age(rows)
    assert await look(uow_factory, settings) == started


async def test_what_waits_for_the_end_of_a_freeze_holds_no_look_up(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings, deployed: str
) -> None:
    """A deploy that waits for its turn is waited for; one that waits in a freeze may wait for days."""
    await ask(client, deployed, kind="deploy")
    assert await look(uow_factory, settings) == 0
    ends_at = (utc_now() + timedelta(hours=1)).isoformat()
    await client.post("/v1/freezes", json={"reason": "sale", "team": "storefront", "ends_at": ends_at})
    assert [await look(uow_factory, settings) for _ in range(2)] == [1, 0]
