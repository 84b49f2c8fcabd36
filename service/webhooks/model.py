"""Endpoints, events and deliveries, and when a delivery is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from uuid6 import uuid7

from service.core.ids import EnvironmentId
from service.operations.states import OperationState

EndpointId = NewType("EndpointId", str)
EventId = NewType("EventId", str)
DeliveryId = NewType("DeliveryId", str)

PING = "ping"
EVENT_TYPES = (
    *(f"operation.{state}" for state in OperationState),
    "environment.expiring",
    "environment.extended",
    "environment.expired",
    "environment.creation_failed",
    "environment.drifted",
    PING,
)

RETRY_DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=6),
    timedelta(hours=10),
)
"""Waits between attempts, a day in all (Standard Webhooks 1.0, 'Deliverability and reliability')."""

SECRET_OVERLAP = timedelta(hours=24)
"""How long a rotated secret still signs beside the new one."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go. `team` None: of every team; no `event_types`: every type."""

    id: EndpointId
    url: str
    description: str
    team: str | None
    event_types: tuple[str, ...]
    is_enabled: bool
    disabled_reason: str | None
    created_by: str
    created_at: datetime
    updated_at: datetime
    previous_secret_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Something that happened; `sequence` counts an environment's events from 1 without gaps."""

    id: EventId
    environment_id: EnvironmentId | None
    sequence: int | None
    type: str
    at: datetime
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one endpoint."""

    id: DeliveryId
    endpoint_id: EndpointId
    event_id: EventId
    event_type: str
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    last_status: int | None
    last_error: str | None
    created_at: datetime
    finished_at: datetime | None


def new_endpoint_id() -> EndpointId:
    """Make an id like `whe_0192f0c1…`."""
    return EndpointId(f"whe_{uuid7().hex}")


def new_event_id() -> EventId:
    """Make an id like `evt_0192f0c1…`; it is the message's `webhook-id`, the same in every attempt."""
    return EventId(f"evt_{uuid7().hex}")


def new_delivery_id() -> DeliveryId:
    """Make an id like `whd_0192f0c1…`."""
    return DeliveryId(f"whd_{uuid7().hex}")


def delay_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts; None when there is no further one."""
    return RETRY_DELAYS[attempts - 1] if attempts <= len(RETRY_DELAYS) else None
