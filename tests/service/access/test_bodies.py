"""Every route that takes a body refuses one that is too large, and a stranger's is not read."""

import gzip
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from service.access.served import ServedRoute, served_routes
from service.backend import bodies
from service.core.unit_of_work import UnitOfWorkFactory
from service.settings import Settings
from tests.service.backend.engine_client import Scene

LIMIT = 2000
STATE_LIMIT = 4000
VALUES = {
    "organization": "shop",
    "project": "environments",
    "stack": "dev",
    "kind": "update",
    "name": "ecs",
    "path": "x",
}
# Routes of the Pulumi CLI that take no body: it is never read.
BODILESS = {"/api/stacks/{organization}/{project}/{stack}/{kind}/{update_id}/cancel", "/api/{path}"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_body_bytes": LIMIT, "max_state_bytes": STATE_LIMIT})


@pytest.fixture
async def scene(app: FastAPI, uow_factory: UnitOfWorkFactory) -> AsyncIterator[Scene]:
    """An environment whose operation is running, and the engine that runs it."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test/api") as http:
        yield await Scene.begin(http, uow_factory)


def writing(app: FastAPI, prefix: str) -> list[tuple[str, ServedRoute]]:
    return [
        (method, route)
        for route in served_routes(app)
        for method in sorted(route.methods - {"GET", "HEAD", "OPTIONS"})
        if route.path.startswith(prefix)
    ]


def fill(route: ServedRoute, **known: str) -> str:
    path = route.path
    for parameter in route.parameters:
        path = path.replace("{" + parameter + "}", {**VALUES, **known}.get(parameter, f"some_{parameter}"))
    return path


async def pieces(size: int) -> AsyncIterator[bytes]:
    """Give a body piece by piece, without saying how long it is."""
    for _ in range(size // 100 + 1):
        yield b"x" * 100


async def test_every_route_of_the_api_has_a_limit(app: FastAPI, client: httpx.AsyncClient) -> None:
    """Said or not, a body that is too large is answered by 413; imports of states may be larger."""
    routes = writing(app, "/v1/")
    assert len(routes) > 20
    for method, route in routes:
        path = fill(route)
        limit = STATE_LIMIT if path.endswith("/imports") else LIMIT
        for content in (b"x" * (limit + 1), pieces(limit)):
            answer = await client.request(method, path, content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large"), route.path
        within = await client.request(method, path, content=b"x" * limit)
        assert within.status_code != 413, route.path


async def test_every_route_of_the_pulumi_cli_has_a_limit(
    app: FastAPI, client: httpx.AsyncClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain or compressed: what counts is how much comes out."""
    assert (await scene.engine.start()).status_code == 200
    monkeypatch.setattr(bodies, "MAX_BODY_BYTES", LIMIT)
    proofs = (f"token {scene.engine.token}", f"update-token {scene.engine.lease}")
    bomb = gzip.compress(b"x" * (LIMIT + 1))
    taken = 0
    for method, route in writing(app, "/api/"):
        if method == "DELETE" or route.path in BODILESS:
            continue
        path = fill(route, update_id=scene.engine.update_id)
        plain = [await client.request(method, path, content=pieces(LIMIT), headers=by(one)) for one in proofs]
        packed = [
            await client.request(method, path, content=bomb, headers={**by(one), "Content-Encoding": "gzip"})
            for one in proofs
        ]
        assert 413 in {answer.status_code for answer in plain}, (method, route.path)
        assert 413 in {answer.status_code for answer in packed}, (method, route.path)
        taken += 1
    assert taken > 10


def by(proof: str) -> dict[str, str]:
    return {"Authorization": proof}


async def test_a_stranger_s_body_is_not_read(app: FastAPI, client: httpx.AsyncClient, scene: Scene) -> None:
    """Whoever has no lease is refused before the first byte; small bodies may hold 128 MB compressed."""
    assert (await scene.engine.start()).status_code == 200
    for method, route in writing(app, "/api/stacks/{organization}/{project}/{stack}/{kind}/{update_id}/"):
        path = fill(route, update_id=scene.engine.update_id)
        for proof in ("update-token guessed", ""):
            read: list[bytes] = []
            answer = await client.request(method, path, content=noting(read), headers=by(proof))
            assert answer.status_code in {401, 403, 404}, (route.path, proof, answer.text)
            assert read == [], (route.path, proof)


async def noting(read: list[bytes]) -> AsyncIterator[bytes]:
    """Give a body and note what of it was taken."""
    for _ in range(3):
        read.append(b"x" * 100)
        yield read[-1]
