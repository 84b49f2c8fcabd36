"""People at the Pulumi backend: the same callers, roles and answers as at the API."""

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from service.access.permissions import Role
from tests.service.access.callers import PLATFORM_ADMIN, know, member
from tests.service.backend.engine_client import EngineClient, Scene, deployment, root

SEALED = {"plaintext": "aHVzaA=="}
As = Callable[[str], EngineClient]


@pytest.fixture
def as_(app: FastAPI, http: httpx.AsyncClient) -> As:
    """Return a client of a caller by name, at the stack that the scene has made."""
    know(
        app,
        {
            "viewer": member("viewer", "shop", Role.VIEWER),
            "developer": member("dev", "shop", Role.DEVELOPER),
            "approver": member("approver", "shop", Role.APPROVER),
            "admin": member("ada", "shop", Role.ADMIN),
            "other": member("bo", "pay", Role.ADMIN),
            "root": PLATFORM_ADMIN,
        },
    )
    return lambda name: EngineClient(http, name, "shop/environments/dev")


CASES = {
    "read": (lambda one: one.ask("GET", ""), {"viewer", "developer", "approver", "admin", "root"}),
    "export": (lambda one: one.ask("GET", "/export"), {"viewer", "developer", "approver", "admin", "root"}),
    "history": (lambda one: one.ask("GET", "/updates"), {"viewer", "developer", "approver", "admin", "root"}),
    "preview": (
        lambda one: one.ask("POST", "/preview", {"options": {}, "metadata": {}}),
        {"developer", "admin", "root"},
    ),
    "update": (
        lambda one: one.ask("POST", "/update", {"options": {}, "metadata": {}}),
        {"developer", "admin", "root"},
    ),
    "tag": (lambda one: one.ask("PATCH", "/tags", {"a": "b"}), {"developer", "admin", "root"}),
    "encrypt": (lambda one: one.ask("POST", "/encrypt", SEALED), {"developer", "admin", "root"}),
    "decrypt": (lambda one: one.ask("POST", "/batch-decrypt", {"ciphertexts": []}), {"admin", "root"}),
}


@pytest.mark.parametrize(("ask", "allowed"), CASES.values(), ids=CASES)
async def test_roles_hold_at_the_backend(scene: Scene, as_: As, ask: Callable, allowed: set[str]) -> None:
    """Viewers read, developers update, admins see secrets; another team's member finds no such stack."""
    del scene
    for name in ("viewer", "developer", "approver", "admin", "root"):
        answer = await ask(as_(name))
        assert (answer.status_code != 403) == (name in allowed), (name, answer.text)
        if name not in allowed:
            assert "this needs the permission" in answer.json()["message"]
    other, nobody = await ask(as_("other")), await ask(as_("stranger"))
    assert (other.status_code, other.json()["message"]) == (
        404,
        "Not Found: Stack 'shop/environments/dev' not found",
    )
    assert nobody.status_code == 401


async def test_state_is_imported_by_admins_alone(as_: As) -> None:
    """A developer makes an empty stack; a state, now or as its first, is an admin's to write."""
    mine = as_("developer")
    mine.stack = "shop/tools/mine"
    await mine.init()
    state = {"version": 3, "deployment": deployment(root())}
    assert (await mine.ask("POST", "/import", state)).status_code == 403
    first = await mine.send("POST", "/stacks/shop/tools", {"stackName": "second", "state": state})
    assert first.status_code == 403
    admin = as_("admin")
    admin.stack = mine.stack
    assert (await admin.ask("POST", "/import", state)).status_code == 200


async def test_people_are_told_who_they_are_and_see_their_teams_stacks(scene: Scene, as_: As) -> None:
    """`pulumi whoami` and `pulumi stack ls` hold one's own teams."""
    del scene
    shown = (await as_("viewer").send("GET", "/user")).json()
    assert (shown["githubLogin"], [one["name"] for one in shown["organizations"]]) == (
        "user:viewer",
        ["shop"],
    )
    for name, count in (("viewer", 1), ("root", 1), ("other", 0)):
        assert len((await as_(name).send("GET", "/user/stacks")).json()["stacks"]) == count
    elsewhere = await as_("other").send("POST", "/stacks/shop/environments", {"stackName": "x"})
    assert elsewhere.status_code == 404
    assert (await as_("other").send("HEAD", "/stacks/shop/environments")).status_code == 404


async def test_a_personal_token_logs_in(http: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    """The token that was made at the API is the one that `pulumi login` takes, until it is revoked."""
    wish = {"kind": "personal", "name": "cli", "grants": [{"team": "shop", "role": "developer"}]}
    made = (await client.post("/v1/tokens", json=wish)).json()
    cli = EngineClient(http, made["token"], "shop/environments/dev")
    await cli.init()
    assert (await cli.ask("GET", "/export")).status_code == 200
    await client.post(f"/v1/tokens/{made['id']}/revoke")
    refused = await cli.ask("GET", "/export")
    assert (refused.status_code, refused.json()["message"]) == (401, "Unauthorized: the token was revoked")
