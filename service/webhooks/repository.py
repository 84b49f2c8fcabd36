"""SQL about endpoints and deliveries as callers see them."""

from collections.abc import Sequence

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.model import TeamScope
from service.access.scope import within
from service.core.ids import EnvironmentId
from service.core.pages import PageRequest
from service.webhooks.errors import DeliveryNotFoundError, EndpointNotFoundError
from service.webhooks.model import (
    Delivery,
    DeliveryId,
    DeliveryState,
    Endpoint,
    EndpointId,
    EventId,
    WebhookEvent,
)
from service.webhooks.secrets import SealedSecret
from service.webhooks.tables import WebhookDeliveryRow, WebhookEndpointRow, WebhookEventRow


async def insert_endpoint(session: AsyncSession, endpoint: Endpoint, secret: SealedSecret) -> None:
    """Write a new endpoint with its sealed secret."""
    await session.execute(
        insert(WebhookEndpointRow).values(
            id=endpoint.id,
            url=endpoint.url,
            description=endpoint.description,
            team=endpoint.team,
            event_types=list(endpoint.event_types),
            is_enabled=endpoint.is_enabled,
            secret=secret.sealed,
            secret_key_id=secret.key_id,
            created_by=endpoint.created_by,
            created_at=endpoint.created_at,
            updated_at=endpoint.updated_at,
        )
    )


async def get_endpoint(session: AsyncSession, endpoint_id: EndpointId, *, lock: bool = False) -> Endpoint:
    """Return an endpoint, its row locked on request; raise EndpointNotFoundError."""
    wanted = select(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id)
    row = await session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise EndpointNotFoundError(endpoint_id)
    return _endpoint(row)


async def list_endpoints(
    session: AsyncSession, page: PageRequest, *, team: str | None, scope: TeamScope
) -> Sequence[Endpoint]:
    """Return the scope's endpoints, newest first."""
    row = WebhookEndpointRow
    wanted = select(row).where(within(row.team, scope)).order_by(row.id.desc()).limit(page.limit)
    if team is not None:
        wanted = wanted.where(WebhookEndpointRow.team == team)
    if page.before is not None:
        wanted = wanted.where(WebhookEndpointRow.id < page.before)
    return [_endpoint(row) for row in await session.scalars(wanted)]


async def save_endpoint(session: AsyncSession, endpoint: Endpoint) -> None:
    """Write what callers may change of an endpoint."""
    await session.execute(
        update(WebhookEndpointRow)
        .where(WebhookEndpointRow.id == endpoint.id)
        .values(
            url=endpoint.url,
            description=endpoint.description,
            team=endpoint.team,
            event_types=list(endpoint.event_types),
            is_enabled=endpoint.is_enabled,
            disabled_reason=endpoint.disabled_reason,
            updated_at=endpoint.updated_at,
        )
    )


async def replace_secret(session: AsyncSession, endpoint: Endpoint, secret: SealedSecret) -> None:
    """Make a secret the current one; the present one stays valid until `previous_secret_until`."""
    row = WebhookEndpointRow
    await session.execute(
        update(row)
        .where(row.id == endpoint.id)
        .values(
            previous_secret=row.secret,
            previous_secret_key_id=row.secret_key_id,
            previous_secret_until=endpoint.previous_secret_until,
            secret=secret.sealed,
            secret_key_id=secret.key_id,
            updated_at=endpoint.updated_at,
        )
    )


async def delete_endpoint(session: AsyncSession, endpoint_id: EndpointId) -> None:
    """Remove an endpoint with its deliveries."""
    await session.execute(delete(WebhookEndpointRow).where(WebhookEndpointRow.id == endpoint_id))


_DELIVERIES = select(WebhookDeliveryRow, WebhookEventRow.type).join(
    WebhookEventRow, WebhookEventRow.id == WebhookDeliveryRow.event_id
)


async def list_deliveries(
    session: AsyncSession, endpoint_id: EndpointId, page: PageRequest, *, state: DeliveryState | None
) -> Sequence[Delivery]:
    """Return an endpoint's deliveries, newest first."""
    row = WebhookDeliveryRow
    wanted = _DELIVERIES.where(row.endpoint_id == endpoint_id).order_by(row.id.desc()).limit(page.limit)
    if state is not None:
        wanted = wanted.where(row.state == state)
    if page.before is not None:
        wanted = wanted.where(row.id < page.before)
    return [_delivery(found) for found in await session.execute(wanted)]


async def get_delivery(session: AsyncSession, endpoint_id: EndpointId, delivery_id: DeliveryId) -> Delivery:
    """Return one of an endpoint's deliveries; raise DeliveryNotFoundError."""
    row = WebhookDeliveryRow
    found = await session.execute(_DELIVERIES.where(row.endpoint_id == endpoint_id, row.id == delivery_id))
    one = found.one_or_none()
    if one is None:
        raise DeliveryNotFoundError(f"the endpoint has no delivery {delivery_id}")
    return _delivery(one)


async def get_event(session: AsyncSession, event_id: EventId) -> WebhookEvent:
    """Return an event of the outbox by the id that a delivery names."""
    row = (await session.scalars(select(WebhookEventRow).where(WebhookEventRow.id == event_id))).one()
    environment_id = EnvironmentId(row.environment_id) if row.environment_id else None
    return WebhookEvent(EventId(row.id), environment_id, row.sequence, row.type, row.at, row.data)


def _endpoint(row: WebhookEndpointRow) -> Endpoint:
    return Endpoint(
        id=EndpointId(row.id),
        url=row.url,
        description=row.description,
        team=row.team,
        event_types=tuple(row.event_types),
        is_enabled=row.is_enabled,
        disabled_reason=row.disabled_reason,
        created_by=row.created_by,
        created_at=row.created_at,
        updated_at=row.updated_at,
        previous_secret_until=row.previous_secret_until,
    )


def _delivery(found: Row[WebhookDeliveryRow, str]) -> Delivery:
    row, event_type = found
    return Delivery(
        id=DeliveryId(row.id),
        endpoint_id=EndpointId(row.endpoint_id),
        event_id=EventId(row.event_id),
        event_type=event_type,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        last_status=row.last_status,
        last_error=row.last_error,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )
