"""Whatever arrives, the answer is clean and the state untouched."""

import gzip
import json
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.backend import bodies
from service.backend.bodies import MAX_BODY_BYTES
from tests.service.backend.engine_client import EngineClient, Scene, made, root

WRITES = (
    ("PATCH", "/journalentries"),
    ("PATCH", "/checkpoint"),
    ("PATCH", "/checkpointverbatim"),
    ("PATCH", "/checkpointdelta"),
    ("POST", "/events/batch"),
    ("POST", "/renew_lease"),
)
KEYS = (
    "entries",
    "deployment",
    "untypedDeployment",
    "deploymentDelta",
    "events",
    "version",
    "kind",
    "sequenceID",
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def damaged(body: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield a good body in ways in which a network or a bad client damages it."""
    packed = gzip.compress(body)
    yield packed[: len(packed) // 2], "gzip"
    yield packed[:-8], "gzip"
    yield bytes(byte ^ 0x55 for byte in packed), "gzip"
    yield body, "gzip"
    yield packed, "identity"
    yield packed, "br"
    yield body[:-3], "identity"
    yield body.replace(b"1", b"NaN", 1), "identity"
    yield body.replace(b'"', b"'"), "identity"
    yield b"\xff\xfe" + body, "identity"
    yield b"[" * 100_000, "identity"
    yield b"", "identity"


async def send(scene: Scene, method: str, path: str, body: bytes, encoding: str) -> httpx.Response:
    engine = scene.engine
    headers = {"Authorization": f"update-token {engine.lease}", "Content-Encoding": encoding}
    url = f"/stacks/{engine.stack}/update/{engine.update_id}{path}"
    return await engine.http.request(method, url, content=body, headers=headers)


async def test_damaged_bodies_are_refused(scene: Scene) -> None:
    """Cut-off, mislabelled and broken bodies get a 400 in the form that the CLI prints."""
    await scene.engine.start()
    body = json.dumps({"entries": [made(1, 1, root())]}).encode()
    for method, path in WRITES[:-1]:
        for content, encoding in damaged(body):
            answer = await send(scene, method, path, content, encoding)
            assert answer.status_code == 400, (path, content[:40], encoding, answer.text)
            assert answer.json()["code"] == 400
    await scene.engine.complete()
    assert await scene.engine.urns() == []


@given(body=VALUES, write=st.sampled_from(WRITES))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_json_is_answered_cleanly(scene: Scene, body: object, write: tuple[str, str]) -> None:
    """No body makes the server fail."""
    if not scene.engine.lease:
        await scene.engine.start()
    answer = await send(scene, *write, json.dumps(body).encode(), "identity")
    assert answer.status_code < 500, answer.text


async def test_a_body_beyond_the_limit_is_refused_before_it_is_unpacked(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small body that unpacks to a huge one is stopped on the way."""
    monkeypatch.setattr(bodies, "_STEP_BYTES", 64 * 1024)
    await scene.engine.start()
    bomb = gzip.compress(bytes(MAX_BODY_BYTES + 1))
    answer = await send(scene, "PATCH", "/journalentries", bomb, "gzip")
    assert answer.status_code == 413
    assert answer.json()["code"] == 413


async def test_characters_that_postgres_cannot_hold_are_no_accident(person: EngineClient) -> None:
    """A NUL in a tag is refused; in the state it is kept, and shown replaced."""
    await person.init()
    assert (await person.ask("PATCH", "/tags", {"a": "\x00"})).status_code == 400
    await person.start()
    assert (await person.journal(made(1, 1, root(text="a\x00b")))).status_code == 200
    assert (await person.complete()).status_code == 204
    assert (await person.exported())["resources"][0]["outputs"]["text"] == "a\x00b"


async def test_path_tricks_lead_nowhere(person: EngineClient) -> None:
    """Dots, encoded slashes and other teams' names in a path find no stack."""
    await person.init()
    for path in (
        "/stacks/shop/environments/..%2fdev",
        "/stacks/shop/environments/dev%00",
        "/stacks/shop/environments/%2e%2e/dev/export",
        "/stacks/SHOP/environments/dev",
        "/stacks/shop/environments/dev/update/../../prod",
        "/stacks/shop/environments/dev/export/-1",
        "/stacks/shop/environments/dev/export/99999999999999999999",
        "/stacks/shop/environments/dev/update/not-an-id",
    ):
        answer = await person.send("GET", path)
        assert 400 <= answer.status_code < 500, (path, answer.text)


async def test_the_wrong_kind_of_token_opens_nothing(scene: Scene) -> None:
    """A lease is no login, and a login is no lease."""
    engine = scene.engine
    await engine.start()
    url = f"/stacks/{engine.stack}/update/{engine.update_id}"
    as_login = await engine.http.get(
        f"/stacks/{engine.stack}", headers={"Authorization": f"update-token {engine.lease}"}
    )
    as_lease = await engine.http.patch(
        f"{url}/journalentries", json={"entries": []}, headers={"Authorization": f"token {engine.token}"}
    )
    guessed = await engine.http.patch(
        f"{url}/journalentries", json={"entries": []}, headers={"Authorization": "update-token guess"}
    )
    assert [answer.status_code for answer in (as_login, as_lease, guessed)] == [401, 401, 403]
