"""Outputs in the clear: for those who may, one at a time, and never unnoticed."""

import json
from base64 import b64encode

import httpx
import pytest
from fastapi import FastAPI

from service.access.permissions import Role
from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.access.callers import client_of, know, member
from tests.service.backend.engine_client import SECRET, Scene, made, root

PASSWORD = "hush-hush"  # noqa: S105 -- to be looked for


@pytest.fixture
async def scene(client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> Scene:
    """An environment with a plain output, a secret one, and one that holds a secret."""
    async with httpx.AsyncClient(transport=client._transport, base_url="http://x/api") as http:  # noqa: SLF001
        scene = await Scene.begin(http, uow_factory)
        plain = b64encode(json.dumps(PASSWORD).encode()).decode()
        sealed = (await scene.engine.ask("POST", "/encrypt", {"plaintext": plain})).json()["ciphertext"]
        secret = {**SECRET, "ciphertext": sealed}
        provider = {"type": "service", "state": {}}
        await scene.engine.start()
        outputs = root(url="http://x", password=secret, login={"user": "shop", "secrets": [secret, 1]})
        await scene.engine.journal(
            {"version": 1, "kind": 6, "sequenceID": 1, "operationID": 1, "secretsProvider": provider},
            made(2, 2, outputs),
        )
        await scene.engine.complete()
    return scene


async def test_secret_is_revealed_and_noted(client: httpx.AsyncClient, scene: Scene) -> None:
    """The answer holds the plain text and is to be kept by nobody; the audit log says who has seen which."""
    url = f"/v1/environments/{scene.environment_id}"
    assert PASSWORD not in (await client.get(f"{url}/outputs")).text
    shown = await client.post(f"{url}/outputs/password/reveal")
    assert shown.json() == {"name": "password", "value": PASSWORD, "state_version": 1}
    assert shown.headers["cache-control"] == "no-store"
    nested = (await client.post(f"{url}/outputs/login/reveal")).json()
    assert nested["value"] == {"user": "shop", "secrets": [PASSWORD, 1]}
    assert (await client.post(f"{url}/outputs/url/reveal")).json()["value"] == "http://x"
    audit = await client.get("/v1/audit?action=secrets.decrypted")
    entries = [(one["actor"], one["detail"]) for one in audit.json()["items"]]
    assert entries == [("local-developer", {"output": name}) for name in ("url", "login", "password")]
    assert PASSWORD not in audit.text
    missing = await client.post(f"{url}/outputs/nothing/reveal")
    assert (missing.status_code, missing.json()["code"]) == (404, "output_not_found")


async def test_revealing_is_a_permission_of_its_own(app: FastAPI, scene: Scene) -> None:
    """Who may deploy may not therefore read the secrets; another team finds nothing."""
    know(
        app,
        {
            "dev": member("dev", "shop", Role.DEVELOPER, Role.APPROVER),
            "ada": member("ada", "shop", Role.ADMIN),
            "bo": member("bo", "pay", Role.ADMIN),
        },
    )
    path = f"/v1/environments/{scene.environment_id}/outputs/password/reveal"
    for name, status in (("dev", 403), ("ada", 200), ("bo", 404), (None, 401)):
        async with client_of(app, name) as client:
            answer = await client.post(path)
        assert answer.status_code == status, name
        assert (PASSWORD in answer.text) == (status == 200)
