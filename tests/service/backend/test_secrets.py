"""Secrets: sealed for one stack, by keys that the database does not have."""

import base64

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import text

from service.backend.ciphers import DataKey, ServiceKey
from service.backend.context import BackendContext, keep_backend_context
from service.backend.errors import DecryptionError
from service.backend.keyring import Keyring
from service.backend.model import StackName
from service.backend.rotation import rewrap_data_keys, rotate_data_key
from service.core.ids import new_stack_id
from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.backend.engine_client import EngineClient, Scene

OLD_KEY = SecretStr(base64.b64encode(bytes(range(32))).decode())
NEW_KEY = SecretStr(base64.b64encode(bytes(range(1, 33))).decode())


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


async def seal(client: EngineClient, plaintext: bytes) -> str:
    answer = await client.ask("POST", "/encrypt", {"plaintext": encoded(plaintext)})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["ciphertext"])


async def opened(client: EngineClient, ciphertext: str) -> bytes:
    answer = await client.ask("POST", "/decrypt", {"ciphertext": ciphertext})
    assert answer.status_code == 200, answer.text
    return base64.b64decode(answer.json()["plaintext"])


@given(plaintext=st.binary(max_size=200))
def test_what_is_sealed_opens_and_nothing_else_does(plaintext: bytes) -> None:
    """A value opens for its stack; a flipped bit, another stack or a cut value does not."""
    stack_id = new_stack_id()
    key = DataKey(stack_id, 1, bytes(32))
    sealed = key.encrypt(plaintext)
    assert key.decrypt(sealed) == plaintext
    damaged = [bytes([*sealed[:at], sealed[at] ^ 1, *sealed[at + 1 :]]) for at in range(len(sealed))]
    for wrong in (*damaged, sealed[:-1], b"", sealed + b"x"):
        with pytest.raises(DecryptionError):
            key.decrypt(wrong)
    with pytest.raises(DecryptionError):
        DataKey(new_stack_id(), 1, bytes(32)).decrypt(sealed)


async def test_values_go_there_and_back_alone_and_in_batches(scene: Scene) -> None:
    """Batches answer in order, and decrypted values by their ciphertexts."""
    plaintexts = [b"", b"one", bytes(range(256))]
    sealed = (
        await scene.engine.ask("POST", "/batch-encrypt", {"plaintexts": [encoded(p) for p in plaintexts]})
    ).json()["ciphertexts"]
    assert [await opened(scene.engine, ciphertext) for ciphertext in sealed] == plaintexts
    together = (await scene.engine.ask("POST", "/batch-decrypt", {"ciphertexts": sealed})).json()
    assert together["plaintexts"] == dict(zip(sealed, map(encoded, plaintexts), strict=True))
    assert (await scene.engine.ask("POST", "/batch-decrypt", {})).json() == {"plaintexts": {}}


async def test_a_ciphertext_of_another_stack_does_not_open(person: EngineClient) -> None:
    """Copying a secret into another stack reveals nothing."""
    other = EngineClient(person.http, person.token, "shop/environments/other")
    await person.init()
    await other.init()
    sealed = await seal(person, b"hush")
    await seal(other, b"its own key exists")
    answer = await other.ask("POST", "/decrypt", {"ciphertext": sealed})
    assert answer.status_code == 400
    assert "hush" not in answer.text


async def test_the_database_holds_no_key_in_the_clear(scene: Scene) -> None:
    """What is stored of a data key is longer than the key: it is sealed."""
    await seal(scene.engine, b"hush")
    async with scene.uow_factory() as uow:
        (row,) = await uow.session.execute(text("SELECT wrapped_key, wrapping_key_id FROM stack_data_keys"))
    assert len(row.wrapped_key) == 32 + 12 + 16
    assert row.wrapping_key_id.startswith("service:")


async def test_the_services_key_is_rotated_while_requests_go_on(
    scene: Scene, app: FastAPI, uow_factory: UnitOfWorkFactory
) -> None:
    """With the old key beside the new one everything opens; once rewrapped the old key is needed no more."""
    sealed = await seal(scene.engine, b"hush")
    both = Keyring(ServiceKey(NEW_KEY), [ServiceKey(OLD_KEY)])
    keep_backend_context(app, BackendContext(both))
    assert await opened(scene.engine, sealed) == b"hush"
    assert await rewrap_data_keys(uow_factory, both) == 1
    assert await rewrap_data_keys(uow_factory, both) == 0
    keep_backend_context(app, BackendContext(Keyring(ServiceKey(NEW_KEY))))
    assert await opened(scene.engine, sealed) == b"hush"
    keep_backend_context(app, BackendContext(Keyring(ServiceKey(OLD_KEY))))
    answer = await scene.engine.ask("POST", "/decrypt", {"ciphertext": sealed})
    assert answer.status_code == 400


async def test_a_stacks_data_key_is_rotated_while_requests_go_on(
    person: EngineClient, app: FastAPI, uow_factory: UnitOfWorkFactory
) -> None:
    """New values are sealed by the new generation; old ones still open."""
    await person.init()
    old = await seal(person, b"old")
    keyring: Keyring = app.state.backend.keyring
    assert await rotate_data_key(uow_factory, keyring, StackName("shop", "environments", "dev")) == 2
    new = await seal(person, b"new")
    assert [await opened(person, value) for value in (old, new)] == [b"old", b"new"]
    assert base64.b64decode(new)[4] == 2


@pytest.mark.parametrize(
    "body", [{}, {"ciphertext": "?"}, {"ciphertext": ""}, {"ciphertext": "AQAAAAk="}, []]
)
async def test_what_is_no_ciphertext_is_refused(scene: Scene, body: object) -> None:
    """Damaged, empty and foreign values get a clean refusal."""
    assert (await scene.engine.ask("POST", "/decrypt", body)).status_code == 400


@pytest.mark.parametrize("key", ["", "short", encoded(bytes(31)), "???"])
def test_a_secrets_key_that_is_no_key_is_refused(key: str) -> None:
    """The service does not start with a weak key."""
    with pytest.raises(ValueError, match="secrets key"):
        ServiceKey(SecretStr(key))
