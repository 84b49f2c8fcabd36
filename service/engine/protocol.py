"""What a worker and its runner say to each other: one JSON document per line, both ways.

Worker to runner, over stdin: the job once, then lease renewals and at most one cancel request.
Runner to worker, over a pipe that the program's own prints cannot reach: ready, events, the result.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from programs.facts import Facts
from service.events.model import EventPayload
from service.operations.model import (
    NO_OPTIONS,
    ChangeSummary,
    OperationFailure,
    OperationKind,
    OperationOptions,
)


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EngineName(StrEnum):
    """The two Pulumi engines that an operation can run on."""

    OFFICIAL = "official"
    SANDBOX = "sandbox"


class Engine(_Message):
    """A Pulumi CLI: the folder that holds its `bin/pulumi`, and its version as it says itself."""

    name: EngineName
    root: str
    version: str
    plugins_dir: str | None = Field(default=None, description="Provider plugins, shared read-only")


class StackAddress(_Message):
    """Where a stack's state is kept, and the token that opens it for this one operation."""

    name: str = Field(description="organization/project/stack")
    project: str
    backend_url: str
    token: str = Field(repr=False)


class AssumedRole(_Message):
    """The AWS role that a run works in, and the name CloudTrail shows for its session."""

    role_arn: str
    session_name: str = Field(
        max_length=64, description="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"
    )
    region: str


class RunnerJob(_Message):
    """Everything a runner is told. It knows no database and no key."""

    operation_id: str
    kind: OperationKind
    request: dict[str, object]
    options: OperationOptions = NO_OPTIONS
    facts: Facts
    stack: StackAddress
    engine: Engine
    parallelism: int
    debug_providers: dict[str, int] = Field(description="Port on loopback by provider package")
    plan: str | None = Field(default=None, description="The saved plan that a deploy is held to")
    passed_environment: dict[str, str] = Field(
        default_factory=dict, description="For providers: cloud credentials and proxies"
    )
    role: AssumedRole | None = Field(default=None, description="Absent: the worker's own credentials")
    lease_deadline: float = Field(description="Seconds of the machine's clock since its boot")


class LeaseRenewed(_Message):
    """The lease now runs until this second of the machine's clock since its boot."""

    type: Literal["lease_renewed"] = "lease_renewed"
    lease_deadline: float


class CancelRequested(_Message):
    """End gracefully: let running steps finish, start no others, save the state."""

    type: Literal["cancel_requested"] = "cancel_requested"


class Ready(_Message):
    """The runner has imported what it needs and waits for its job."""

    type: Literal["ready"] = "ready"


class EventEmitted(_Message):
    """Something happened in the engine."""

    type: Literal["event"] = "event"
    at: datetime
    payload: EventPayload


class Outcome(StrEnum):
    """How a run ended, as the runner saw it."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class PlannedState(_Message):
    """A resource as it is to stand after the run: its inputs, with secrets masked."""

    urn: str
    resource_type: str
    name: str
    parent: str | None
    inputs: dict[str, JsonValue]


class Result(_Message):
    """The runner's last word."""

    type: Literal["result"] = "result"
    outcome: Outcome
    changes: ChangeSummary | None = None
    failure: OperationFailure | None = None
    plan: str | None = Field(default=None, description="The plan that a preview saved")
    planned: tuple[PlannedState, ...] = Field(default=(), description="What a preview would let stand")


WorkerMessage = Annotated[LeaseRenewed | CancelRequested, Field(discriminator="type")]
RunnerMessage = Annotated[Ready | EventEmitted | Result, Field(discriminator="type")]
worker_message_adapter: TypeAdapter[WorkerMessage] = TypeAdapter(WorkerMessage)
runner_message_adapter: TypeAdapter[RunnerMessage] = TypeAdapter(RunnerMessage)
