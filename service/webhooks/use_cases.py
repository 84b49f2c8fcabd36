"""What callers may do with webhooks."""

from dataclasses import dataclass, replace
from typing import TypedDict

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWork
from service.webhooks.attempts import disable_endpoint
from service.webhooks.errors import EndpointDisabledError
from service.webhooks.model import (
    PING,
    SECRET_OVERLAP,
    Delivery,
    DeliveryId,
    Endpoint,
    EndpointId,
    WebhookEvent,
    new_endpoint_id,
    new_event_id,
)
from service.webhooks.outbox import write_delivery, write_event
from service.webhooks.repository import (
    delete_endpoint,
    get_delivery,
    get_endpoint,
    get_event,
    insert_endpoint,
    replace_secret,
    save_endpoint,
)
from service.webhooks.secrets import SecretBox, new_secret, written
from service.webhooks.targets import TargetRules

DISABLED_BY_CALLER = "disabled by a caller"


@dataclass(frozen=True, slots=True)
class CreateEndpoint:
    """Where to send what; the actor is who asks."""

    url: str
    description: str
    team: str | None
    event_types: tuple[str, ...]
    actor: str


class EndpointChanges(TypedDict, total=False):
    """What of an endpoint is to be another."""

    url: str
    description: str
    team: str | None
    event_types: tuple[str, ...]
    is_enabled: bool


@dataclass(frozen=True, slots=True)
class CreatedSecret:
    """An endpoint with its secret in the clear: shown this once."""

    endpoint: Endpoint
    secret: str


async def create_endpoint(
    command: CreateEndpoint, uow: UnitOfWork, box: SecretBox, rules: TargetRules
) -> CreatedSecret:
    """Record an endpoint with a new secret. The caller commits.

    Raises:
        TargetRefusedError: the address is not one that webhooks go to.
    """
    rules.check_url(command.url)
    now = utc_now()
    endpoint = Endpoint(
        id=new_endpoint_id(),
        url=command.url,
        description=command.description,
        team=command.team,
        event_types=command.event_types,
        is_enabled=True,
        disabled_reason=None,
        created_by=command.actor,
        created_at=now,
        updated_at=now,
    )
    secret = new_secret()
    await insert_endpoint(uow.session, endpoint, await box.seal(endpoint.id, secret))
    await _record(uow, command.actor, AuditAction.WEBHOOK_CREATED, endpoint)
    return CreatedSecret(endpoint, written(secret))


async def change_endpoint(
    endpoint_id: EndpointId, changes: EndpointChanges, actor: str, uow: UnitOfWork, rules: TargetRules
) -> Endpoint:
    """Change an endpoint; disabling it drops what waits for it. The caller commits.

    Raises:
        EndpointNotFoundError, TargetRefusedError.
    """
    before = await get_endpoint(uow.session, endpoint_id, lock=True)
    after = replace(before, **changes, updated_at=utc_now())
    rules.check_url(after.url)
    if after.is_enabled:
        after = replace(after, disabled_reason=None)
    elif before.is_enabled:
        await disable_endpoint(uow.session, endpoint_id, DISABLED_BY_CALLER)
        after = replace(after, disabled_reason=DISABLED_BY_CALLER)
    await save_endpoint(uow.session, after)
    await _record(uow, actor, AuditAction.WEBHOOK_CHANGED, after, before)
    return after


async def remove_endpoint(endpoint_id: EndpointId, actor: str, uow: UnitOfWork) -> None:
    """Remove an endpoint and its deliveries; raise EndpointNotFoundError. The caller commits."""
    endpoint = await get_endpoint(uow.session, endpoint_id, lock=True)
    await delete_endpoint(uow.session, endpoint_id)
    await _record(uow, actor, AuditAction.WEBHOOK_REMOVED, endpoint)


async def rotate_secret(
    endpoint_id: EndpointId, actor: str, uow: UnitOfWork, box: SecretBox
) -> CreatedSecret:
    """Give an endpoint a new secret; the old one signs beside it for a day. The caller commits."""
    before = await get_endpoint(uow.session, endpoint_id, lock=True)
    now = utc_now()
    endpoint = replace(before, updated_at=now, previous_secret_until=now + SECRET_OVERLAP)
    secret = new_secret()
    await replace_secret(uow.session, endpoint, await box.seal(endpoint_id, secret))
    await _record(uow, actor, AuditAction.WEBHOOK_SECRET_ROTATED, endpoint)
    return CreatedSecret(endpoint, written(secret))


async def ping_endpoint(endpoint_id: EndpointId, actor: str, uow: UnitOfWork) -> Delivery:
    """Send an endpoint a message that tells of nothing but itself. The caller commits.

    Raises:
        EndpointNotFoundError, EndpointDisabledError.
    """
    endpoint = await _enabled(endpoint_id, uow)
    event = WebhookEvent(
        id=new_event_id(),
        environment_id=None,
        sequence=None,
        type=PING,
        at=utc_now(),
        data={"endpoint_id": endpoint.id, "requested_by": actor},
    )
    await write_event(uow.session, event)
    delivery_id = await write_delivery(uow.session, event, endpoint_id)
    return await get_delivery(uow.session, endpoint_id, delivery_id)


async def replay_delivery(
    endpoint_id: EndpointId, delivery_id: DeliveryId, actor: str, uow: UnitOfWork
) -> Delivery:
    """Send an event once more: a new delivery of the same message, under the same `webhook-id`.

    The caller commits.

    Raises:
        EndpointNotFoundError, DeliveryNotFoundError, EndpointDisabledError.
    """
    endpoint = await _enabled(endpoint_id, uow)
    delivery = await get_delivery(uow.session, endpoint_id, delivery_id)
    event = await get_event(uow.session, delivery.event_id)
    replayed = await write_delivery(uow.session, event, endpoint_id)
    await _record(uow, actor, AuditAction.WEBHOOK_REPLAYED, endpoint)
    return await get_delivery(uow.session, endpoint_id, replayed)


async def _enabled(endpoint_id: EndpointId, uow: UnitOfWork) -> Endpoint:
    endpoint = await get_endpoint(uow.session, endpoint_id)
    if not endpoint.is_enabled:
        raise EndpointDisabledError(
            f"the endpoint is disabled: {endpoint.disabled_reason}", hint="enable it by PATCH, then try again"
        )
    return endpoint


async def _record(
    uow: UnitOfWork, actor: str, action: AuditAction, endpoint: Endpoint, before: Endpoint | None = None
) -> None:
    detail: dict[str, object] = {"endpoint_id": endpoint.id, "after": _shown(endpoint)}
    if before is not None:
        detail["before"] = _shown(before)
    entry = AuditEntry(
        actor=actor, action=action, team=endpoint.team or "", environment_id=None, detail=detail
    )
    await record_action(uow.session, entry)


def _shown(endpoint: Endpoint) -> dict[str, object]:
    return {
        "url": endpoint.url,
        "team": endpoint.team,
        "event_types": list(endpoint.event_types),
        "is_enabled": endpoint.is_enabled,
    }
