"""An operation: one run of an environment's program, from request to result."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from service.core.ids import EnvironmentId, OperationId, PlanId, UploadId
from service.costs.summary import CostSummary
from service.operations.states import OperationState

Epoch = NewType("Epoch", int)
# In whose name an operation is started that was cut off through no fault of its own.
RECOVERY_ACTOR = "berth-recovery"


class OperationKind(StrEnum):
    """What an operation does."""

    PREVIEW = "preview"
    DEPLOY = "deploy"
    REFRESH = "refresh"
    DESTROY = "destroy"
    DETECT_DRIFT = "detect_drift"
    REPAIR = "repair"
    IMPORT = "import"
    RESTORE = "restore"


class QueuePolicy(StrEnum):
    """What a new operation does where others run or wait."""

    QUEUE = "queue"
    REFUSE = "refuse"
    REPLACE = "replace"
    LATEST = "latest"


@dataclass(frozen=True, slots=True)
class ChangeSummary:
    """How many resources a run made, changed, left alone."""

    create: int = 0
    update: int = 0
    replace: int = 0
    delete: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class OperationFailure:
    """Why an operation failed: the kind of fault, the resource, what the provider said, what to do."""

    code: str
    message: str
    hint: str | None = None
    resource_urn: str | None = None
    resource_type: str | None = None
    provider_message: str | None = None
    retryable: bool = False


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something in the cloud that outlived its environment: what it is, its ARN or id, the tag that tells."""

    resource_type: str
    id: str
    tag: str


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """Who must agree before an operation runs, as the settings had it when the operation was asked for.

    With `destructive_only` a plan that neither deletes nor replaces anything needs nobody; with
    `findings_only` only one for which a check has asked needs somebody.
    """

    approvers: int
    self_approval: bool
    destructive_only: bool
    lifetime_hours: int
    findings_only: bool = False


class Severity(StrEnum):
    """What a finding means for the operation."""

    ADVISORY = "advisory"
    NEEDS_APPROVAL = "needs_approval"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a plan. `code` is what an operation that it refuses has failed with."""

    rule: str
    severity: Severity
    message: str
    hint: str
    resource_urn: str | None = None
    code: str = "guardrail_violated"

    @property
    def is_blocking(self) -> bool:
        """Whether the operation cannot simply go on."""
        return self.severity is not Severity.ADVISORY


@dataclass(frozen=True, slots=True)
class AdoptedResource:
    """A resource that stands in the cloud, to be taken over under the program's type and name for it."""

    type: str
    name: str
    id: str


@dataclass(frozen=True, slots=True)
class OperationOptions:
    """What an operation is asked besides its kind.

    `refresh`: a preview or deploy reads the cloud first, so that it sees drift. `adopt`: resources that a
    preview or deploy takes over instead of making them. `state_version`: what a restore puts back.
    `upload_id`: the state that an import puts in place. `pause`: a deploy pauses (True) or resumes (False)
    its environment; None leaves that as it is.
    """

    refresh: bool = False
    adopt: tuple[AdoptedResource, ...] = ()
    state_version: int | None = None
    upload_id: UploadId | None = None
    pause: bool | None = None


NO_OPTIONS = OperationOptions()


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation as recorded. `epoch` grows with each claim and fences the writes of older ones.

    `plan_operation_id` is the preview that makes this one's plan; `plan_id` the plan that it is held to;
    `findings` are what the checks of that plan have found; `cost` is what it does to the monthly bill;
    `leftovers` what a scan by tag found after a destroy, None where nobody looked.
    """

    id: OperationId
    environment_id: EnvironmentId
    kind: OperationKind
    state: OperationState
    blueprint: str
    blueprint_version: str
    request: dict[str, object]
    created_by: str
    created_at: datetime
    options: OperationOptions = NO_OPTIONS
    epoch: Epoch = Epoch(0)
    started_at: datetime | None = None
    finished_at: datetime | None = None
    worker: str | None = None
    lease_until: datetime | None = None
    cancel_requested_at: datetime | None = None
    retry_of: OperationId | None = None
    superseded_by: OperationId | None = None
    plan_operation_id: OperationId | None = None
    plan_id: PlanId | None = None
    approval_rule: ApprovalRule | None = None
    approval_expires_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    engine: str | None = None
    engine_version: str | None = None
    changes: ChangeSummary | None = None
    cost: CostSummary | None = None
    failure: OperationFailure | None = None
    leftovers: tuple[Leftover, ...] | None = None
    base_state_version: int | None = None
    state_version: int | None = None

    @property
    def clears_the_way(self) -> bool:
        """Whether it tidies up after a run that was cut off: it comes first and gives way to nothing."""
        return self.kind is OperationKind.REPAIR and self.created_by == RECOVERY_ACTOR
