import asyncio
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Message, Receive, Scope, Send

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.idempotency import answers
from service.idempotency.answers import Answer, KeyedRequest, answer_once
from service.idempotency.errors import KeyInFlightError
from service.retention.settings import RetentionSettings
from service.retention.sweeping import sweep_once
from service.retention.sweeps import sweeps
from tests.service.documents import create, shop

KEY = {"Idempotency-Key": "0d9f4a1e"}


async def test_repetition_gets_the_first_answer(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """The same request with the same key is answered equally, and the work is done once."""
    first = await client.post("/v1/environments", json=shop(), headers=KEY)
    second = await client.post("/v1/environments", json=shop(), headers=KEY)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    for header in ("location", "operation-location", "etag", "retry-after"):
        assert second.headers[header] == first.headers[header]
    assert second.headers["idempotency-replayed"] == "true"
    async with rows.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM operations")) == 1


async def test_spelling_of_the_body_does_not_count(client: httpx.AsyncClient) -> None:
    """White space and the order of members do not make another request."""
    headers = {**KEY, "Content-Type": "application/json"}
    first = await client.post("/v1/environments", json=shop(), headers=KEY)
    spelled = httpx.Request("POST", "http://x", json=dict(reversed(shop().items()))).content
    second = await client.post("/v1/environments", content=b"  " + spelled, headers=headers)
    assert second.content == first.content


async def test_another_request_with_the_key_is_refused(client: httpx.AsyncClient) -> None:
    """A key stands for one request: another body, or another address, is refused."""
    environment, _ = (await client.post("/v1/environments", json=shop(), headers=KEY)).json().values()
    path = f"/v1/environments/{environment['id']}/operations"
    for response in (
        await client.post("/v1/environments", json=shop(name="other"), headers=KEY),
        await client.post("/v1/environments", params={"operation": "preview"}, json=shop(), headers=KEY),
        await client.post(path, json={"kind": "deploy"}, headers=KEY),
    ):
        assert (response.status_code, response.json()["code"]) == (422, "idempotency_key_reused")


async def test_fifty_twins_make_one(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """Fifty identical requests at the same moment make one environment and get one answer, all fifty."""

    async def ask() -> httpx.Response:
        """Ask; whoever is told that the first is still being answered asks again, as a client would."""
        while True:
            answer = await client.post("/v1/environments", json=shop(), headers=KEY)
            if answer.status_code != 409 or answer.json()["code"] != "idempotency_key_in_flight":
                return answer

    given = await asyncio.gather(*(ask() for _ in range(50)))
    assert [answer.status_code for answer in given] == [202] * 50
    assert len({answer.content for answer in given}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in given) == 49
    async with rows.connect() as connection:
        for table in ("environments", "operations", "audit_log", "procrastinate_jobs"):
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1  # noqa: S608 -- ours


class Crash(BaseException):
    """The end of a process, as far as one request can tell."""


async def test_answer_that_got_lost_is_given_again(app: FastAPI, client: httpx.AsyncClient) -> None:
    """A process that ends between the commit and the answer has done the work: the repetition replays it."""

    async def crashing(scope: Scope, receive: Receive, _send: Send) -> None:
        async def lost(message: Message) -> None:
            raise Crash(message["type"])

        await app(scope, receive, lost)

    transport = httpx.ASGITransport(crashing)
    async with httpx.AsyncClient(transport=transport, base_url="http://berth.test") as unlucky:
        with pytest.raises(Crash):
            await unlucky.post("/v1/environments", json=shop(), headers=KEY)
    again = await client.post("/v1/environments", json=shop(), headers=KEY)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (202, "true")
    listed = (await client.get("/v1/environments")).json()["items"]
    assert [one["id"] for one in listed] == [again.json()["environment"]["id"]]


async def test_crash_before_the_commit_leaves_nothing(
    uow_factory: UnitOfWorkFactory, rows: AsyncEngine
) -> None:
    """A process that ends after its inserts and before the commit has done nothing: the key works anew."""
    request = KeyedRequest(actor="ann", key="k", fingerprint=b"same")

    async def crash(uow: UnitOfWork) -> Answer:
        await record_action(uow.session, AuditEntry("ann", AuditAction.TOKEN_CREATED, "shop", None))
        raise Crash("killed")

    async def work(_: UnitOfWork) -> Answer:
        return Answer(status=202, body=b"done")

    with pytest.raises(Crash):
        await answer_once(request, uow_factory, crash)
    async with rows.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM audit_log")) == 0
    assert not (await answer_once(request, uow_factory, work)).is_replay


async def test_first_one_is_still_at_work(
    uow_factory: UnitOfWorkFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repetition that has waited long enough for the first one's answer is told to come back."""
    monkeypatch.setattr(answers, "IN_FLIGHT_WAIT", timedelta(milliseconds=50))
    request = KeyedRequest(actor="ann", key="k", fingerprint=b"same")

    async def work(_: UnitOfWork) -> Answer:
        with pytest.raises(KeyInFlightError):
            await answer_once(request, uow_factory, work)
        return Answer(status=202, body=b"done")

    assert (await answer_once(request, uow_factory, work)).body == b"done"
    assert (await answer_once(request, uow_factory, work)).is_replay


async def test_failure_leaves_the_key_free(client: httpx.AsyncClient) -> None:
    """A request that was refused did nothing: after the reason is gone the same key works."""
    refused = await client.post("/v1/environments", json=shop(colour="red"), headers=KEY)
    assert refused.status_code == 422
    assert (await client.post("/v1/environments", json=shop(), headers=KEY)).status_code == 202


async def test_every_post_takes_a_key(client: httpx.AsyncClient) -> None:
    """Starting, cancelling and retrying are answered once per key like creating."""
    environment, operation = await create(client)
    path = f"/v1/environments/{environment['id']}/operations"
    requests = (
        (path, {"kind": "preview"}, "start"),
        (f"/v1/operations/{operation['id']}/cancel", None, "cancel"),
        (f"/v1/operations/{operation['id']}/retry", None, "retry"),
    )
    for url, body, key in requests:
        sent = [await client.post(url, json=body, headers={"Idempotency-Key": key}) for _ in range(2)]
        assert [answer.status_code for answer in sent] == [202, 202]
        assert sent[0].content == sent[1].content
        assert "idempotency-replayed" not in sent[0].headers
        assert sent[1].headers["idempotency-replayed"] == "true"


async def test_keys_expire(
    client: httpx.AsyncClient, rows: AsyncEngine, uow_factory: UnitOfWorkFactory
) -> None:
    """A key older than a day is forgotten, whether it is asked for again or swept away."""
    await client.post("/v1/environments", json=shop(), headers=KEY)
    age = text("UPDATE idempotency_keys SET created_at = now() - interval '25 hours'")
    async with rows.begin() as connection:
        await connection.execute(age)
    again = await client.post("/v1/environments", json=shop(), headers=KEY)
    assert again.json()["code"] == "environment_exists"
    (keys,) = [one for one in sweeps(RetentionSettings()) if one.name == "idempotency_keys"]
    assert await sweep_once(keys, uow_factory) == 1
    async with rows.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM idempotency_keys")) == 0


async def test_unusable_keys_are_refused(client: httpx.AsyncClient) -> None:
    """A key with white space, or longer than 255 characters, is refused by name."""
    for key in ("two words", "x" * 256):
        response = await client.post("/v1/environments", json=shop(), headers={"Idempotency-Key": key})
        assert response.status_code == 422
        assert response.json()["errors"][0]["parameter"].lower() == "idempotency-key"
