"""Scripts of other web origins: none may call, unless the installation names theirs."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY

PORTAL = "https://portal.example.com"
STRANGER = "https://evil.example.com"
WISH = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,if-match"}


def cors_headers(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


@pytest.mark.parametrize("path", ["/v1/environments", "/livez", "/openapi.json", "/api/user", "/nowhere"])
async def test_by_default_no_other_origin_may_call(client: httpx.AsyncClient, path: str) -> None:
    """No answer allows anything, and a preflight is no request that is known."""
    asked = await client.get(path, headers={"Origin": STRANGER})
    preflight = await client.options(path, headers={"Origin": STRANGER, **WISH})
    assert (cors_headers(asked), cors_headers(preflight)) == ({}, {})
    assert preflight.status_code in {404, 405}


@pytest.fixture
async def opened(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings.model_copy(update={"allowed_origins": (PORTAL,)}))
    async with app.router.lifespan_context(app):
        yield app


async def test_a_named_origin_may_call(opened: FastAPI) -> None:
    """Its scripts send what callers send and read what they need; errors are readable too; no cookies."""
    transport = httpx.ASGITransport(opened)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as client:
        preflight = await client.options("/v1/environments", headers={"Origin": PORTAL, **WISH})
        asked = await client.get("/v1/environments", headers={"Origin": PORTAL})
        refused = await client.get("/v1/environments?page_size=0", headers={"Origin": PORTAL})
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == PORTAL
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "If-Match" in preflight.headers["access-control-allow-headers"]
    for answer in (asked, refused):
        assert answer.headers["access-control-allow-origin"] == PORTAL
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "Origin"
    assert (asked.status_code, refused.status_code) == (200, 422)
    assert "access-control-allow-credentials" not in preflight.headers


async def test_other_origins_stay_outside(opened: FastAPI) -> None:
    """Naming one opens nothing to the next."""
    transport = httpx.ASGITransport(opened)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as client:
        preflight = await client.options("/v1/environments", headers={"Origin": STRANGER, **WISH})
        asked = await client.get("/v1/environments", headers={"Origin": STRANGER})
    assert preflight.status_code == 400
    assert "access-control-allow-origin" not in {**cors_headers(preflight), **cors_headers(asked)}


@pytest.mark.parametrize("origin", ["*", "https://portal.example.com/", "null", "portal.example.com"])
def test_what_is_no_origin_is_refused(origin: str) -> None:
    """`*` would let every page that a developer has open call the API of their machine."""
    with pytest.raises(ValidationError):
        Settings(secrets_key=SECRETS_KEY, allowed_origins=(origin,))
