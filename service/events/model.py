"""What an operation tells while it runs: the wire format of runner, database and API alike."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from service.state.masking import displayable

# What engines, providers and programs say, without the NUL characters that Postgres cannot hold.
Said = Annotated[str, AfterValidator(displayable)]


class StepAction(StrEnum):
    """What the engine does with a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    READ = "read"
    REFRESH = "refresh"
    IMPORT = "import"
    SAME = "same"


class _Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StateChanged(_Payload):
    """The operation moved to another state."""

    type: Literal["state_changed"] = "state_changed"
    state: str
    message: Said | None = None


class ResourceStarted(_Payload):
    """The engine began a step (in a preview: would do it)."""

    type: Literal["resource_started"] = "resource_started"
    urn: Said
    resource_type: Said
    name: Said
    action: StepAction
    changed_properties: list[Said] = []


class ResourceFinished(_Payload):
    """A step ended well."""

    type: Literal["resource_finished"] = "resource_finished"
    urn: Said
    resource_type: Said
    name: Said
    action: StepAction
    duration_ms: int | None = None


class ResourceFailed(_Payload):
    """A step failed; the provider's words are in the diagnostics beside it."""

    type: Literal["resource_failed"] = "resource_failed"
    urn: Said
    resource_type: Said
    name: Said
    action: StepAction


class DriftedProperty(_Payload):
    """A property that stands in the cloud otherwise than it was recorded; values are JSON, cut when long."""

    path: Said
    recorded: Said | None = Field(description="None: the record has no such property")
    actual: Said | None = Field(description="None: the cloud has no such property")


class ResourceDrifted(_Payload):
    """Reading the cloud found a resource otherwise than it was recorded, or did not find it at all."""

    type: Literal["resource_drifted"] = "resource_drifted"
    urn: Said
    resource_type: Said
    name: Said
    is_gone: bool = False
    properties: list[DriftedProperty] = []


class Diagnostic(_Payload):
    """A message of the engine, a provider or the program."""

    type: Literal["diagnostic"] = "diagnostic"
    severity: Literal["info", "warning", "error"]
    message: Said
    urn: Said | None = None
    ends_attempt: bool = Field(
        default=False, description="The run begins anew after it: what was told before led to nothing"
    )


class Summary(_Payload):
    """The run's changes, counted."""

    type: Literal["summary"] = "summary"
    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    same: int = 0
    duration_seconds: int | None = None


EventPayload = Annotated[
    StateChanged
    | ResourceStarted
    | ResourceFinished
    | ResourceFailed
    | ResourceDrifted
    | Diagnostic
    | Summary,
    Field(discriminator="type"),
]
event_payload_adapter: TypeAdapter[EventPayload] = TypeAdapter(EventPayload)


class OperationEvent(BaseModel):
    """An event with its place in the operation's order; `sequence` counts from 1 without gaps."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sequence: int
    at: datetime
    payload: EventPayload


class RecordedEvent(BaseModel):
    """An event as it stands in the database; `id` is what a reader resumes from."""

    model_config = ConfigDict(frozen=True)

    id: int = Field(description="Row number: `Last-Event-ID` of the stream, `after` of the pages")
    operation_id: str
    sequence: int = Field(description="Place in the operation's order, from 1 without gaps")
    at: datetime
    payload: EventPayload
