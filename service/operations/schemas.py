"""Operations as the API shows and takes them."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from service.operations.line import PlaceInLine, QueuePolicy
from service.operations.model import Operation, OperationKind
from service.operations.states import OperationState

OperationIdText = Annotated[str, Field(examples=["op_0192f0c1a7b87c3d9e5f60718293a4b5"])]


PlanIdText = Annotated[
    str, Field(pattern=r"^plan_[0-9a-f]{32}$", examples=["plan_0192f0c1a7b87c3d9e5f60718293a4b5"])
]


class RequestableKind(StrEnum):
    """The kinds that a caller may start."""

    PREVIEW = OperationKind.PREVIEW
    DEPLOY = OperationKind.DEPLOY
    REFRESH = OperationKind.REFRESH
    DESTROY = OperationKind.DESTROY


class RequestKind(StrEnum):
    """What to do with a request that was created or changed."""

    DEPLOY = OperationKind.DEPLOY
    PREVIEW = OperationKind.PREVIEW


QUEUE_TEXT = (
    "Where others run or wait: `queue` behind them, be `refuse`d, `replace` the last waiting one of "
    "this kind, or be the `latest` and replace all that wait"
)
QueueWish = Annotated[QueuePolicy, Query(description=QUEUE_TEXT)]


class OperationWanted(BaseModel):
    """An operation to start."""

    model_config = ConfigDict(extra="forbid")

    kind: RequestableKind = Field(
        description="`preview` shows what a deploy would change; `deploy` makes it so; `refresh` reads what "
        "stands in the cloud into the recorded state; `destroy` removes every resource."
    )
    queue: QueuePolicy = Field(default=QueuePolicy.QUEUE, description=QUEUE_TEXT)
    plan_id: PlanIdText | None = Field(
        default=None, description="Of a deploy: do exactly what this plan says, as a preview has made it"
    )

    @model_validator(mode="after")
    def _plan_is_for_a_deploy(self) -> Self:
        if self.plan_id is not None and self.kind is not RequestableKind.DEPLOY:
            raise PydanticCustomError("plan_for_deploy", "only a deploy can be held to a plan")
        return self


class ChangesView(BaseModel):
    """Resources by what became of them (in a preview: would become)."""

    create: int
    update: int
    replace: int
    delete: int
    same: int


class FailureView(BaseModel):
    """Why an operation failed."""

    code: str = Field(description="Stable; what a program decides by")
    message: str
    hint: str | None = Field(description="What to do about it")
    resource_urn: str | None
    resource_type: str | None
    provider_message: str | None = Field(description="What the provider said, word for word")
    retryable: bool


class PlaceView(BaseModel):
    """A place in the environment's line."""

    position: int = Field(description="How many come before it")
    behind: str = Field(description="The last of those")


class OperationView(BaseModel):
    """One run of an environment's program."""

    id: OperationIdText
    environment_id: str
    kind: OperationKind
    state: OperationState
    blueprint: str
    blueprint_version: str
    created_by: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancel_requested_at: datetime | None
    retry_of: str | None = Field(description="The operation that this one repeats")
    superseded_by: str | None = Field(description="The newer operation that took its place")
    plan_operation_id: str | None = Field(description="The preview that makes its plan")
    plan_id: str | None = Field(description="The plan that it is held to")
    approval_expires_at: datetime | None = Field(description="Until when it can be approved")
    queue: PlaceView | None = Field(default=None, description="Where it stands in line, while it waits there")
    worker: str | None
    engine: str | None = Field(description="`official` or `sandbox`: which Pulumi engine ran it")
    engine_version: str | None
    changes: ChangesView | None
    failure: FailureView | None
    base_state_version: int | None = Field(description="The state version that it started from")
    state_version: int | None = Field(description="The state version that it recorded")


class OperationDetail(OperationView):
    """An operation with the request document as it was when the operation was asked for."""

    request: dict[str, JsonValue]


def operation_view(operation: Operation, place: PlaceInLine | None = None) -> OperationView:
    """Show an operation."""
    return OperationView.model_validate(_members(operation, place))


def operation_detail(operation: Operation, place: PlaceInLine | None = None) -> OperationDetail:
    """Show an operation with its request."""
    return OperationDetail.model_validate(_members(operation, place))


def _members(operation: Operation, place: PlaceInLine | None) -> dict[str, object]:
    return {**asdict(operation), "queue": None if place is None else asdict(place)}
