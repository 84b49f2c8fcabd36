"""The outbox: an event, and its deliveries, in the transaction that changes what they tell of."""

from collections.abc import Iterable, Mapping

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.clock import utc_now
from service.core.ids import EnvironmentId, OperationId
from service.environments.tables import EnvironmentRow
from service.events.model import EventPayload, StateChanged
from service.operations.tables import OperationRow
from service.webhooks.jobs import insert_job
from service.webhooks.model import (
    DeliveryId,
    DeliveryState,
    EndpointId,
    WebhookEvent,
    new_delivery_id,
    new_event_id,
)
from service.webhooks.tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow


async def publish_transitions(
    session: AsyncSession, operation_id: OperationId, payloads: Iterable[EventPayload]
) -> None:
    """Write an event for each change of state among the payloads; the rest is the stream's.

    The caller's transaction holds the environment's row, so that its sequence has no gaps. Does not commit.
    """
    for payload in payloads:
        if isinstance(payload, StateChanged):
            await _publish(session, operation_id, payload)


async def _publish(session: AsyncSession, operation_id: OperationId, change: StateChanged) -> None:
    environment, operation = EnvironmentRow, OperationRow
    found = await session.execute(
        select(
            environment.id,
            environment.team,
            environment.name,
            environment.orchestrator,
            environment.comparison_id,
            operation.kind,
            operation.created_by,
        )
        .join(operation, operation.environment_id == environment.id)
        .where(operation.id == operation_id)
    )
    row = found.one()
    if row.comparison_id is not None:
        return  # nobody's environment: whoever asked for the comparison looks at that
    await emit(
        session,
        type=f"operation.{change.state}",
        environment_id=EnvironmentId(row.id),
        team=row.team,
        operation_id=operation_id,
        data={
            "environment": row.name,
            "orchestrator": row.orchestrator,
            "kind": row.kind,
            "state": change.state,
            "message": change.message,
            "requested_by": row.created_by,
        },
    )


async def emit(
    session: AsyncSession,
    *,
    type: str,  # noqa: A002 -- the message's own word
    environment_id: EnvironmentId,
    team: str,
    operation_id: OperationId | None,
    data: Mapping[str, object],
) -> None:
    """Write an event of an environment and its deliveries to whoever asked for its type.

    Holds the environment's row from here on. Does not commit.
    """
    event = WebhookEvent(
        id=new_event_id(),
        environment_id=environment_id,
        sequence=await _next_sequence(session, environment_id),
        type=type,
        at=utc_now(),
        data={"environment_id": environment_id, "team": team, "operation_id": operation_id, **data},
    )
    await write_event(session, event)
    for endpoint_id in await _interested(session, team=team, event_type=type):
        await write_delivery(session, event, endpoint_id)


async def _next_sequence(session: AsyncSession, environment_id: EnvironmentId) -> int:
    # Whoever numbers the next event holds the environment's row until the commit: no number is given twice.
    holder = select(EnvironmentRow.id).where(EnvironmentRow.id == environment_id)
    await session.execute(holder.with_for_update(key_share=True))
    last = await session.scalar(
        select(func.max(WebhookEventRow.sequence)).where(WebhookEventRow.environment_id == environment_id)
    )
    return (last or 0) + 1


async def _interested(session: AsyncSession, *, team: str, event_type: str) -> list[EndpointId]:
    endpoint = WebhookEndpointRow
    found = await session.scalars(
        select(endpoint.id)
        .where(
            endpoint.is_enabled,
            or_(endpoint.team.is_(None), endpoint.team == team),
            or_(func.cardinality(endpoint.event_types) == 0, endpoint.event_types.contains([event_type])),
        )
        .order_by(endpoint.id)
    )
    return [EndpointId(endpoint_id) for endpoint_id in found]


async def write_event(session: AsyncSession, event: WebhookEvent) -> None:
    """Write an event into the outbox."""
    await session.execute(
        insert(WebhookEventRow).values(
            id=event.id,
            environment_id=event.environment_id,
            sequence=event.sequence,
            type=event.type,
            at=event.at,
            data=event.data,
        )
    )


async def write_delivery(session: AsyncSession, event: WebhookEvent, endpoint_id: EndpointId) -> DeliveryId:
    """Write an event's delivery to one endpoint and the job that makes it; return the delivery's id."""
    delivery_id = new_delivery_id()
    await session.execute(
        insert(WebhookDeliveryRow).values(
            id=delivery_id,
            endpoint_id=endpoint_id,
            event_id=event.id,
            state=DeliveryState.PENDING,
            next_attempt_at=func.now(),
        )
    )
    await insert_job(session, delivery_id)
    return delivery_id
