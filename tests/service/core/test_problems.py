import socket

import httpx
import pytest
from fastapi import FastAPI

from service.core.errors import BerthError
from service.core.problems import status_of
from service.main import create_app
from service.settings import Settings
from tests.service.conftest import SECRETS_KEY


def every_error(root: type[BerthError] = BerthError) -> set[type[BerthError]]:
    return {root}.union(*(every_error(child) for child in root.__subclasses__()))


def test_codes_are_unique() -> None:
    """No two errors of /v1 share a code: programs decide by it. The engine's API has codes of its own."""
    errors = [error for error in every_error() if not error.__module__.startswith("service.backend")]
    codes = [error.code for error in errors if "code" in vars(error)]
    assert sorted(codes) == sorted(set(codes))


def test_every_error_of_the_api_has_a_status() -> None:
    """The table gives a status to each domain error; only the root itself has none of its own."""
    assert status_of(BerthError) == 500
    for error in every_error() - {BerthError}:
        assert 400 <= status_of(error) < 600


async def test_what_is_not_there(client: httpx.AsyncClient) -> None:
    """Unknown addresses and methods are problems like any other, with the methods there are."""
    nowhere = await client.get("/v1/nothing")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not_found")
    wrong = await client.put("/v1/environments")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert set(wrong.headers["allow"].split(", ")) <= {"GET", "POST"}


async def test_request_id_is_kept_or_made(client: httpx.AsyncClient) -> None:
    """A usable id of the caller is answered with; an unusable one is replaced."""
    kept = await client.get("/livez", headers={"X-Request-Id": "abc-1"})
    made = await client.get("/livez", headers={"X-Request-Id": "a b\tc"})
    assert kept.headers["x-request-id"] == "abc-1"
    assert made.headers["x-request-id"].startswith("req_")


async def test_faults_do_not_tell_their_text(app: FastAPI) -> None:
    """An unforeseen error answers 500 with nothing of its own text, and the request's id to look it up by."""

    def fail() -> None:
        raise RuntimeError("the secret is 1234")

    app.add_api_route("/fail", fail)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as client:
        response = await client.get("/fail")
    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "1234" not in response.text
    assert response.json()["request_id"] == response.headers["x-request-id"]


async def test_database_that_is_away() -> None:
    """Without its database the service lives, is not ready, and says that trying again makes sense."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    app = create_app(
        Settings(database_url=f"postgresql://nobody@127.0.0.1:{port}/x", secrets_key=SECRETS_KEY)
    )
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://berth.test") as client,
    ):
        assert (await client.get("/livez")).status_code == 200
        for path in ("/readyz", "/v1/environments"):
            response = await client.get(path)
            assert (response.status_code, response.json()["code"]) == (503, "unavailable")
            assert response.json()["retryable"]
            assert response.headers["retry-after"]


@pytest.mark.parametrize("missing", ["database_url", "secrets_key"])
def test_settings_that_are_needed(missing: str) -> None:
    """The application refuses to be made without what it needs, and says what to set."""
    given = {"database_url": "postgresql://x", "secrets_key": SECRETS_KEY, missing: None}
    with pytest.raises(BerthError) as refused:
        create_app(Settings(**given))  # type: ignore[arg-type]
    assert f"BERTH_{missing.upper()}" in (refused.value.hint or "")
