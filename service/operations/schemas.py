"""Operations as the API shows and takes them."""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticCustomError

from service.costs.schemas import CostSummaryView, summary_view
from service.operations.line import PlaceInLine
from service.operations.model import (
    AdoptedResource,
    Operation,
    OperationKind,
    OperationOptions,
    QueuePolicy,
    Severity,
)
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
    DETECT_DRIFT = OperationKind.DETECT_DRIFT
    REPAIR = OperationKind.REPAIR
    RESTORE = OperationKind.RESTORE


class RequestKind(StrEnum):
    """What to do with a request that was created or changed."""

    DEPLOY = OperationKind.DEPLOY
    PREVIEW = OperationKind.PREVIEW


QUEUE_TEXT = (
    "Where others run or wait: `queue` behind them, be `refuse`d, `replace` the last waiting one of "
    "this kind, or be the `latest` and replace all that wait. Absent: this installation's rule, else `queue`"
)
QueueWish = Annotated[QueuePolicy | None, Query(description=QUEUE_TEXT)]


PLANNED_KINDS = frozenset({RequestableKind.PREVIEW, RequestableKind.DEPLOY})


class AdoptionWanted(BaseModel):
    """A resource that stands in the cloud, under the type and name that the program gives it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(min_length=3, max_length=256, examples=["aws:ecr/repository:Repository"])
    name: str = Field(
        min_length=1, max_length=512, description="As a preview shows it", examples=["shop-frontend"]
    )
    id: str = Field(
        min_length=1,
        max_length=1024,
        description="What the provider imports it by: see the resource's page in the Pulumi registry",
        examples=["storefront-shop/frontend"],
    )


class OperationWanted(BaseModel):
    """An operation to start."""

    model_config = ConfigDict(extra="forbid")

    kind: RequestableKind = Field(
        description="`preview` shows what a deploy would change; `deploy` makes it so; `refresh` reads what "
        "stands in the cloud into the recorded state; `destroy` removes every resource; `detect_drift` "
        "compares the cloud with the recorded state and changes neither; `repair` clears what an "
        "interrupted run left pending by reading the cloud; `restore` puts an older state version back and "
        "reads the cloud into it."
    )
    queue: QueuePolicy | None = Field(default=None, description=QUEUE_TEXT)
    plan_id: PlanIdText | None = Field(
        default=None, description="Of a deploy: do exactly what this plan says, as a preview has made it"
    )

    refresh: bool = Field(
        default=False,
        description="Of a preview or deploy: read the cloud first, so that drift is seen and put right",
    )
    adopt: list[AdoptionWanted] = Field(
        default_factory=list["AdoptionWanted"],
        max_length=500,
        description="Of a preview or deploy: resources that stand in the cloud, to be taken over, not made",
    )
    state_version: int | None = Field(
        default=None, ge=1, description="Of a restore: the number of the state version to put back"
    )

    @model_validator(mode="after")
    def _members_fit_the_kind(self) -> Self:
        is_planned = self.kind in PLANNED_KINDS
        looks_or_adopts = self.refresh or bool(self.adopt)
        if self.plan_id is not None and self.kind is not RequestableKind.DEPLOY:
            raise PydanticCustomError("plan_for_deploy", "only a deploy can be held to a plan")
        if looks_or_adopts and not is_planned:
            raise PydanticCustomError("not_planned", "only a preview or deploy can refresh or adopt")
        if looks_or_adopts and self.plan_id is not None:
            raise PydanticCustomError("plan_decides", "refresh and adopt are as the plan has them")
        if (self.state_version is None) == (self.kind is RequestableKind.RESTORE):
            raise PydanticCustomError("restore_version", "a restore, and nothing else, names a state_version")
        return self

    def options(self) -> OperationOptions:
        """Return what is asked besides the kind."""
        return OperationOptions(
            refresh=self.refresh,
            adopt=tuple(AdoptedResource(one.type, one.name, one.id) for one in self.adopt),
            state_version=self.state_version,
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


class LeftoverView(BaseModel):
    """Something in the cloud that outlived its environment."""

    resource_type: str = Field(description="What it is, as the cloud names the type")
    id: str = Field(description="Its ARN, or its id where it has none")
    tag: str = Field(description="The tag that says whose it is")


class PlaceView(BaseModel):
    """A place in the environment's line."""

    position: int = Field(description="How many come before it")
    behind: str = Field(description="The last of those")


class OptionsView(BaseModel):
    """What an operation was asked besides its kind."""

    refresh: bool = Field(description="Whether it reads the cloud first")
    adopt: list[AdoptionWanted] = Field(description="What it takes over instead of making it")
    state_version: int | None = Field(description="Of a restore: the state version that it puts back")
    upload_id: str | None = Field(description="Of an import: the state that it puts in place")


class OperationView(BaseModel):
    """One run of an environment's program."""

    id: OperationIdText
    environment_id: str
    kind: OperationKind
    state: OperationState
    blueprint: str
    blueprint_version: str
    options: OptionsView = Field(description="What was asked besides the kind")
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
    cost: CostSummaryView | None = Field(
        description="Of a plan what it would cost, of what has run what it costs; null: not yet known"
    )
    failure: FailureView | None
    leftovers: list[LeftoverView] | None = Field(
        description="Of a destroy: what a scan by tag found standing afterwards; null where nobody looked"
    )
    base_state_version: int | None = Field(description="The state version that it started from")
    state_version: int | None = Field(description="The state version that it recorded")


class FindingView(BaseModel):
    """What a check found in the plan."""

    rule: str
    severity: Severity = Field(
        description="`advisory`: good to know; `needs_approval`: somebody must agree before it runs; "
        "`refused`: it does not run"
    )
    message: str
    hint: str = Field(description="What to do about it")
    resource_urn: str | None
    code: str = Field(description="What an operation that is refused for it has failed with")


class OperationDetail(OperationView):
    """An operation with the request document as it was when the operation was asked for."""

    findings: list[FindingView] = Field(
        description="What the checks found in its plan, before anything was done; the gravest first"
    )
    request: dict[str, JsonValue]


def operation_view(operation: Operation, place: PlaceInLine | None = None) -> OperationView:
    """Show an operation."""
    return OperationView.model_validate(_members(operation, place))


def operation_detail(operation: Operation, place: PlaceInLine | None = None) -> OperationDetail:
    """Show an operation with its request."""
    return OperationDetail.model_validate(_members(operation, place))


def _members(operation: Operation, place: PlaceInLine | None) -> dict[str, object]:
    cost = None if operation.cost is None else summary_view(operation.cost)
    return {**asdict(operation), "queue": None if place is None else asdict(place), "cost": cost}
