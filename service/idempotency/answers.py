"""Answers a repeated request as the first time: the answer is kept in the transaction that did the work."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from psycopg.errors import LockNotAvailable
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.tables import IdempotencyRow

# Twins that arrive together wait this long for the first one's answer before they are told to come back.
IN_FLIGHT_WAIT = timedelta(seconds=3)
LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it was, or is about to be, sent."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict[str, str])
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request that may be a repetition: the caller's key, if any, and what the request says."""

    actor: str
    key: str | None
    fingerprint: bytes


Work = Callable[[UnitOfWork], Awaitable[Answer]]


async def answer_once(request: KeyedRequest, uow_factory: UnitOfWorkFactory, work: Work) -> Answer:
    """Do the work and commit it together with its answer, or give the answer of the first time.

    What fails leaves nothing behind: the same key may then be tried again.

    Raises:
        KeyReusedError: the key belongs to another request.
        KeyInFlightError: the first request with this key is not done.
    """
    async with uow_factory() as uow:
        if request.key is None:
            answer = await work(uow)
        else:
            await _take_turn(uow.session, request.actor, request.key)
            kept = await _kept_answer(uow.session, request, request.key)
            if kept is not None:
                return kept
            answer = await work(uow)
            await _keep(uow.session, request, request.key, answer)
        await uow.commit()
    return answer


async def _take_turn(session: AsyncSession, actor: str, key: str) -> None:
    """Hold the key until the transaction ends; a crash lets it go."""
    digest = hashlib.sha256(f"{actor}\n{key}".encode()).digest()
    lock_key = int.from_bytes(digest[:8], "big", signed=True)
    milliseconds = int(IN_FLIGHT_WAIT.total_seconds() * 1000)
    await session.execute(text(f"SET LOCAL lock_timeout = {milliseconds}"))
    try:
        await session.execute(select(func.pg_advisory_xact_lock(lock_key)))
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            raise KeyInFlightError from error
        raise
    await session.execute(text("SET LOCAL lock_timeout TO DEFAULT"))


async def _kept_answer(session: AsyncSession, request: KeyedRequest, key: str) -> Answer | None:
    row = IdempotencyRow
    await session.execute(
        delete(row).where(row.actor == request.actor, row.key == key, row.created_at < func.now() - LIFETIME)
    )
    kept = await session.get(row, (request.actor, key))
    if kept is None:
        return None
    if kept.fingerprint != request.fingerprint:
        raise KeyReusedError
    return Answer(status=kept.status, body=kept.body, headers=kept.headers, is_replay=True)


async def _keep(session: AsyncSession, request: KeyedRequest, key: str, answer: Answer) -> None:
    await session.execute(
        insert(IdempotencyRow).values(
            actor=request.actor,
            key=key,
            fingerprint=request.fingerprint,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
        )
    )
