"""An environment: what a team asked for, and what stands of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.core.ids import EnvironmentId, OperationId


class EnvironmentStatus(StrEnum):
    """What stands of an environment. What is being done to it is its current operation."""

    REQUESTED = "requested"
    DEPLOYING = "deploying"
    READY = "ready"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    DESTROYING = "destroying"
    DESTROY_FAILED = "destroy_failed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentOverview:
    """An environment as lists show it. `revision` grows with every change of the request and is its ETag.

    Its time to live counts from `ttl_counts_from`, its creation or last extension; `expiry_warned_seconds` is
    how long before `expires_at` the last warning was given. `is_paused` from the moment a pause begins until
    a resume has succeeded.

    One with a `comparison_id` only carries a preview of that comparison: it is destroyed from the first, and
    in no list.
    """

    id: EnvironmentId
    team: str
    name: str
    orchestrator: str
    environment_class: str
    account: str
    region: str
    revision: int
    status: EnvironmentStatus
    is_protected: bool
    created_by: str
    created_at: datetime
    updated_at: datetime
    ttl_counts_from: datetime
    expires_at: datetime | None = None
    expiry_warned_seconds: int | None = None
    is_paused: bool = False
    destroyed_at: datetime | None = None
    current_operation_id: OperationId | None = None
    last_operation_id: OperationId | None = None
    comparison_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment(EnvironmentOverview):
    """An environment with the request as its team wrote it, without the defaults of class or service."""

    request: dict[str, object]
