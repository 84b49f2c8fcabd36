"""The API's answers as the CLI reads them; fields it does not use are ignored, so that newer servers work."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.cli.cost_answers import CostSummaryAnswer
from service.events.model import DriftedProperty, EventPayload
from service.operations.states import OperationState


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class EnvironmentAnswer(_Answer):
    """An environment."""

    id: str
    team: str
    name: str
    orchestrator: str
    environment_class: Annotated[str, Field(alias="class")]
    region: str
    status: str
    revision: int
    expires_at: datetime | None = None
    last_operation_id: str | None = None


class ScheduledActionAnswer(_Answer):
    """What is done to an environment at a time."""

    id: str
    kind: str
    planned_at: datetime
    due_at: datetime
    held: bool = False
    changed_by: str | None = None


class ScheduledActionsAnswer(_Answer):
    """All that is due for an environment."""

    items: list[ScheduledActionAnswer]


class ChangesAnswer(_Answer):
    """Resources by what became of them."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    same: int = 0


class FailureAnswer(_Answer):
    """Why an operation failed."""

    code: str
    message: str
    hint: str | None = None
    resource_urn: str | None = None
    provider_message: str | None = None


class LeftoverAnswer(_Answer):
    """Something in the cloud that outlived its environment."""

    resource_type: str
    id: str
    tag: str


class OperationAnswer(_Answer):
    """An operation."""

    id: str
    environment_id: str
    kind: str
    state: OperationState
    engine: str | None = None
    engine_version: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    changes: ChangesAnswer | None = None
    cost: CostSummaryAnswer | None = None
    failure: FailureAnswer | None = None
    leftovers: list[LeftoverAnswer] | None = None
    state_version: int | None = None


class FindingAnswer(_Answer):
    """What a check found in a plan."""

    rule: str
    severity: str
    message: str
    hint: str


class PlanAnswer(_Answer):
    """What an operation is held to."""

    digest: str
    changes: ChangesAnswer
    findings: list[FindingAnswer] = []


class ExemptionAnswer(_Answer):
    """An exemption from a guardrail."""

    id: str
    rule: str
    team: str
    environment_id: str | None = None
    reason: str
    until: datetime
    created_by: str
    revoked_at: datetime | None = None


class GuardrailAnswer(_Answer):
    """A rule that plans are held to."""

    name: str
    title: str
    levels: dict[str, str]


class AcceptedAnswer(_Answer):
    """What a slow verb answers: the environment and the operation that works on it."""

    environment: EnvironmentAnswer
    operation: OperationAnswer


class EventAnswer(_Answer):
    """One event of an operation."""

    id: int
    sequence: int
    at: datetime
    payload: EventPayload


class OutputAnswer(_Answer):
    """One stack output; a secret one shows as `{"secret": true}`."""

    name: str
    value: JsonValue
    is_secret: bool = False


class ResourceAnswer(_Answer):
    """One resource of the recorded state."""

    urn: str
    type: str


class DriftedResourceAnswer(_Answer):
    """A resource that stands otherwise than it was recorded."""

    resource_type: str
    name: str
    is_gone: bool
    properties: list[DriftedProperty] = []


class DriftReportAnswer(_Answer):
    """What one look at the cloud found."""

    id: str
    checked_at: datetime
    state_version: int | None = None
    is_drifted: bool
    resources: list[DriftedResourceAnswer] = []


class EnvironmentDriftAnswer(_Answer):
    """The newest look at one environment."""

    team: str
    name: str
    checked_at: datetime
    drifted_count: int
    gone_count: int
    is_current: bool


class FieldProblem(_Answer):
    """One wrong place of a request."""

    pointer: str = ""
    message: str = ""


class ProblemAnswer(_Answer):
    """RFC 9457 problem details."""

    title: str = "The request was refused"
    detail: str = ""
    code: str = ""
    hint: str | None = None
    errors: list[FieldProblem] = []


class GrantAnswer(_Answer):
    """A role in a team."""

    role: str
    team: str | None = None


class TokenAnswer(_Answer):
    """A token; its text is there in the answer that makes it, and once."""

    id: str
    kind: str
    name: str
    subject: str
    grants: list[GrantAnswer]
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    token: str | None = None
