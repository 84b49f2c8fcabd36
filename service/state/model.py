"""State versions, resources and outputs as Berth shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.core.ids import OperationId, StackId, UpdateId
from service.state.json_values import JsonObject, JsonValue


@dataclass(frozen=True, slots=True)
class StateVersion:
    """The record of a deployment: its origin and its size. `is_good`: its operation succeeded."""

    stack_id: StackId
    number: int
    is_good: bool
    digest: str
    size_bytes: int
    resource_count: int
    pending_operation_count: int
    created_at: datetime
    operation_id: OperationId | None = None
    update_id: UpdateId | None = None


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource with its secrets masked; `position` is its place in the deployment, dependencies first."""

    position: int
    urn: str
    type: str
    name: str
    provider_id: str | None
    parent: str | None
    dependencies: Sequence[str]
    is_custom: bool
    is_external: bool
    is_protected: bool
    is_pending_delete: bool
    inputs: JsonObject
    outputs: JsonObject
    created_at: datetime | None
    modified_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutputView:
    """An output with its secrets masked; stale once a later operation has failed."""

    name: str
    value: JsonValue
    is_secret: bool
    is_stale: bool
    state_version: int
