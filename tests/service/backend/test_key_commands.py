"""`berth keys` on a real database, beside an API that goes on."""

import asyncio
import base64

import pytest
from fastapi import FastAPI
from typer.testing import CliRunner, Result

from service.backend.context import keep_backend_context, make_backend_context
from service.cli.app import app as berth
from service.cli.errors import CommandError
from service.settings import Settings
from tests.service.backend.cli_sessions import DEV
from tests.service.backend.engine_client import EngineClient
from tests.service.conftest import SECRETS_KEY

NEW_KEY = base64.b64encode(bytes(reversed(range(32)))).decode()
PLAIN = base64.b64encode(b"hush").decode()


async def keys(database_url: str, *arguments: str, **settings: str) -> Result:
    """Run a command with the settings that it is given, none of the API's own."""
    environment = {"BERTH_DATABASE_URL": database_url, **settings}
    return await asyncio.to_thread(CliRunner().invoke, berth, ["keys", *arguments], env=environment)


@pytest.fixture
async def sealed(person: EngineClient) -> str:
    """A value that a stack's first data key sealed."""
    await person.init()
    return str((await person.ask("POST", "/encrypt", {"plaintext": PLAIN})).json()["ciphertext"])


async def test_a_new_service_key_takes_over(
    person: EngineClient, app: FastAPI, settings: Settings, sealed: str, database_url: str
) -> None:
    """After `rewrap`, which needs the old key, an API that knows the new one alone opens everything."""
    lost = await keys(database_url, "rewrap", BERTH_SECRETS_KEY=NEW_KEY)
    assert isinstance(lost.exception, CommandError)
    done = await keys(
        database_url,
        "rewrap",
        BERTH_SECRETS_KEY=NEW_KEY,
        BERTH_PREVIOUS_SECRETS_KEYS=f'["{SECRETS_KEY}"]',
    )
    assert "1 data keys" in done.output
    alone = Settings(database_url=settings.database_url, secrets_key=NEW_KEY)
    keep_backend_context(app, make_backend_context(alone))
    opened = await person.ask("POST", "/decrypt", {"ciphertext": sealed})
    assert opened.json()["plaintext"] == PLAIN


async def test_a_stack_is_given_a_new_key(person: EngineClient, sealed: str, database_url: str) -> None:
    """After `rotate` new values carry the next generation, and old ones open."""
    done = await keys(database_url, "rotate", DEV, BERTH_SECRETS_KEY=SECRETS_KEY)
    assert "generation 2" in done.output
    assert (await person.ask("POST", "/decrypt", {"ciphertext": sealed})).json()["plaintext"] == PLAIN
    unknown = await keys(database_url, "rotate", "a/b/c", BERTH_SECRETS_KEY=SECRETS_KEY)
    assert isinstance(unknown.exception, CommandError)
    nonsense = await keys(database_url, "rotate", "dev", BERTH_SECRETS_KEY=SECRETS_KEY)
    assert isinstance(nonsense.exception, CommandError)


async def test_without_a_key_nothing_is_done(database_url: str) -> None:
    """A process that has no key says which setting is missing."""
    refused = await keys(database_url, "rewrap", BERTH_SECRETS_KEY="")
    assert isinstance(refused.exception, CommandError)
