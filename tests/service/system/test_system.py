import tomllib
from pathlib import Path

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.version import VERSION
from tests.service.documents import create

REPOSITORY = Path(__file__).parents[3]


def test_version_is_the_package_version() -> None:
    """The version that the service tells is the one it is packaged under."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


async def test_system_tells_where_environments_go(client: httpx.AsyncClient) -> None:
    """Cloud, engine, accounts and blueprints are told; no secret and no address is."""
    system = (await client.get("/v1/system")).json()
    assert (system["cloud"], system["engine"], system["version"]) == ("sandbox", "auto", VERSION)
    assert (system["default_account"], system["accounts"]) == ("default", ["default", "other"])
    assert set(system["blueprints"]) == {"ecs", "eks"}


async def test_readiness_needs_every_migration(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """A database of another revision makes the process not ready, while it stays alive."""
    assert (await client.get("/readyz")).json() == {"status": "ok"}
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    response = await client.get("/readyz")
    assert (response.status_code, response.json()["hint"]) == (503, "run `berth migrate`")
    assert (await client.get("/livez")).status_code == 200


async def test_metrics_count_by_route(client: httpx.AsyncClient) -> None:
    """Answers are counted under their route's template, waiting operations by state."""
    environment, _ = await create(client)
    await client.get(f"/v1/environments/{environment['id']}")
    await client.get("/v1/nothing")
    metrics = (await client.get("/metrics")).text
    assert (
        'berth_http_requests_total{method="GET",route="/v1/environments/{environment_id}",status="200"} 1.0'
        in metrics
    )
    assert 'route="unmatched",status="404"} 1.0' in metrics
    assert 'berth_operations{state="queued"} 1.0' in metrics
    assert environment["id"] not in metrics
