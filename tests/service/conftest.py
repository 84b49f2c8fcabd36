"""The API as its callers have it: in process for questions and answers, behind uvicorn for streams."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from service.main import create_app
from service.settings import Settings, TargetAccount

# As in production: a traceback without the values of local variables, which take seconds to draw.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])

SECRETS_KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture
def settings(database_url: str) -> Settings:
    """Settings of an API on a fresh database, with a second account and a short queue."""
    return Settings(
        database_url=database_url,
        secrets_key=SECRETS_KEY,
        max_waiting_operations=3,
        accounts={
            "default": TargetAccount(account_id="123456789012"),
            "other": TargetAccount(account_id="210987654321"),
        },
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, started."""
    application = create_app(settings)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application in this process."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as made:
        yield made


class NoticingServer(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


@asynccontextmanager
async def serve(application: FastAPI) -> AsyncIterator[str]:
    """Serve the application with uvicorn on a free port and give its address."""
    config = uvicorn.Config(application, log_level="warning", timeout_graceful_shutdown=2, lifespan="on")
    server = NoticingServer(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve([listening]))
        await asyncio.wait(
            {serving, asyncio.create_task(server.listening.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
        if serving.done():
            await serving
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


@pytest.fixture
async def server_url(settings: Settings) -> AsyncIterator[str]:
    """The address of the application behind a real server."""
    async with serve(create_app(settings)) as url:
        yield url


@pytest.fixture
def rows(database: AsyncEngine) -> AsyncEngine:
    """The database of the application, to look at what it wrote."""
    return database
