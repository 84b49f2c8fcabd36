"""Receivers that are slow, or end at once: what they cost the others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.unit_of_work import UnitOfWorkFactory
from service.settings import Settings
from service.webhooks.attempts import ATTEMPTS_AT_ONCE, Attempt
from service.webhooks.consumer import CONCURRENCY, Deliverer, delivering
from service.webhooks.jobs import requeue_forgotten
from service.webhooks.model import DeliveryId, EndpointId, EventId
from service.webhooks.sending import send
from service.webhooks.targets import TargetRules
from tests.service.webhooks.receiver import Receiver, dripping, receiving

MANY = 2 * CONCURRENCY


@pytest.fixture
async def slow() -> AsyncIterator[Receiver]:
    """A receiver that answers nobody until it may."""
    async with receiving() as made:
        made.may_answer.clear()
        yield made
        made.may_answer.set()


async def subscribe(client: httpx.AsyncClient, receiver: Receiver) -> str:
    """Create an endpoint for the receiver and return its path."""
    response = await client.post("/v1/webhooks", json={"url": receiver.url})
    return f"/v1/webhooks/{response.json()['id']}"


async def ping(client: httpx.AsyncClient, path: str) -> DeliveryId:
    """Have a message sent; return its delivery."""
    response = await client.post(f"{path}/ping")
    assert response.status_code == 202, response.text
    return DeliveryId(response.json()["id"])


async def test_answer_that_drips_is_given_up_in_time() -> None:
    """The limit is of the whole attempt: bytes that come one by one do not begin it anew."""
    async with dripping() as url:
        attempt = Attempt(
            DeliveryId("whd_1"),
            1,
            EndpointId("whe_1"),
            url,
            (),
            EventId("evt_1"),
            "ping",
            datetime.now(UTC),
            1,
            {},
        )
        async with asyncio.timeout(10):
            result = await send(attempt, (), TargetRules(("127.0.0.0/8",)), timeout_seconds=0.2)
    assert (result.status, result.error) == (None, "no answer within 0.2 seconds")


async def test_slow_receiver_holds_up_nobody_else(
    client: httpx.AsyncClient,
    receiver: Receiver,
    slow: Receiver,
    settings: Settings,
    uow_factory: UnitOfWorkFactory,
) -> None:
    """With more waiting for it than a process has slots, another endpoint still gets its message."""
    path = await subscribe(client, slow)
    for _ in range(MANY):
        await ping(client, path)
    async with delivering(settings, uow_factory):
        await slow.wait_for(ATTEMPTS_AT_ONCE)
        await ping(client, await subscribe(client, receiver))
        await receiver.wait_for(1)
        assert len(slow.messages) == ATTEMPTS_AT_ONCE
        slow.may_answer.set()
        await slow.wait_for(MANY)
    assert len({message.headers["webhook-id"] for message in slow.messages}) == MANY


async def test_what_waits_for_a_slow_receiver_is_not_put_in_line_meanwhile(
    client: httpx.AsyncClient,
    slow: Receiver,
    deliverer: Deliverer,
    rows: AsyncEngine,
    uow_factory: UnitOfWorkFactory,
) -> None:
    """Its next job comes with the end of an attempt, not from the search for forgotten ones."""
    path = await subscribe(client, slow)
    deliveries = [await ping(client, path) for _ in range(ATTEMPTS_AT_ONCE + 2)]
    async with rows.begin() as connection:
        await connection.execute(text("DELETE FROM procrastinate_jobs"))
    async with asyncio.TaskGroup() as tasks:
        for delivery in deliveries:
            tasks.create_task(deliverer.deliver(delivery))
        await slow.wait_for(ATTEMPTS_AT_ONCE)
        async with uow_factory() as uow:
            await requeue_forgotten(uow.session, settling_seconds=0)
            await uow.commit()
        assert await jobs(rows) == 0
        slow.may_answer.set()
    assert len(slow.messages) == ATTEMPTS_AT_ONCE
    assert 1 <= await jobs(rows) <= ATTEMPTS_AT_ONCE


async def jobs(rows: AsyncEngine) -> int:
    """Return how many attempts are in line."""
    async with rows.connect() as connection:
        return (await connection.execute(text("SELECT count(*) FROM procrastinate_jobs"))).scalar_one()


async def test_two_ends_at_once_take_turns(
    client: httpx.AsyncClient, slow: Receiver, deliverer: Deliverer
) -> None:
    """Two answers of 410 at the same time both disable the endpoint, whichever is the first."""
    slow.statuses = [410]
    path = await subscribe(client, slow)
    deliveries = [await ping(client, path) for _ in range(ATTEMPTS_AT_ONCE)]
    async with asyncio.TaskGroup() as tasks:
        for delivery in deliveries:
            tasks.create_task(deliverer.deliver(delivery))
        await slow.wait_for(ATTEMPTS_AT_ONCE)
        slow.may_answer.set()
    assert (await client.get(path)).json()["is_enabled"] is False
