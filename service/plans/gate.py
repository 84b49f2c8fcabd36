"""Decides whether a new operation may wait in line, or must be planned or approved first."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from programs.catalogue import BLUEPRINTS
from service.core.clock import utc_now
from service.core.ids import OperationId, PlanId, new_operation_id
from service.core.unit_of_work import UnitOfWork
from service.costs.recording import adopt_planned_cost, record_destroy_cost
from service.environments.model import Environment
from service.operations.line import move_operation, record_operation
from service.operations.model import (
    RECOVERY_ACTOR,
    ApprovalRule,
    Finding,
    Operation,
    OperationFailure,
    OperationKind,
    Severity,
)
from service.operations.repository import get_operation
from service.operations.states import OperationState
from service.plans import repository
from service.plans.basis import check_holds, present_basis
from service.plans.destroying import plan_destroy
from service.plans.errors import PlanNotFoundError, PlanRefusedError
from service.plans.inspection import inspect_plan, is_planned_first
from service.plans.model import Plan, approvals_needed
from service.plans.replacing import plan_replacement
from service.plans.rules import PlanRules

UNPLANNED_BY_ENGINE = frozenset({OperationKind.DESTROY, OperationKind.RESTORE, OperationKind.IMPORT})


async def admit_operation(
    operation: Operation,
    environment: Environment,
    rules: PlanRules | None,
    plan_id: PlanId | None,
    uow: UnitOfWork,
) -> Operation:
    """Write a new operation in the state that the rules give it, with its plan's preview. Does not commit.

    Raises:
        PlanNotFoundError, PlanStaleError: the plan that it was to be held to is not there, or holds no more.
        PlanRefusedError: a check refuses that plan.
    """
    if rules is None:
        return await _record(operation, uow)
    ruled = replace(operation, approval_rule=rules.approval_rule(environment))
    if operation.kind in UNPLANNED_BY_ENGINE:
        return await _admit_unplanned(ruled, environment, rules, uow)
    if operation.kind is not OperationKind.DEPLOY:
        return await _record(operation, uow)
    if plan_id is not None:
        return await _admit_planned(ruled, environment, plan_id, rules, uow)
    # What a deploy that reads the cloud first will do is in no record: nobody knows without a plan.
    if operation.options.refresh or await is_planned_first(environment, rules, uow):
        preview_id = await start_preview(operation, uow)
        return await _record(replace(ruled, state=OperationState.PENDING, plan_operation_id=preview_id), uow)
    return await _record(operation, uow)


def hold_to_plan(
    operation: Operation, plan: Plan, findings: Sequence[Finding], on_findings: ApprovalRule
) -> Operation:
    """Return the operation held to its plan: in line, waiting for people, or failed where a check refuses.

    `on_findings` says who must agree where a check asks for it and no other rule says who.
    """
    held = replace(operation, plan_id=plan.id, findings=tuple(findings))
    failure = refusal_of(findings)
    if failure is not None:
        return replace(held, failure=failure, state=OperationState.FAILED)
    if held.approval_rule is None and any(one.severity is Severity.NEEDS_APPROVAL for one in findings):
        held = replace(held, approval_rule=on_findings)
    if held.approval_rule is None or approvals_needed(held, plan) == 0:
        return replace(held, state=OperationState.QUEUED)
    return replace(
        held,
        state=OperationState.AWAITING_APPROVAL,
        approval_expires_at=utc_now() + timedelta(hours=held.approval_rule.lifetime_hours),
    )


def refusal_of(findings: Sequence[Finding]) -> OperationFailure | None:
    """Return the failure of an operation whose plan a check refuses, None where none does."""
    refused = [finding for finding in findings if finding.severity is Severity.REFUSED]
    if not refused:
        return None
    first = refused[0]
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return OperationFailure(
        code=first.code,
        message=f"{first.rule}: {first.message}{more}; nothing was touched",
        hint=first.hint,
        resource_urn=first.resource_urn,
    )


async def start_preview(
    operation: Operation, uow: UnitOfWork, *, instead_of: OperationId | None = None
) -> OperationId:
    """Put the preview in line that makes an operation's plan, for the same request. Does not commit.

    `instead_of` names one that was cut off.
    """
    preview = replace(
        operation,
        id=new_operation_id(),
        kind=OperationKind.PREVIEW,
        state=OperationState.QUEUED,
        blueprint_version=BLUEPRINTS[operation.blueprint].version,  # it may have moved since
        created_by=operation.created_by if instead_of is None else RECOVERY_ACTOR,
        created_at=utc_now(),
        retry_of=instead_of,
        plan_operation_id=None,
        plan_id=None,
        approval_rule=None,
        approval_expires_at=None,
        findings=(),
    )
    await record_operation(preview, uow)
    return preview.id


async def _admit_unplanned(
    operation: Operation, environment: Environment, rules: PlanRules, uow: UnitOfWork
) -> Operation:
    admitted = await _admit_unpriced(operation, environment, rules, uow)
    if operation.kind is OperationKind.DESTROY:
        await record_destroy_cost(admitted, environment, uow)
    return admitted


async def _admit_unpriced(
    operation: Operation, environment: Environment, rules: PlanRules, uow: UnitOfWork
) -> Operation:
    plan = await plan_without_engine(operation, environment, uow)
    findings = await inspect_plan(plan, (), operation, environment, rules, uow)
    if operation.approval_rule is None and not any(one.is_blocking for one in findings):
        return await _record(replace(operation, findings=findings), uow)
    pending = await _record(replace(operation, state=OperationState.PENDING), uow)
    await repository.insert_plan(uow.session, plan)
    return await settle_plan(pending, plan, findings, rules.rule_on_findings(environment), uow)


async def plan_without_engine(operation: Operation, environment: Environment, uow: UnitOfWork) -> Plan:
    """Return the plan of a destroy, restore or import from what is recorded; writes nothing."""
    if operation.kind is OperationKind.DESTROY:
        return await plan_destroy(operation, environment, uow)
    return await plan_replacement(operation, environment, uow)


async def _admit_planned(
    operation: Operation, environment: Environment, plan_id: PlanId, rules: PlanRules, uow: UnitOfWork
) -> Operation:
    plan = await repository.find_plan(uow.session, plan_id)
    if plan is None or plan.environment_id != environment.id:
        raise PlanNotFoundError(f"environment {environment.id} has no plan {plan_id}")
    check_holds(plan, await present_basis(environment, uow))
    resources = await repository.read_resources(uow.session, plan.id)
    findings = await inspect_plan(plan, resources, operation, environment, rules, uow)
    planned = await get_operation(uow.session, plan.operation_id)
    on_findings = rules.rule_on_findings(environment)
    held = hold_to_plan(replace(operation, options=planned.options), plan, findings, on_findings)
    if held.failure is not None:
        raise PlanRefusedError(plan.id, held.failure)
    admitted = await _record(held, uow)
    await adopt_planned_cost(admitted, plan, uow)
    return admitted


async def settle_plan(
    operation: Operation, plan: Plan, findings: Sequence[Finding], on_findings: ApprovalRule, uow: UnitOfWork
) -> Operation:
    """Move on what waited for its plan: into the line, to the people who must agree, or to its end."""
    held = hold_to_plan(operation, plan, findings, on_findings)
    message = None if held.failure is None else held.failure.message
    await adopt_planned_cost(held, plan, uow)
    return await move_operation(replace(held, state=operation.state), held.state, uow, message=message)


async def _record(operation: Operation, uow: UnitOfWork) -> Operation:
    await record_operation(operation, uow)
    return operation
