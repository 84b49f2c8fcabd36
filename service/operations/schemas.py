"""Operations as the API shows and takes them."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.operations.model import Operation, OperationKind
from service.operations.states import OperationState

OperationIdText = Annotated[str, Field(examples=["op_0192f0c1a7b87c3d9e5f60718293a4b5"])]


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


class OperationWanted(BaseModel):
    """An operation to start."""

    model_config = ConfigDict(extra="forbid")

    kind: RequestableKind = Field(
        description="`preview` shows what a deploy would change; `deploy` makes it so; `refresh` reads what "
        "stands in the cloud into the recorded state; `destroy` removes every resource."
    )


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


def operation_view(operation: Operation) -> OperationView:
    """Show an operation."""
    return OperationView.model_validate(asdict(operation))


def operation_detail(operation: Operation) -> OperationDetail:
    """Show an operation with its request."""
    return OperationDetail.model_validate(asdict(operation))
