"""One attempt in SQL: taking it, and recording how it ended under its own number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.expression import cast

from service.webhooks.jobs import insert_job
from service.webhooks.model import DeliveryId, DeliveryState, EndpointId, EventId, delay_after
from service.webhooks.secrets import SealedSecret
from service.webhooks.tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow

ATTEMPT_SECONDS = 60
"""An attempt that says nothing for so long is over: sending takes a quarter of it at most (sending.py)."""

ATTEMPTS_AT_ONCE = 2
"""Of one endpoint, over all processes: one that answers nobody leaves most of a process's slots to others."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is sent where in one attempt. `number` fences: a later attempt's record is not overwritten."""

    delivery_id: DeliveryId
    number: int
    endpoint_id: EndpointId
    url: str
    secrets: tuple[SealedSecret, ...]
    event_id: EventId
    event_type: str
    at: datetime
    sequence: int | None
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class AttemptResult:
    """How it ended: a status where there was an answer, an error where there was none."""

    status: int | None = None
    error: str | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver took it (2xx)."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 -- HTTP's classes

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more (410)."""
        return self.status == 410  # noqa: PLR2004 -- RFC 9110, 15.5.11


async def take_attempt(session: AsyncSession, delivery_id: DeliveryId) -> Attempt | None:
    """Take a due delivery for one attempt; None when it is not due, taken or over. Does not commit.

    None also where its endpoint has enough attempts under way: whichever of them ends first calls the next.
    """
    endpoint_id = await _lock_endpoint_of(session, delivery_id)
    if endpoint_id is None or await _is_busy(session, endpoint_id):
        return None
    delivery = WebhookDeliveryRow
    taken = await session.execute(
        update(delivery)
        .where(
            delivery.id == delivery_id,
            delivery.state == DeliveryState.PENDING,
            delivery.next_attempt_at <= func.now(),
            or_(delivery.attempt_until.is_(None), delivery.attempt_until < func.now()),
        )
        .values(attempts=delivery.attempts + 1, attempt_until=_in(timedelta(seconds=ATTEMPT_SECONDS)))
        .returning(delivery.attempts)
    )
    number = taken.scalar_one_or_none()
    return None if number is None else await _attempt(session, delivery_id, number)


async def _lock_endpoint_of(session: AsyncSession, delivery_id: DeliveryId) -> EndpointId | None:
    """Lock the endpoint before any of its deliveries: two attempts that end at once take turns.

    Deliveries may be written meanwhile: their foreign key asks for the endpoint's key alone.
    """
    found = await session.scalar(
        select(WebhookEndpointRow.id)
        .join(WebhookDeliveryRow, WebhookDeliveryRow.endpoint_id == WebhookEndpointRow.id)
        .where(WebhookDeliveryRow.id == delivery_id)
        .with_for_update(of=WebhookEndpointRow, key_share=True)
    )
    return None if found is None else EndpointId(found)


async def _is_busy(session: AsyncSession, endpoint_id: EndpointId) -> bool:
    delivery = WebhookDeliveryRow
    running = await session.scalar(
        select(func.count()).where(
            delivery.endpoint_id == endpoint_id,
            delivery.state == DeliveryState.PENDING,
            delivery.attempt_until >= func.now(),
        )
    )
    return (running or 0) >= ATTEMPTS_AT_ONCE


async def _call_next(session: AsyncSession, endpoint_id: EndpointId) -> None:
    """Put the delivery that has waited longest for this endpoint in line, where one waits."""
    delivery = WebhookDeliveryRow
    waiting = await session.scalar(
        select(delivery.id)
        .where(
            delivery.endpoint_id == endpoint_id,
            delivery.state == DeliveryState.PENDING,
            delivery.next_attempt_at <= func.now(),
            or_(delivery.attempt_until.is_(None), delivery.attempt_until < func.now()),
        )
        .order_by(delivery.next_attempt_at)
        .limit(1)
    )
    if waiting is not None:
        await insert_job(session, DeliveryId(waiting))


async def _attempt(session: AsyncSession, delivery_id: DeliveryId, number: int) -> Attempt | None:
    endpoint, event = WebhookEndpointRow, WebhookEventRow
    found = await session.execute(
        select(endpoint, event)
        .join(WebhookDeliveryRow, WebhookDeliveryRow.endpoint_id == endpoint.id)
        .join(event, event.id == WebhookDeliveryRow.event_id)
        .where(WebhookDeliveryRow.id == delivery_id)
    )
    to, what = found.one()
    if not to.is_enabled:
        await _end(
            session, delivery_id, DeliveryState.DROPPED, AttemptResult(error="the endpoint is disabled")
        )
        return None
    secrets = [SealedSecret(to.secret, to.secret_key_id)]
    if to.previous_secret and to.previous_secret_key_id and to.previous_secret_until:
        overlaps = await session.scalar(select(func.now() < to.previous_secret_until))
        if overlaps:
            secrets.append(SealedSecret(to.previous_secret, to.previous_secret_key_id))
    return Attempt(
        delivery_id=delivery_id,
        number=number,
        endpoint_id=EndpointId(to.id),
        url=to.url,
        secrets=tuple(secrets),
        event_id=EventId(what.id),
        event_type=what.type,
        at=what.at,
        sequence=what.sequence,
        data=what.data,
    )


async def record_result(session: AsyncSession, attempt: Attempt, result: AttemptResult) -> None:
    """Record how an attempt ended: delivered, tried again later, or given up. Does not commit.

    An answer of 410 disables the endpoint and drops what else waits for it.
    """
    await _lock_endpoint_of(session, attempt.delivery_id)
    await _record(session, attempt, result)
    await _call_next(session, attempt.endpoint_id)


async def _record(session: AsyncSession, attempt: Attempt, result: AttemptResult) -> None:
    held = select(WebhookDeliveryRow.id).where(
        WebhookDeliveryRow.id == attempt.delivery_id,
        WebhookDeliveryRow.attempts == attempt.number,
        WebhookDeliveryRow.state == DeliveryState.PENDING,
    )
    if (await session.execute(held.with_for_update())).scalar_one_or_none() is None:
        return
    if result.is_delivered:
        await _end(session, attempt.delivery_id, DeliveryState.DELIVERED, result)
        return
    if result.is_gone:
        await _end(session, attempt.delivery_id, DeliveryState.FAILED, result)
        await disable_endpoint(session, attempt.endpoint_id, "the receiver answered 410 Gone")
        return
    delay = delay_after(attempt.number)
    if delay is None:
        await _end(session, attempt.delivery_id, DeliveryState.FAILED, result)
        return
    await session.execute(
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.id == attempt.delivery_id)
        .values(
            next_attempt_at=_in(delay),
            attempt_until=None,
            last_status=result.status,
            last_error=result.error,
        )
    )
    await insert_job(session, attempt.delivery_id, delay=delay)


async def disable_endpoint(session: AsyncSession, endpoint_id: EndpointId, reason: str) -> None:
    """Send nothing more to an endpoint, and drop what waits. Does not commit."""
    await session.execute(
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id == endpoint_id)
        .values(is_enabled=False, disabled_reason=reason, updated_at=func.now())
    )
    await session.execute(
        update(WebhookDeliveryRow)
        .where(
            WebhookDeliveryRow.endpoint_id == endpoint_id,
            WebhookDeliveryRow.state == DeliveryState.PENDING,
        )
        .values(
            state=DeliveryState.DROPPED,
            next_attempt_at=None,
            attempt_until=None,
            last_error=reason,
            finished_at=func.now(),
        )
    )


async def _end(
    session: AsyncSession, delivery_id: DeliveryId, state: DeliveryState, result: AttemptResult
) -> None:
    await session.execute(
        update(WebhookDeliveryRow)
        .where(WebhookDeliveryRow.id == delivery_id)
        .values(
            state=state,
            next_attempt_at=None,
            attempt_until=None,
            last_status=result.status,
            last_error=result.error,
            finished_at=func.now(),
        )
    )


def _in(delay: timedelta) -> object:
    return func.now() + cast(delay, INTERVAL)
