"""Environments with a time to live: warned of, extended, ended."""

from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWorkFactory
from service.environments import expiry
from service.environments.expiry import REAPER, expire_due
from service.settings import Settings
from tests.service.documents import create, shop


async def move_end(rows: AsyncEngine, left: timedelta) -> None:
    """Let every environment end in `left` from now."""
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE environments SET expires_at = :at"), {"at": utc_now() + left})


async def told(rows: AsyncEngine, prefix: str = "environment.") -> list[str]:
    """The types of what was told to webhooks about environments, in order."""
    async with rows.connect() as connection:
        found = await connection.scalars(text("SELECT type FROM webhook_events ORDER BY sequence"))
        return [one for one in found if one.startswith(prefix)]


async def tick(uow_factory: UnitOfWorkFactory, settings: Settings) -> int:
    async with uow_factory() as uow:
        return await expire_due(uow, settings)


async def test_each_warning_is_given_once(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Two days, two hours and half an hour before its end an environment is warned of, once each."""
    await create(client, ttl="P10D")
    given = []
    for left in (timedelta(days=3), timedelta(hours=40), timedelta(hours=1), timedelta(minutes=20)):
        await move_end(rows, left)
        given.append([await tick(uow_factory, settings) for _ in range(2)])
    assert given == [[0, 0], [1, 0], [1, 0], [1, 0]]
    assert await told(rows) == ["environment.expiring"] * 3


async def test_missed_warnings_are_not_given_late(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """After an outage one warning says how little time is left, not three."""
    await create(client, ttl="P10D")
    await move_end(rows, timedelta(minutes=10))
    assert [await tick(uow_factory, settings) for _ in range(3)] == [1, 0, 0]


async def test_end_is_a_destroy(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """When its time is over an environment is destroyed, once, in the name of the service."""
    environment, _ = await create(client, ttl="P1D")
    await move_end(rows, timedelta(seconds=-1))
    assert [await tick(uow_factory, settings) for _ in range(2)] == [1, 0]
    path = f"/v1/environments/{environment['id']}/operations"
    [destroy] = (await client.get(path, params={"kind": "destroy"})).json()["items"]
    assert (destroy["created_by"], destroy["state"]) == (REAPER, "queued")
    assert await told(rows) == ["environment.expired"]


async def test_failed_end_is_tried_again_later(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """A destroy that failed is not begun again at once, but in an hour."""
    await create(client, ttl="P1D")
    await move_end(rows, timedelta(seconds=-1))
    await tick(uow_factory, settings)
    for ago, begun in (("1 minute", 0), ("2 hours", 1)):
        async with rows.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE operations SET state = 'failed', finished_at = now() - CAST(:ago AS interval) "
                    "WHERE kind = 'destroy'"
                ),
                {"ago": ago},
            )
        assert await tick(uow_factory, settings) == begun


async def test_what_cannot_be_ended_hides_nothing(
    client: httpx.AsyncClient,
    rows: AsyncEngine,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many environments have full lines, those after them are ended in the same round."""
    monkeypatch.setattr(expiry, "BATCH", 1)
    full, _ = await create(client, ttl="P1D")
    path = f"/v1/environments/{full['id']}/operations"
    while (await client.post(path, json={"kind": "preview"})).status_code == 202:
        pass
    await create(client, name="later", ttl="P1D")
    await move_end(rows, timedelta(seconds=-1))
    assert await tick(uow_factory, settings) == 1


async def test_protected_environment_outlives_its_time(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Expiry does not destroy what is protected."""
    await create(client, ttl="P1D", protected=True)
    await move_end(rows, timedelta(seconds=-1))
    assert await tick(uow_factory, settings) == 0


async def test_extending_counts_from_now(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """An extension moves the end to so long from now and brings the warnings back."""
    environment, _ = await create(client, ttl="P1D")
    await tick(uow_factory, settings)
    before = utc_now()
    path = f"/v1/environments/{environment['id']}"
    response = await client.post(f"{path}/extend", json={"ttl": "P5D"})
    assert response.status_code == 200
    expires_at = datetime.fromisoformat(response.json()["expires_at"])
    assert before + timedelta(days=5) <= expires_at <= utc_now() + timedelta(days=5)
    assert (await client.get(path)).json()["expires_at"] == response.json()["expires_at"]
    assert (await client.get(path)).json()["revision"] == 1
    await move_end(rows, timedelta(days=1))
    assert await tick(uow_factory, settings) == 1
    assert await told(rows) == ["environment.expiring", "environment.extended", "environment.expiring"]
    async with rows.connect() as connection:
        detail = await connection.scalar(
            text("SELECT detail FROM audit_log WHERE action = 'environment.extended'")
        )
    assert detail["before"] == environment["expires_at"].replace("Z", "+00:00")


async def test_extending_never_shortens(client: httpx.AsyncClient) -> None:
    """An end before the present one is refused with the present one, and nothing is changed."""
    environment, _ = await create(client, ttl="P10D")
    refused = await client.post(f"/v1/environments/{environment['id']}/extend", json={"ttl": "P1D"})
    assert refused.status_code == 422
    [wrong] = refused.json()["errors"]
    assert (wrong["pointer"], wrong["code"]) == ("/ttl", "ttl_too_short")
    unchanged = (await client.get(f"/v1/environments/{environment['id']}")).json()
    assert unchanged["expires_at"] == environment["expires_at"]


async def test_changed_ttl_counts_from_the_extension(client: httpx.AsyncClient) -> None:
    """After an extension a changed ttl of the request counts from that, not from creation."""
    environment, _ = await create(client, ttl="P1D")
    path = f"/v1/environments/{environment['id']}"
    extended = (await client.post(f"{path}/extend", json={"ttl": "P5D"})).json()
    changed = await client.patch(path, json={"ttl": "P6D"}, headers={"If-Match": "*"})
    added = datetime.fromisoformat(changed.json()["environment"]["expires_at"]) - datetime.fromisoformat(
        extended["expires_at"]
    )
    assert added == timedelta(days=1)


async def test_what_does_not_end_is_not_extended(client: httpx.AsyncClient) -> None:
    """Without a time to live, or once a destroy waits, there is nothing to extend."""
    environment, _ = await create(client)
    path = f"/v1/environments/{environment['id']}/extend"
    response = await client.post(path, json={"ttl": "P5D"})
    assert (response.status_code, response.json()["code"]) == (409, "environment_not_expiring")
    ending, _ = await create(client, name="ending", ttl="P1D")
    await client.delete(f"/v1/environments/{ending['id']}")
    response = await client.post(f"/v1/environments/{ending['id']}/extend", json={"ttl": "P5D"})
    assert (response.status_code, response.json()["code"]) == (409, "environment_destroyed")


@pytest.mark.parametrize("ttl", ["P31D", "P90D"])
async def test_classes_have_a_longest_life(client: httpx.AsyncClient, ttl: str) -> None:
    """A class's limit holds at creation, in changes and in extensions."""
    document = shop(ttl=ttl, **{"class": "ephemeral"})
    refused = [await client.post("/v1/environments", json=document)]
    environment, _ = await create(client, **{"class": "ephemeral"})
    path = f"/v1/environments/{environment['id']}"
    refused.append(await client.patch(path, json={"ttl": ttl}, headers={"If-Match": "*"}))
    refused.append(await client.post(f"{path}/extend", json={"ttl": ttl}))
    for response in refused:
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/ttl")


@pytest.mark.parametrize("ttl", [3600, "tomorrow", "P0D", None])
async def test_odd_durations_are_refused(client: httpx.AsyncClient, ttl: object) -> None:
    """An extension is an ISO 8601 duration of at least five minutes."""
    environment, _ = await create(client, ttl="P1D")
    response = await client.post(f"/v1/environments/{environment['id']}/extend", json={"ttl": ttl})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/ttl")
