"""The backend as an engine or a person meets it: over HTTP, on a real database."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.backend.engine_client import EngineClient, Scene


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that speaks to the application directly."""
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://backend/api") as client:
        yield client


@pytest.fixture
def person(http: httpx.AsyncClient) -> EngineClient:
    """Somebody at a terminal, logged in."""
    return EngineClient(http, "personal-token", "shop/environments/dev")


@pytest.fixture
async def scene(http: httpx.AsyncClient, uow_factory: UnitOfWorkFactory) -> Scene:
    """An environment whose operation is running in epoch 1, and the engine that runs it."""
    return await Scene.begin(http, uow_factory)
