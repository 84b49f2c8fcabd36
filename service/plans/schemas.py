"""Plans as the API shows them, and what people say to them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.events.model import StepAction
from service.operations.model import Operation
from service.operations.schemas import ChangesView, FindingView
from service.plans.model import Decision, Plan, PlanDecision, approvals_needed


class StepView(BaseModel):
    """One thing that the run would do to one resource."""

    action: StepAction
    urn: str
    resource_type: str
    name: str
    changed_properties: list[str]


class DecisionView(BaseModel):
    """What somebody said to the plan."""

    actor: str
    decision: Decision
    at: datetime
    comment: str | None


class PlanView(BaseModel):
    """What a run would do. `digest` stands for all of it: inputs, blueprint, base state and steps."""

    id: str
    operation_id: str = Field(description="The operation that made it")
    environment_id: str
    digest: str = Field(description="Name it to approve or reject")
    blueprint: str
    blueprint_version: str
    base_state_version: int | None = Field(description="The state that it starts from; null: from nothing")
    changes: ChangesView
    steps: list[StepView] = Field(description="All but what stays the same")
    created_at: datetime
    findings: list[FindingView] = Field(description="What the checks found, the gravest first")
    approvals_needed: int
    decisions: list[DecisionView]


class PlanWord(BaseModel):
    """An approval or a rejection."""

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the plan that you have looked at")
    comment: str | None = Field(default=None, max_length=2000, pattern=r"^[^\x00]*$")


def plan_view(plan: Plan, operation: Operation, decisions: Sequence[PlanDecision]) -> PlanView:
    """Show a plan with what was said to it for an operation."""
    return PlanView.model_validate(
        {
            **asdict(plan),
            "blueprint": plan.basis.blueprint,
            "blueprint_version": plan.basis.blueprint_version,
            "base_state_version": plan.basis.state_version,
            "steps": [asdict(step) for step in plan.steps if step.action is not StepAction.SAME],
            "approvals_needed": approvals_needed(operation, plan),
            "findings": [asdict(finding) for finding in operation.findings],
            "decisions": [asdict(decision) for decision in decisions],
        }
    )
