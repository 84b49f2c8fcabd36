"""Environments with something due, and the clock put forward."""

from datetime import timedelta

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.documents import create
from tests.service.runs import play_run


async def ready(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, **changes: object) -> str:
    """A deployed environment's address."""
    environment, operation = await create(client, **changes)
    await play_run(uow_factory, operation["id"])
    return f"/v1/environments/{environment['id']}"


async def due(client: httpx.AsyncClient, path: str) -> dict[str, dict]:
    """What is due, by kind."""
    response = await client.get(f"{path}/scheduled-actions")
    assert response.status_code == 200, response.text
    return {one["kind"]: one for one in response.json()["items"]}


async def make_due(rows: AsyncEngine, kind: str, ago: timedelta = timedelta(minutes=1)) -> None:
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE scheduled_actions SET due_at = :at, planned_at = :at WHERE kind = :kind"),
            {"at": utc_now() - ago, "kind": kind},
        )
