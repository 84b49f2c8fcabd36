"""Two teams side by side: neither learns that the other's things exist."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.access.permissions import Permission, Role
from tests.service.access.callers import PLATFORM_ADMIN, client_of, know, member
from tests.service.documents import shop

ENDS = "2099-01-01T00:00:00Z"
STARTS = "2098-12-01T00:00:00Z"


@pytest.fixture
async def app(app: FastAPI) -> FastAPI:
    know(
        app,
        {
            "ada": member("ada", "storefront", Role.ADMIN),
            "bo": member("bo", "payments", Role.ADMIN),
            "vi": member("vi", "storefront", Role.VIEWER),
            "nobody": member("nobody", "storefront"),
            "root": PLATFORM_ADMIN,
        },
    )
    return app


async def create(app: FastAPI, name: str, team: str) -> httpx.Response:
    async with client_of(app, name) as client:
        return await client.post("/v1/environments", json={**shop(), "team": team})


async def ask(app: FastAPI, name: str | None, path: str) -> httpx.Response:
    async with client_of(app, name) as client:
        return await client.get(path)


async def test_a_caller_without_a_credential_is_told_how_to_prove_itself(app: FastAPI) -> None:
    """401 with a challenge, as RFC 6750 has it, and nothing else."""
    answer = await ask(app, None, "/v1/environments")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "unauthenticated"


async def test_a_missing_right_is_named_with_the_roles_that_have_it(app: FastAPI) -> None:
    """Within one's own team one learns what is missing."""
    answer = await create(app, "vi", "storefront")
    assert answer.status_code == 403
    problem = answer.json()
    assert problem["code"] == "permission_denied"
    assert problem["context"] == {
        "permission": "environments:create",
        "roles": "developer, admin, platform_admin",
    }


@pytest.mark.parametrize(
    ("kind", "who", "answered"),
    [
        ("deploy", "dev", 202),
        ("restore", "dev", 403),
        ("import", "dev", 403),
        ("destroy", "narrow", 403),
        ("destroy", "ada", 202),
    ],
)
async def test_a_retry_needs_what_its_kind_needs(
    app: FastAPI, rows: AsyncEngine, kind: str, who: str, answered: int
) -> None:
    """The right to start operations is not the right to do again what somebody else might do."""
    narrowed = frozenset({Permission.OPERATIONS_START})
    know(
        app,
        {
            "ada": member("ada", "storefront", Role.ADMIN),
            "dev": member("dev", "storefront", Role.DEVELOPER),
            "narrow": replace(member("ada", "storefront", Role.ADMIN), only=narrowed),
        },
    )
    operation = (await create(app, "ada", "storefront")).json()["operation"]["id"]
    async with rows.begin() as connection:
        failed = text("UPDATE operations SET kind = :kind, state = 'failed' WHERE id = :id")
        await connection.execute(failed, {"kind": kind, "id": operation})
    async with client_of(app, who) as client:
        answer = await client.post(f"/v1/operations/{operation}/retry")
    assert answer.status_code == answered, answer.text


async def test_nobody_creates_in_another_team(app: FastAPI) -> None:
    """The team stands in the body: it is checked before anything is looked up in it."""
    assert (await create(app, "bo", "payments")).status_code == 202
    answer = await create(app, "ada", "payments")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


async def test_other_teams_things_are_answered_as_missing(app: FastAPI) -> None:
    """Every reading and every deed on another team's thing gets the very answer of an id that is nobody's."""
    accepted = (await create(app, "bo", "payments")).json()
    environment, operation = accepted["environment"]["id"], accepted["operation"]["id"]
    async with client_of(app, "bo") as bo:
        hook = {"url": "https://hooks.example.com/", "team": "payments"}
        endpoint = (await bo.post("/v1/webhooks", json=hook)).json()["id"]
        wish = {"environment_id": environment, "reason": "x", "starts_at": STARTS, "ends_at": ENDS}
        freeze = (await bo.post("/v1/freezes", json=wish)).json()["id"]
    for path, real in (
        ("/v1/environments/{}", environment),
        ("/v1/environments/{}/operations", environment),
        ("/v1/environments/{}/outputs", environment),
        ("/v1/operations/{}", operation),
        ("/v1/operations/{}/events", operation),
        ("/v1/webhooks/{}/deliveries", endpoint),
        ("/v1/freezes/{}", freeze),
    ):
        absent = real[: real.index("_") + 1] + "0" * 32
        mine, theirs, none = [
            await ask(app, name, path.format(one))
            for name, one in (("bo", real), ("ada", real), ("ada", absent))
        ]
        assert mine.status_code == 200, path
        assert theirs.status_code == none.status_code == 404, path
        seen, unseen = theirs.json(), none.json()
        assert seen.pop("request_id") != unseen.pop("request_id")
        assert {key: str(value).replace(real, absent) for key, value in seen.items()} == {
            key: str(value) for key, value in unseen.items()
        }


async def test_lists_hold_the_caller_s_teams_alone(app: FastAPI) -> None:
    """Pages, filters by another team's name, freezes, webhooks and the audit log are narrowed in SQL."""
    ours = (await create(app, "ada", "storefront")).json()["environment"]["id"]
    theirs = (await create(app, "bo", "payments")).json()["environment"]["id"]
    for name, expected in (("ada", {ours}), ("bo", {theirs}), ("root", {ours, theirs})):
        items = (await ask(app, name, "/v1/environments")).json()["items"]
        assert {item["id"] for item in items} == expected
    assert (await ask(app, "ada", "/v1/environments?team=payments")).json()["items"] == []
    entries = (await ask(app, "ada", "/v1/audit")).json()["items"]
    assert {entry["environment_id"] for entry in entries} == {ours}


async def test_what_concerns_everybody_is_read_by_all_and_changed_by_platform_admins(app: FastAPI) -> None:
    """A freeze of everything is no secret; a webhook of everything is."""
    async with client_of(app, "root") as root, client_of(app, "ada") as ada:
        wish = {"reason": "x", "starts_at": STARTS, "ends_at": ENDS}
        assert (await ada.post("/v1/freezes", json=wish)).status_code == 403
        freeze = (await root.post("/v1/freezes", json=wish)).json()["id"]
        assert [one["id"] for one in (await ada.get("/v1/freezes")).json()["items"]] == [freeze]
        assert (await ada.get(f"/v1/freezes/{freeze}")).status_code == 200
        assert (await ada.post(f"/v1/freezes/{freeze}/lift")).status_code == 403
        hook = {"url": "https://hooks.example.com/"}
        assert (await ada.post("/v1/webhooks", json=hook)).status_code == 403
        endpoint = (await root.post("/v1/webhooks", json=hook)).json()["id"]
        assert (await ada.get("/v1/webhooks")).json()["items"] == []
        assert (await ada.get(f"/v1/webhooks/{endpoint}")).status_code == 404
        assert (await ada.patch(f"/v1/webhooks/{endpoint}", json={})).status_code == 404


async def test_a_webhook_cannot_be_moved_to_another_team(app: FastAPI) -> None:
    """Else its owner would be sent the other team's events."""
    async with client_of(app, "ada") as ada:
        hook = {"url": "https://hooks.example.com/", "team": "storefront"}
        endpoint = (await ada.post("/v1/webhooks", json=hook)).json()["id"]
        moved = await ada.patch(f"/v1/webhooks/{endpoint}", json={"team": "payments"})
        widened = await ada.patch(f"/v1/webhooks/{endpoint}", json={"team": None})
    assert (moved.status_code, widened.status_code) == (403, 403)


async def test_somebody_without_any_role_sees_nothing(app: FastAPI) -> None:
    """To be known is not enough."""
    assert (await ask(app, "nobody", "/v1/environments")).status_code == 403
