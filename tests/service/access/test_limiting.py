"""How often callers may ask, of the application behind a real server."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from service.access.credentials import Credential
from service.access.limiting import LimitedAuthenticator
from service.access.model import Caller, CallerKind
from service.access.settings import RateLimitSetting
from service.core.errors import UnauthenticatedError
from service.core.unit_of_work import UnitOfWorkFactory
from service.main import create_app
from service.settings import Settings
from tests.service.backend.engine_client import Scene, made, thing
from tests.service.conftest import serve
from tests.service.documents import create

ADMIN_TOKEN = "an-admin-token-of-more-than-32-characters"  # noqa: S105 -- opens tests only
MOST = 8


def limited(settings: Settings, **limits: int | None) -> Settings:
    changes = {"admin_token": ADMIN_TOKEN, "rate_limits": limits, "database_url": settings.database_url}
    return Settings.model_validate({**settings.model_dump(), "secrets_key": settings.secrets_key, **changes})


def bearing(url: str, token: str | None, **headers: str) -> httpx.AsyncClient:
    proof = {} if token is None else {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=url, headers={**proof, **headers})


@pytest.fixture
async def url(settings: Settings) -> AsyncIterator[str]:
    changed = limited(settings, requests_per_minute=MOST, sign_in_failures_per_minute=MOST)
    async with serve(create_app(changed)) as address:
        yield address


async def exhaust(client: httpx.AsyncClient, path: str = "/v1/me") -> httpx.Response:
    """Ask until refused; return the refusal."""
    for _ in range(MOST + 1):
        answer = await client.get(path)
        if answer.status_code == 429:
            return answer
    raise AssertionError(answer.status_code)


async def test_one_request_too_many_is_told_when_to_come_back(url: str) -> None:
    """429 with Retry-After, as a problem; every route of the caller counts."""
    async with bearing(url, ADMIN_TOKEN) as admin:
        answers = [await admin.get(path) for path in ["/v1/me", "/v1/environments"] * (MOST // 2)]
        assert [answer.status_code for answer in answers] == [200] * MOST
        answer = await admin.get("/v1/environments")
    assert (answer.status_code, answer.headers["content-type"]) == (429, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["retryable"]) == ("rate_limited", True)
    assert 1 <= int(answer.headers["retry-after"]) <= 60


async def test_callers_do_not_pay_for_each_other(url: str) -> None:
    """A second token of one's own is the same caller; another person, or another behind a portal, is not."""
    async with bearing(url, ADMIN_TOKEN) as admin:
        wish = {"kind": "service", "name": "portal", "team": "storefront", "forwards_users": True}
        wish |= {"grants": [{"team": "storefront", "role": "developer"}]}
        portal = (await admin.post("/v1/tokens", json=wish)).json()["token"]
        await exhaust(admin)
    async with bearing(url, portal, **{"Berth-On-Behalf-Of": "user:default/kim"}) as kim:
        await exhaust(kim)
    async with bearing(url, portal, **{"Berth-On-Behalf-Of": "user:default/ann"}) as ann:
        assert (await ann.get("/v1/me")).status_code == 200
        own = {"kind": "personal", "name": "laptop"}
        assert (await ann.post("/v1/tokens", json=own)).status_code in {201, 403}


async def test_failures_are_limited_by_address_and_hold_up_nobody_who_was_known(url: str) -> None:
    """Bad tokens are refused unjudged, also at the Pulumi backend; whoever was accepted lately goes on."""
    async with bearing(url, ADMIN_TOKEN) as admin, bearing(url, "nonsense") as nobody:
        assert (await admin.get("/v1/me")).status_code == 200
        for path in ["/v1/me", "/api/user"] * (MOST // 2):
            assert (await nobody.get(path)).status_code == 401
        for path in ("/v1/me", "/api/user"):
            refused = await nobody.get(path)
            assert (refused.status_code, "retry-after" in refused.headers) == (429, True)
        assert (await admin.get("/v1/me")).status_code == 200
        assert (await nobody.get("/livez")).status_code == 200
        assert (await nobody.get("/docs")).status_code == 200


async def test_a_stream_counts_once(settings: Settings) -> None:
    """However many events it carries; the limit is for asking, not for listening."""
    changed = limited(settings, requests_per_minute=3, sign_in_failures_per_minute=None)
    async with serve(create_app(changed)) as address, bearing(address, ADMIN_TOKEN) as admin:
        _, operation = await create(admin)
        path = f"/v1/operations/{operation['id']}/events"
        async with admin.stream("GET", path, headers={"Accept": "text/event-stream"}) as stream:
            lines = stream.aiter_lines()
            assert (await anext(lines)) != ""
            cancelled = await admin.post(f"/v1/operations/{operation['id']}/cancel")
            assert cancelled.status_code == 202
            rest = [line async for line in lines]
        assert "event: done" in rest
        assert (await admin.get("/v1/me")).status_code == 429


async def test_an_engine_is_never_held_up(settings: Settings, uow_factory: UnitOfWorkFactory) -> None:
    """It writes far more than any caller may ask, with its worker's token and its lease."""
    app = create_app(limited(settings, requests_per_minute=1, sign_in_failures_per_minute=1))
    async with serve(app) as address, httpx.AsyncClient(base_url=f"{address}/api") as http:
        scene = await Scene.begin(http, uow_factory)
        assert (await scene.engine.start()).status_code == 200
        asked = [await scene.engine.ask("GET", "") for _ in range(10)]
        written = [await scene.engine.journal(made(number, number, thing("a"))) for number in range(1, 11)]
        assert {answer.status_code for answer in (*asked, *written)} == {200}


async def test_nobody_is_limited_where_nobody_must_prove_anything(settings: Settings) -> None:
    """On one's own machine there is one caller, whose machine it is."""
    changed = settings.model_copy(update={"rate_limits": RateLimitSetting(requests_per_minute=1)})
    async with serve(create_app(changed)) as address, httpx.AsyncClient(base_url=address) as client:
        answers = await asyncio.gather(*(client.get("/v1/me") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}


class Believing:
    """Knows the callers of these tokens."""

    def __init__(self, callers: Mapping[str, Caller]) -> None:
        self._callers = callers
        self.judged = 0

    async def identify(self, credential: Credential) -> Caller:
        self.judged += 1
        if credential.token not in self._callers:
            raise UnauthenticatedError("nobody")
        return self._callers[credential.token or ""]


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("198.51.100.7", "198.51.100.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
    ],
)
async def test_an_ipv6_network_is_one_address(first: str, second: str, is_one: bool) -> None:
    """Its subscriber has 2^64 of them; what is refused is not judged."""
    inner = Believing({"good": Caller("user:kim", CallerKind.USER)})
    guard = LimitedAuthenticator(inner, RateLimitSetting(sign_in_failures_per_minute=1))
    with pytest.raises(UnauthenticatedError):
        await guard.identify(Credential("bad", address=first))
    judged = inner.judged
    with pytest.raises(Exception, match="in a minute" if is_one else "nobody"):
        await guard.identify(Credential("bad", address=second))
    assert inner.judged == judged + (0 if is_one else 1)
