"""A plan: what a run would do, from which state, and a digest that stands for all of it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from service.core.ids import EnvironmentId, OperationId, PlanId
from service.events.model import StepAction
from service.operations.model import ChangeSummary, Operation, Severity

DESTRUCTIVE = frozenset({StepAction.DELETE, StepAction.REPLACE})


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One thing that the run would do to one resource."""

    action: StepAction
    urn: str
    resource_type: str
    name: str
    changed_properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanBasis:
    """What a plan was made from. It holds only as long as all of this is unchanged."""

    request: Mapping[str, object]
    blueprint: str
    blueprint_version: str
    state_version: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A recorded plan. `digest` is what people approve."""

    id: PlanId
    operation_id: OperationId
    environment_id: EnvironmentId
    basis: PlanBasis
    digest: str
    changes: ChangeSummary
    steps: tuple[PlannedStep, ...]
    created_at: datetime

    @property
    def has_changes(self) -> bool:
        """Whether the run would do anything at all."""
        return any(step.action is not StepAction.SAME for step in self.steps)

    @property
    def is_destructive(self) -> bool:
        """Whether the run would delete or replace a resource."""
        return any(step.action in DESTRUCTIVE for step in self.steps)


class Decision(StrEnum):
    """What somebody said to a plan."""

    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class PlanDecision:
    """Who said what to a plan, and when."""

    actor: str
    decision: Decision
    at: datetime
    comment: str | None = field(default=None)


def digest_of(basis: PlanBasis, steps: Sequence[PlannedStep]) -> str:
    """Return the SHA-256 over inputs, blueprint, base state and steps, in hexadecimal."""
    ordered = sorted((asdict(step) for step in steps), key=lambda step: (step["urn"], step["action"]))
    text = json.dumps({**asdict(basis), "steps": ordered}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def approvals_needed(operation: Operation, plan: Plan) -> int:
    """Return how many people must agree to this plan before the operation that is held to it runs."""
    rule = operation.approval_rule
    if rule is None:
        return 0
    if any(finding.severity is Severity.NEEDS_APPROVAL for finding in operation.findings):
        return rule.approvers
    if rule.findings_only or not plan.has_changes or (rule.destructive_only and not plan.is_destructive):
        return 0
    return rule.approvers
