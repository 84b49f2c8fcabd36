"""States that come from elsewhere, and leave again."""

import base64
import json
from dataclasses import replace

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core.app_state import AppState, keep_state
from service.settings import Settings
from tests.service.backend.engine_client import EngineClient, deployment, root, thing

SIGNATURE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
PLAIN = {**SIGNATURE, "plaintext": json.dumps("plain text of a secret")}


def state(*resources: object, **rest: object) -> dict[str, object]:
    return {"version": 3, "deployment": deployment(*resources, **rest)}


async def open_secret(person: EngineClient, secret: dict[str, str]) -> object:
    answer = await person.ask("POST", "/decrypt", {"ciphertext": secret["ciphertext"]})
    assert answer.status_code == 200, answer.text
    return json.loads(base64.b64decode(answer.json()["plaintext"]))


async def test_secrets_in_the_clear_are_sealed_on_arrival(person: EngineClient) -> None:
    """What was exported with its secrets shown is stored encrypted, wherever a secret stood."""
    await person.init()
    nested = thing("a", inputs={"list": [{"deep": PLAIN}]})
    pending = [{"type": "creating", "resource": thing("b", inputs={"p": PLAIN})}]
    sent = state(root(password=PLAIN), nested, pending_operations=pending)
    assert (await person.ask("POST", "/import", sent)).status_code == 200
    exported = await person.exported()
    assert "plain text" not in json.dumps(exported)
    secrets = [
        exported["resources"][0]["outputs"]["password"],
        exported["resources"][1]["inputs"]["list"][0]["deep"],
        exported["pending_operations"][0]["resource"]["inputs"]["p"],
    ]
    assert [await open_secret(person, secret) for secret in secrets] == ["plain text of a secret"] * 3
    assert exported["secrets_providers"]["state"] == {
        "url": "http://backend",
        "owner": "shop",
        "project": "environments",
        "stack": "dev",
    }


async def test_no_plain_text_reaches_the_database(person: EngineClient, rows: AsyncEngine) -> None:
    """Neither the stored state nor its projection holds the secret."""
    await person.init()
    await person.ask("POST", "/import", state(root(password=PLAIN)))
    async with rows.connect() as connection:
        outputs = (await connection.execute(text("SELECT value FROM outputs"))).scalars().all()
        resources = (await connection.execute(text("SELECT outputs::text FROM resources"))).scalars().all()
    assert outputs == [{"secret": True}]
    assert "plain text" not in str(resources)


async def test_what_leaves_may_come_back(person: EngineClient) -> None:
    """An export of this stack is imported as it is."""
    await person.init()
    await person.ask("POST", "/import", state(root(password=PLAIN)))
    exported = (await person.ask("GET", "/export")).json()
    assert (await person.ask("POST", "/import", exported)).status_code == 200
    assert await open_secret(person, (await person.exported())["resources"][0]["outputs"]["password"])


async def test_secrets_of_another_stack_are_refused_with_the_way_out(person: EngineClient) -> None:
    """Ciphertexts that nobody here can open would break the next deploy: they are not taken."""
    await person.init()
    other = EngineClient(person.http, person.token, "shop/environments/other")
    await other.init()
    await person.ask("POST", "/import", state(root(password=PLAIN)))
    exported = (await person.ask("GET", "/export")).json()
    refused = await other.ask("POST", "/import", exported)
    assert refused.status_code == 400
    assert "--show-secrets" in refused.json()["message"]
    assert (await other.ask("GET", "")).json()["version"] == 0


async def test_a_persons_own_stack_may_keep_its_passphrase(person: EngineClient) -> None:
    """Without an environment the secrets stay with whoever has the key; an environment's stack refuses."""
    await person.init()
    sealed = {**SIGNATURE, "ciphertext": "v1:abc:def"}
    provider = {"type": "passphrase", "state": {"salt": "v1:x:y"}}
    sent = state(root(password=sealed), secrets_providers=provider)
    assert (await person.ask("POST", "/import", sent)).status_code == 200
    assert (await person.exported())["secrets_providers"] == provider


async def test_an_export_names_the_address_under_which_it_was_asked_for(person: EngineClient) -> None:
    """An engine decrypts where it reached the backend, however that is called today."""
    await person.init()
    await person.ask("POST", "/import", state(root(password=PLAIN)))
    answer = await person.send("GET", f"/stacks/{person.stack}/export", headers={"Host": "elsewhere:8443"})
    assert answer.json()["deployment"]["secrets_providers"]["state"]["url"] == "http://elsewhere:8443"


async def test_an_address_that_is_configured_wins_over_a_proxys(
    person: EngineClient, app: FastAPI, settings: Settings
) -> None:
    """Behind a proxy that ends TLS an engine is told the address that it knows."""
    keep_state(
        app,
        replace(state_of_app(app), settings=settings.model_copy(update={"backend_url": "https://backend"})),
    )
    await person.init()
    await person.ask("POST", "/import", state(root(password=PLAIN)))
    assert (await person.exported())["secrets_providers"]["state"]["url"] == "https://backend"


def state_of_app(app: FastAPI) -> AppState:
    return app.state.berth
