"""Records what the CLI and the backend say to each other.

`python -m tests.service.backend.recorder` runs every session with the `pulumi` on PATH, writes what was said
beside this file and shows how it differs from the last recording: run it after a change of the pinned CLI.
"""

import asyncio
import difflib
import gzip
import json
import secrets
import sys
import tempfile
from pathlib import Path

import psycopg
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.main import create_app
from service.settings import Settings
from tests.service.backend.cli_sessions import SESSIONS, Cli
from tests.service.backend.exchanges import Exchange, Namer, dump, load
from tests.service.conftest import SECRETS_KEY, serve

RECORDINGS = Path(__file__).with_name("recordings")


class Recording:
    """Stands before the application and writes down what passes; requests are taken one at a time."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.namer: Namer | None = None
        self.exchanges: list[Exchange] = []
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and write down what came back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        async with self._turn:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked, said, status = bytearray(), bytearray(), 0

        async def listen() -> Message:
            message = await receive()
            asked.extend(message.get("body", b""))
            return message

        async def speak(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            said.extend(message.get("body", b""))
            await send(message)

        await self.app(scope, listen, speak)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = gzip.decompress(bytes(asked)) if headers.get("content-encoding") == "gzip" else bytes(asked)
        query = scope["query_string"].decode()
        assert self.namer is not None
        seen = Exchange(
            method=scope["method"],
            path=scope["path"] + (f"?{query}" if query else ""),
            authorization=headers.get("authorization", ""),
            agent=headers.get("user-agent", ""),
            request=json.loads(body) if body else None,
            status=status,
            answer=json.loads(bytes(said)) if said else None,
        )
        self.exchanges.append(self.namer.record(seen))


async def record_session(name: str, app: FastAPI, directory: Path) -> list[Exchange]:
    """Run one session and return what was said."""
    recording = Recording(app)
    async with serve(recording) as url:  # pyright: ignore[reportArgumentType] -- any ASGI application is served
        recording.namer = Namer(url)
        await SESSIONS[name](Cli.at(url, directory))
    return recording.exchanges


def show_changes(name: str, before: list[Exchange], after: list[Exchange]) -> None:
    """Print which requests came, went or are answered otherwise."""
    old, new = ([exchange.title for exchange in side] for side in (before, after))
    changes = list(difflib.unified_diff(old, new, "recorded before", "recorded now", lineterm="", n=1))
    sys.stdout.write("\n".join([f"{name}: {len(new)} exchanges", *(changes if old else [])]) + "\n")


def fresh_database(server_url: str) -> str:
    """Make a migrated database and return its address."""
    name = f"recorder_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(server_url).set(database=name).render_as_string(hide_password=False)
    upgrade_to_head(url)
    return url


def main() -> None:
    """Record every session."""
    RECORDINGS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        server_url = start_embedded_postgres(Path(temporary) / "postgres")
        for name in SESSIONS:
            settings = Settings.model_validate(
                {"database_url": fresh_database(server_url), "secrets_key": SECRETS_KEY}
            )
            directory = Path(temporary) / name
            after = asyncio.run(record_session(name, create_app(settings), directory))
            file = RECORDINGS / f"{name}.jsonl"
            show_changes(name, load(file.read_text()) if file.exists() else [], after)
            file.write_text(dump(after))


if __name__ == "__main__":
    main()
