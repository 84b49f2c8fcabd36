"""Webhooks from a transition to a receiver, by way of the API, the outbox and the queue."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks.webhooks import WebhookVerificationError

from service.core.unit_of_work import UnitOfWorkFactory
from service.main import create_app
from service.settings import Settings
from service.webhooks.consumer import Deliverer, delivering
from service.webhooks.jobs import requeue_forgotten
from service.webhooks.model import RETRY_DELAYS, DeliveryId
from tests.service.documents import create
from tests.service.webhooks.receiver import Receiver


async def subscribe(client: httpx.AsyncClient, receiver: Receiver, **wishes: object) -> dict[str, Any]:
    """Create an endpoint for the receiver and return it with its secret."""
    response = await client.post("/v1/webhooks", json={"url": receiver.url, **wishes})
    assert response.status_code == 201, response.text
    return response.json()


async def deliveries_of(client: httpx.AsyncClient, endpoint: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the endpoint's deliveries, newest first."""
    response = await client.get(f"/v1/webhooks/{endpoint['id']}/deliveries")
    assert response.status_code == 200, response.text
    return response.json()["items"]


async def attempt_all(client: httpx.AsyncClient, endpoint: dict[str, Any], deliverer: Deliverer) -> None:
    """Make one attempt at each of the endpoint's deliveries."""
    for delivery in await deliveries_of(client, endpoint):
        await deliverer.deliver(DeliveryId(delivery["id"]))


async def make_due(rows: AsyncEngine) -> None:
    """Let the waits of all deliveries be over."""
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE webhook_deliveries SET next_attempt_at = now()"))


async def test_transition_reaches_the_receiver_signed(
    client: httpx.AsyncClient, receiver: Receiver, settings: Settings, uow_factory: UnitOfWorkFactory
) -> None:
    """Queued and cancelled arrive through the queue, each once, signed, with the environment's sequence."""
    endpoint = await subscribe(client, receiver)
    environment, operation = await create(client)
    async with delivering(settings, uow_factory):
        await receiver.wait_for(1)
        assert (await client.post(f"/v1/operations/{operation['id']}/cancel")).status_code == 202
        messages = await receiver.wait_for(2)
    opened = [message.verified(endpoint["secret"]) for message in messages]
    assert [message["type"] for message in opened] == ["operation.queued", "operation.cancelled"]
    assert [message["sequence"] for message in opened] == [1, 2]
    assert opened[0]["data"]["environment_id"] == environment["id"]
    assert opened[0]["data"]["operation_id"] == operation["id"]
    assert {delivery["state"] for delivery in await deliveries_of(client, endpoint)} == {"delivered"}


async def test_process_that_serves_the_api_delivers(settings: Settings, receiver: Receiver) -> None:
    """An application told to deliver does so for as long as it is up, and ends with it."""
    app = create_app(settings, delivers_webhooks=True)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://berth.test") as client,
    ):
        endpoint = await subscribe(client, receiver)
        await client.post(f"/v1/webhooks/{endpoint['id']}/ping")
        (message,) = await receiver.wait_for(1)
    assert message.verified(endpoint["secret"])["type"] == "ping"


async def test_event_is_written_with_the_transition_or_not_at_all(
    client: httpx.AsyncClient, receiver: Receiver, rows: AsyncEngine
) -> None:
    """A creation that is refused leaves no event and no delivery."""
    endpoint = await subscribe(client, receiver)
    await create(client)
    refused = await client.post("/v1/environments", json={"name": "shop", "team": "storefront"})
    assert refused.status_code == 422
    async with rows.connect() as connection:
        events = (await connection.execute(text("SELECT count(*) FROM webhook_events"))).scalar_one()
    assert events == 1
    assert len(await deliveries_of(client, endpoint)) == 1


async def test_endpoint_gets_what_it_asked_for(client: httpx.AsyncClient, receiver: Receiver) -> None:
    """Other teams' events, and types that were not asked for, are not sent."""
    others = await subscribe(client, receiver, team="payments")
    failures = await subscribe(client, receiver, event_types=["operation.failed"])
    own = await subscribe(client, receiver, team="storefront", event_types=["operation.queued"])
    await create(client)
    assert await deliveries_of(client, others) == []
    assert await deliveries_of(client, failures) == []
    assert len(await deliveries_of(client, own)) == 1


async def test_failed_attempt_is_tried_again_until_the_day_is_over(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer, rows: AsyncEngine
) -> None:
    """Each failure waits longer; after the last one the delivery has failed and nothing more is sent."""
    receiver.statuses = [500]
    endpoint = await subscribe(client, receiver)
    await create(client)
    for number in range(1, len(RETRY_DELAYS) + 2):
        await attempt_all(client, endpoint, deliverer)
        (delivery,) = await deliveries_of(client, endpoint)
        assert (delivery["attempts"], delivery["last_status"]) == (number, 500)
        await attempt_all(client, endpoint, deliverer)  # not due: no attempt
        assert len(receiver.messages) == number
        await make_due(rows)
    assert (delivery["state"], delivery["next_attempt_at"]) == ("failed", None)
    assert len({message.headers["webhook-id"] for message in receiver.messages}) == 1
    assert sum((delay.total_seconds() for delay in RETRY_DELAYS), 0) <= 24 * 3600


async def test_receiver_that_recovers_gets_the_message(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer, rows: AsyncEngine
) -> None:
    """A second attempt sends the same message under the same id."""
    receiver.statuses = [503, 200]
    endpoint = await subscribe(client, receiver)
    await create(client)
    await attempt_all(client, endpoint, deliverer)
    await make_due(rows)
    await attempt_all(client, endpoint, deliverer)
    first, second = receiver.messages
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert (await deliveries_of(client, endpoint))[0]["state"] == "delivered"


async def test_gone_disables_the_endpoint(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer
) -> None:
    """410 ends it: what waits is dropped, later events are not written for it, and a ping is refused."""
    receiver.statuses = [410]
    endpoint = await subscribe(client, receiver)
    _, operation = await create(client)
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    await attempt_all(client, endpoint, deliverer)
    shown = (await client.get(f"/v1/webhooks/{endpoint['id']}")).json()
    assert (shown["is_enabled"], shown["disabled_reason"]) == (False, "the receiver answered 410 Gone")
    states = sorted(delivery["state"] for delivery in await deliveries_of(client, endpoint))
    assert states == ["dropped", "failed"]
    assert len(receiver.messages) == 1
    ping = await client.post(f"/v1/webhooks/{endpoint['id']}/ping")
    assert (ping.status_code, ping.json()["code"]) == (409, "webhook_endpoint_disabled")


async def test_redirect_is_not_followed(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer
) -> None:
    """A redirect is a failed attempt: nobody else gets the message."""
    receiver.statuses = [307]
    endpoint = await subscribe(client, receiver)
    await create(client)
    await attempt_all(client, endpoint, deliverer)
    (delivery,) = await deliveries_of(client, endpoint)
    assert (delivery["state"], delivery["last_status"]) == ("pending", 307)
    assert len(receiver.messages) == 1


async def test_receiver_that_is_away_is_an_error_not_a_crash(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer
) -> None:
    """A closed port is recorded and tried again."""
    receiver.url = "http://127.0.0.1:9/hook"
    endpoint = await subscribe(client, receiver)
    await create(client)
    await attempt_all(client, endpoint, deliverer)
    (delivery,) = await deliveries_of(client, endpoint)
    assert (delivery["state"], delivery["last_status"]) == ("pending", None)
    assert delivery["last_error"].startswith("ConnectError")


async def test_rotated_secret_signs_beside_the_new_one(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer, rows: AsyncEngine
) -> None:
    """For a day both secrets verify; then the old one no longer does."""
    endpoint = await subscribe(client, receiver)
    rotated = (await client.post(f"/v1/webhooks/{endpoint['id']}/rotate")).json()
    assert rotated["secret"] != endpoint["secret"]
    await client.post(f"/v1/webhooks/{endpoint['id']}/ping")
    await attempt_all(client, endpoint, deliverer)
    (message,) = receiver.messages
    assert message.verified(endpoint["secret"]) == message.verified(rotated["secret"])
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE webhook_endpoints SET previous_secret_until = now() - interval '1 second'")
        )
    await client.post(f"/v1/webhooks/{endpoint['id']}/ping")
    await attempt_all(client, endpoint, deliverer)
    message.verified(rotated["secret"])
    with pytest.raises(WebhookVerificationError):
        receiver.messages[-1].verified(endpoint["secret"])


async def test_delivered_event_can_be_replayed(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer
) -> None:
    """A replay is a delivery of its own with the same message."""
    endpoint = await subscribe(client, receiver)
    await create(client)
    await attempt_all(client, endpoint, deliverer)
    (delivery,) = await deliveries_of(client, endpoint)
    path = f"/v1/webhooks/{endpoint['id']}/deliveries/{delivery['id']}/replay"
    replayed = await client.post(path)
    assert replayed.status_code == 202
    await attempt_all(client, endpoint, deliverer)
    first, second = receiver.messages
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == delivery["event_id"]


async def test_secret_stands_nowhere_in_plain_text(
    client: httpx.AsyncClient, receiver: Receiver, rows: AsyncEngine
) -> None:
    """Neither the endpoint's row, nor a kept answer, nor the audit log holds it; a repetition has none."""
    wish = {"url": receiver.url}
    key = {"Idempotency-Key": "once"}
    first = await client.post("/v1/webhooks", json=wish, headers=key)
    again = await client.post("/v1/webhooks", json=wish, headers=key)
    secret = first.json()["secret"]
    assert again.json() == {**first.json(), "secret": None}
    async with rows.connect() as connection:
        tables = ("webhook_endpoints", "idempotency_keys", "audit_log")
        for table in tables:
            dumped = (await connection.execute(text(f"SELECT * FROM {table}"))).all()  # noqa: S608 -- ours
            assert dumped
            assert secret.removeprefix("whsec_") not in repr(dumped)


async def test_delivery_of_a_dead_worker_is_made_by_another(
    client: httpx.AsyncClient,
    receiver: Receiver,
    deliverer: Deliverer,
    rows: AsyncEngine,
    uow_factory: UnitOfWorkFactory,
) -> None:
    """A job that was fetched and never finished is dropped, and its delivery gets another."""
    endpoint = await subscribe(client, receiver)
    await create(client)
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
        await connection.execute(
            text(
                "UPDATE webhook_deliveries SET attempts = 1, next_attempt_at = now() - interval '1 hour', "
                "attempt_until = now() - interval '1 hour'"
            )
        )
    async with uow_factory() as uow:
        await requeue_forgotten(uow.session)
        await uow.commit()
    async with rows.connect() as connection:
        waiting = await connection.execute(
            text("SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'webhooks' AND status = 'todo'")
        )
        assert waiting.scalar_one() == 1
    await attempt_all(client, endpoint, deliverer)
    assert len(receiver.messages) == 1


async def test_two_attempts_at_once_send_once(
    client: httpx.AsyncClient, receiver: Receiver, deliverer: Deliverer
) -> None:
    """A delivery that is being attempted is not taken a second time."""
    endpoint = await subscribe(client, receiver)
    await create(client)
    (delivery,) = await deliveries_of(client, endpoint)
    delivery_id = DeliveryId(delivery["id"])
    await asyncio.gather(*(deliverer.deliver(delivery_id) for _ in range(5)))
    assert len(receiver.messages) == 1


async def test_endpoint_is_changed_and_removed(client: httpx.AsyncClient, receiver: Receiver) -> None:
    """A patch changes what it gives; disabling drops what waits; a removed endpoint is gone."""
    endpoint = await subscribe(client, receiver, team="storefront")
    await create(client)
    path = f"/v1/webhooks/{endpoint['id']}"
    changed = await client.patch(path, json={"is_enabled": False, "description": "off"})
    assert changed.status_code == 200
    assert changed.json()["team"] == "storefront"
    assert (await deliveries_of(client, endpoint))[0]["state"] == "dropped"
    enabled = await client.patch(path, json={"is_enabled": True})
    assert (enabled.json()["is_enabled"], enabled.json()["disabled_reason"]) == (True, None)
    assert [one["id"] for one in (await client.get("/v1/webhooks")).json()["items"]] == [endpoint["id"]]
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).json()["code"] == "webhook_endpoint_not_found"
