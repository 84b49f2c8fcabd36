"""The audit log says from where: by which address, which program, which request."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI

from service.main import create_app
from service.settings import Settings
from tests.service.documents import shop

PROXY = "10.0.0.7"
CALLER = "203.0.113.9"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """An installation behind a proxy of a network of its own."""
    return Settings(**{**settings.model_dump(), "trusted_proxies": ["10.0.0.0/8"]})


@asynccontextmanager
async def client_from(app: FastAPI, address: str, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, client=(address, 4711))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://berth.test",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    ) as client:
        yield client


async def entry_of(client: httpx.AsyncClient, **changes: object) -> dict[str, object]:
    """Create an environment and return what the audit log says of it."""
    answer = await client.post("/v1/environments", json=shop(**changes))
    assert answer.status_code == 202, answer.text
    (entry,) = (await client.get("/v1/audit", params={"page_size": 1})).json()["items"][:1]
    assert entry["request_id"] == answer.headers["x-request-id"]
    return entry


async def test_entry_says_from_where(app: FastAPI) -> None:
    """An entry holds the address and the program that the request came from."""
    async with client_from(app, CALLER, user_agent="curl/8.5.0") as client:
        entry = await entry_of(client)
    assert (entry["remote_address"], entry["user_agent"]) == (CALLER, "curl/8.5.0")


async def test_trusted_proxy_says_for_whom_it_asks(app: FastAPI) -> None:
    """Behind trusted proxies it is the nearest address that is none, whatever stands before it."""
    forwarded = f"127.0.0.1, {CALLER}, 10.1.2.3"
    async with client_from(app, PROXY, x_forwarded_for=forwarded) as client:
        assert (await entry_of(client))["remote_address"] == CALLER


async def test_strangers_say_nothing_about_their_address(app: FastAPI) -> None:
    """A header of somebody who is no trusted proxy is not believed."""
    async with client_from(app, CALLER, x_forwarded_for="198.51.100.1") as client:
        assert (await entry_of(client))["remote_address"] == CALLER


async def test_no_proxy_is_trusted_unasked(settings: Settings) -> None:
    """Without the setting nobody's header is believed, not even one of this machine."""
    app = create_app(settings.model_copy(update={"trusted_proxies": ()}))
    async with app.router.lifespan_context(app), client_from(app, "127.0.0.1", x_forwarded_for=CALLER) as one:
        assert (await entry_of(one))["remote_address"] == "127.0.0.1"


async def test_what_is_no_address_is_left_out(app: FastAPI) -> None:
    """A word that is no address is not recorded as one, and a long program name is cut."""
    async with client_from(app, PROXY, x_forwarded_for="unknown", user_agent="x" * 999) as client:
        entry = await entry_of(client)
    assert (entry["remote_address"], entry["user_agent"]) == (None, "x" * 256)


async def test_entries_are_found_by_address(app: FastAPI) -> None:
    """The log is filtered by the address that a deed came from."""
    async with client_from(app, CALLER) as one, client_from(app, "2001:DB8::1") as other:
        await entry_of(one)
        entry = await entry_of(other, name="other")
        found = await one.get("/v1/audit", params={"remote_address": "2001:db8:0::1"})
        refused = await one.get("/v1/audit", params={"remote_address": "nowhere"})
    assert [one["id"] for one in found.json()["items"]] == [entry["id"]]
    assert refused.status_code == 422
