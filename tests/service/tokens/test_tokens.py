"""Berth's own tokens: made, used, narrowed, revoked."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.permissions import Role
from service.main import create_app
from service.settings import Settings
from service.tokens.tables import TokenRow
from tests.service.access.callers import PLATFORM_ADMIN, client_of, know, member
from tests.service.documents import shop

ADMIN_TOKEN = "an-admin-token-of-more-than-32-characters"  # noqa: S105 -- opens tests only
CI = {"kind": "service", "name": "ci", "team": "storefront"}
DEVELOPER = [{"team": "storefront", "role": "developer"}]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"admin_token": Settings(admin_token=ADMIN_TOKEN).admin_token})


def with_token(app: FastAPI, token: str, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(
        transport=transport,
        base_url="http://berth.test",
        headers={"Authorization": f"Bearer {token}", **headers},
    )


async def make(client: httpx.AsyncClient, wish: Mapping[str, object]) -> dict:
    created = await client.post("/v1/tokens", json=wish)
    assert created.status_code == 201, created.text
    return created.json()


@pytest.fixture
async def admin(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with with_token(app, ADMIN_TOKEN) as client:
        yield client


async def test_service_token_does_what_its_role_may_in_its_team(
    app: FastAPI, admin: httpx.AsyncClient
) -> None:
    """From its making by the admin token to an environment that is recorded under its name."""
    made = await make(admin, {**CI, "grants": DEVELOPER})
    assert made["token"].startswith("bth_st_")
    assert made["subject"] == "service:storefront/ci"
    async with with_token(app, made["token"]) as ci:
        assert (await ci.get("/v1/me")).json()["grants"] == DEVELOPER
        accepted = await ci.post("/v1/environments", json={**shop(), "team": "storefront"})
        assert accepted.status_code == 202
        assert accepted.json()["operation"]["created_by"] == "service:storefront/ci"
        assert (await ci.post("/v1/environments", json={**shop(), "team": "payments"})).status_code == 403
        assert (await ci.get("/v1/webhooks")).status_code == 200
        assert (await ci.post("/v1/tokens", json={**CI, "grants": DEVELOPER})).status_code == 403
    [seen] = (await admin.get("/v1/tokens")).json()["items"]
    assert seen["last_used_at"] is not None
    assert "token" not in seen


async def test_text_is_shown_once_and_kept_nowhere(admin: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """A repeated request gets the same token without its text, and the database holds a hash."""
    wish, key = {**CI, "grants": DEVELOPER}, {"Idempotency-Key": "once"}
    first = (await admin.post("/v1/tokens", json=wish, headers=key)).json()
    again = (await admin.post("/v1/tokens", json=wish, headers=key)).json()
    assert (again["id"], again["token"]) == (first["id"], None)
    async with rows.connect() as connection:
        for table in ("tokens", "idempotency_keys", "audit_log"):
            found = await connection.execute(text(f"SELECT t::text FROM {table} t"))  # noqa: S608
            assert first["token"] not in "".join(found.scalars())


async def test_revoked_and_expired_tokens_open_nothing_at_once(
    app: FastAPI, admin: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """The next request with it is refused; what is no token, too."""
    made, other = [await make(admin, {**CI, "name": name, "grants": DEVELOPER}) for name in ("ci", "cd")]
    async with with_token(app, made["token"]) as ci:
        assert (await ci.get("/v1/environments")).status_code == 200
        revoked = await admin.post(f"/v1/tokens/{made['id']}/revoke")
        assert (revoked.status_code, revoked.json()["revoked_by"]) == (200, "admin-token")
        refused = await ci.get("/v1/environments")
        assert (refused.status_code, refused.json()["detail"]) == (401, "the token was revoked")
    assert (await admin.post(f"/v1/tokens/{made['id']}/revoke")).status_code == 409
    async with rows.begin() as connection:
        await connection.execute(
            update(TokenRow).values(expires_at=TokenRow.created_at - timedelta(seconds=1))
        )
    for token, detail in ((other["token"], "the token has expired"), ("bth_st_x", "there is no such token")):
        async with with_token(app, token) as client:
            refused = await client.get("/v1/environments")
            assert (refused.status_code, refused.json()["detail"]) == (401, detail)
    actions = [entry["action"] for entry in (await admin.get("/v1/audit")).json()["items"]]
    assert actions == ["token.revoked", "token.created", "token.created"]


async def test_permissions_narrow_a_token(app: FastAPI, admin: httpx.AsyncClient) -> None:
    """A token for reading cannot start anything, whatever its role."""
    made = await make(admin, {**CI, "grants": DEVELOPER, "permissions": ["environments:read"]})
    async with with_token(app, made["token"]) as client:
        assert (await client.get("/v1/environments")).status_code == 200
        assert (await client.post("/v1/environments", json=shop())).status_code == 403
        assert (await client.get("/v1/freezes")).status_code == 403


async def test_portal_names_the_person_for_whom_it_asks(app: FastAPI, admin: httpx.AsyncClient) -> None:
    """The person is recorded beside the portal, where the token may forward; else the header is refused."""
    person = {"Berth-On-Behalf-Of": "user:default/kim"}
    wish = {**CI, "name": "portal", "grants": DEVELOPER}
    plain, portal = [await make(admin, {**wish, "forwards_users": may}) for may in (False, True)]
    async with with_token(app, portal["token"], **person) as client:
        accepted = await client.post("/v1/environments", json={**shop(), "team": "storefront"})
        expected = "user:default/kim via service:storefront/portal"
        assert accepted.json()["operation"]["created_by"] == expected
        assert (await client.get("/v1/me")).json()["on_behalf_of"] == "user:default/kim"
    async with with_token(app, plain["token"], **person) as client:
        refused = await client.get("/v1/environments")
        assert (refused.status_code, refused.json()["code"]) == (403, "forwarding_refused")


async def test_admin_token_makes_personal_tokens_of_others(app: FastAPI, admin: httpx.AsyncClient) -> None:
    """So an installation without an identity provider has people too."""
    wish = {"kind": "personal", "name": "laptop", "owner": "kim", "grants": DEVELOPER}
    made = await make(admin, wish)
    assert made["token"].startswith("bth_pat_")
    async with with_token(app, made["token"]) as kim:
        me = (await kim.get("/v1/me")).json()
        assert (me["subject"], me["kind"]) == ("user:kim", "personal_token")
        assert [one["id"] for one in (await kim.get("/v1/tokens")).json()["items"]] == [made["id"]]
        assert (await kim.post(f"/v1/tokens/{made['id']}/revoke")).status_code == 200
        assert (await kim.get("/v1/me")).status_code == 401
    for bad in ({**wish, "owner": None}, {**wish, "grants": []}, {**wish, "team": "storefront"}):
        assert (await admin.post("/v1/tokens", json=bad)).status_code == 422


@pytest.fixture
async def teams(app: FastAPI) -> FastAPI:
    know(
        app,
        {
            "ada": member("ada", "storefront", Role.ADMIN),
            "dev": member("dev", "storefront", Role.DEVELOPER),
            "bo": member("bo", "payments", Role.ADMIN),
            "root": PLATFORM_ADMIN,
        },
    )
    return app


REFUSED = {
    "a service token of another team": ("ada", {**CI, "team": "payments", "grants": DEVELOPER}, 403),
    "one of the platform": ("ada", {"kind": "service", "name": "x", "grants": DEVELOPER}, 403),
    "a service token by a developer": ("dev", {**CI, "grants": DEVELOPER}, 403),
    "one that reaches into another team": (
        "ada",
        {**CI, "grants": [{"team": "payments", "role": "viewer"}]},
        422,
    ),
    "a personal one with more than one has": (
        "dev",
        {"kind": "personal", "name": "x", "grants": [{"team": "storefront", "role": "admin"}]},
        403,
    ),
    "one in every team": (
        "dev",
        {"kind": "personal", "name": "x", "grants": [{"team": "*", "role": "viewer"}]},
        403,
    ),
    "one of a platform admin": (
        "ada",
        {"kind": "personal", "name": "x", "grants": [{"role": "platform_admin"}]},
        403,
    ),
    "one of somebody else": ("ada", {"kind": "personal", "name": "x", "owner": "dev"}, 403),
    "one that lives too long": ("dev", {"kind": "personal", "name": "x", "expires_in_days": 400}, 422),
    "a platform admin of a team": (
        "root",
        {"kind": "personal", "name": "x", "grants": [{"role": "platform_admin", "team": "storefront"}]},
        422,
    ),
    "a viewer of no team": ("root", {"kind": "personal", "name": "x", "grants": [{"role": "viewer"}]}, 422),
    "a name with spaces": ("root", {"kind": "personal", "name": "a b"}, 422),
}


@pytest.mark.parametrize(("name", "wish", "status"), REFUSED.values(), ids=REFUSED)
async def test_nobody_gives_more_than_they_have(
    teams: FastAPI, name: str, wish: dict[str, object], status: int
) -> None:
    """No token is a way around one's own rights."""
    async with client_of(teams, name) as client:
        assert (await client.post("/v1/tokens", json=wish)).status_code == status


async def test_tokens_of_others_are_answered_as_missing(teams: FastAPI) -> None:
    """Team admins see their service tokens, people their own; platform admins see all."""
    async with asynccontextmanager(clients)(teams) as (ada, dev, bo, root):
        service = (await make(ada, {**CI, "grants": DEVELOPER}))["id"]
        personal = (await make(dev, {"kind": "personal", "name": "laptop"}))["id"]
        seen = [
            {one["id"] for one in (await client.get("/v1/tokens")).json()["items"]}
            for client in (ada, dev, bo, root)
        ]
        assert seen == [{service}, {personal}, set(), {service, personal}]
        for client, token in ((bo, service), (dev, service), (ada, personal), (bo, personal)):
            assert (await client.post(f"/v1/tokens/{token}/revoke")).status_code == 404
        assert (await root.post(f"/v1/tokens/{personal}/revoke")).status_code == 200
        active = (await root.get("/v1/tokens?active=true&kind=service")).json()["items"]
        assert [one["id"] for one in active] == [service]


async def clients(app: FastAPI) -> AsyncIterator[tuple[httpx.AsyncClient, ...]]:
    async with (
        client_of(app, "ada") as ada,
        client_of(app, "dev") as dev,
        client_of(app, "bo") as bo,
        client_of(app, "root") as root,
    ):
        yield ada, dev, bo, root


async def test_a_token_counts_where_nobody_must_prove_anything(settings: Settings) -> None:
    """Where nobody has to prove anything a token still counts: to try out what a role may."""
    app = create_app(settings.model_copy(update={"admin_token": None}))
    async with app.router.lifespan_context(app):
        async with with_token(app, "anything") as local:
            assert (await local.get("/v1/me")).json()["subject"] == "local-developer"
            made = await make(
                local, {"kind": "personal", "name": "viewer", "grants": [{"team": "a1", "role": "viewer"}]}
            )
        async with with_token(app, made["token"]) as viewer:
            assert (await viewer.post("/v1/environments", json=shop())).status_code == 403
        async with with_token(app, "bth_pat_unknown") as nobody:
            assert (await nobody.get("/v1/me")).status_code == 401
