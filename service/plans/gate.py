"""Decides whether a new operation may wait in line, or must be planned or approved first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from service.core.clock import utc_now
from service.core.ids import OperationId, PlanId, new_operation_id, new_plan_id
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.events.model import StepAction
from service.operations.line import move_operation, record_operation
from service.operations.model import ApprovalRule, ChangeSummary, Operation, OperationKind
from service.operations.repository import get_operation
from service.operations.states import OperationState
from service.plans import repository
from service.plans.basis import check_holds, present_basis
from service.plans.errors import PlanNotFoundError
from service.plans.model import Plan, PlannedStep, approvals_needed, digest_of
from service.plans.replacing import plan_replacement
from service.settings import Settings
from service.state.repository import page_of_resources, stack_of_environment

ALL = 2**31 - 1
ApprovalRules = Mapping[str, ApprovalRule]
UNPLANNED_BY_ENGINE = frozenset({OperationKind.DESTROY, OperationKind.RESTORE, OperationKind.IMPORT})


def approval_rules(settings: Settings) -> ApprovalRules:
    """Return this installation's rules by class."""
    return {
        environment_class: ApprovalRule(**setting.model_dump())
        for environment_class, setting in settings.approvals.items()
    }


async def admit_operation(
    operation: Operation,
    environment: Environment,
    rules: ApprovalRules,
    plan_id: PlanId | None,
    uow: UnitOfWork,
) -> Operation:
    """Write a new operation in the state that the rules give it, with its plan's preview. Does not commit.

    Raises:
        PlanNotFoundError, PlanStaleError: the plan that it was to be held to is not there, or holds no more.
    """
    rule = rules.get(environment.environment_class)
    ruled = replace(operation, approval_rule=rule)
    if operation.kind is OperationKind.DEPLOY and plan_id is not None:
        plan = await _plan_of(environment, plan_id, uow)
        planned = await get_operation(uow.session, plan.operation_id)
        return await _record(hold_to_plan(replace(ruled, options=planned.options), plan), uow)
    if operation.kind is OperationKind.DEPLOY and rule is not None:
        preview_id = await start_preview(operation, uow)
        return await _record(replace(ruled, state=OperationState.PENDING, plan_operation_id=preview_id), uow)
    if operation.kind in UNPLANNED_BY_ENGINE and rule is not None:
        return await _admit_unplanned(ruled, environment, uow)
    return await _record(operation, uow)


def hold_to_plan(operation: Operation, plan: Plan) -> Operation:
    """Return the operation held to its plan: in line, or waiting for people if the rule wants them."""
    if approvals_needed(operation.approval_rule, plan) == 0 or operation.approval_rule is None:
        return replace(operation, plan_id=plan.id, state=OperationState.QUEUED)
    return replace(
        operation,
        plan_id=plan.id,
        state=OperationState.AWAITING_APPROVAL,
        approval_expires_at=utc_now() + timedelta(hours=operation.approval_rule.lifetime_hours),
    )


async def start_preview(operation: Operation, uow: UnitOfWork) -> OperationId:
    """Put the preview in line that makes an operation's plan, for the same request. Does not commit."""
    preview = replace(
        operation,
        id=new_operation_id(),
        kind=OperationKind.PREVIEW,
        state=OperationState.QUEUED,
        created_at=utc_now(),
        retry_of=None,
        plan_operation_id=None,
        plan_id=None,
        approval_rule=None,
        approval_expires_at=None,
    )
    await record_operation(preview, uow)
    return preview.id


async def plan_destroy(operation: Operation, environment: Environment, uow: UnitOfWork) -> Plan:
    """Record the plan of a destroy: every resource that stands, deleted. Needs no engine. Does not commit."""
    stack_id = await stack_of_environment(uow, environment.id)
    standing = [] if stack_id is None else await page_of_resources(uow, stack_id, after=None, limit=ALL)
    steps = tuple(PlannedStep(StepAction.DELETE, one.urn, one.type, one.name) for one in reversed(standing))
    basis = await present_basis(environment, uow)
    plan = Plan(
        id=new_plan_id(),
        operation_id=operation.id,
        environment_id=environment.id,
        basis=basis,
        digest=digest_of(basis, steps),
        changes=ChangeSummary(delete=len(steps)),
        steps=steps,
        created_at=utc_now(),
    )
    await repository.insert_plan(uow.session, plan, None)
    return plan


async def _admit_unplanned(operation: Operation, environment: Environment, uow: UnitOfWork) -> Operation:
    pending = await _record(replace(operation, state=OperationState.PENDING), uow)
    return await settle_plan(pending, await plan_without_engine(pending, environment, uow), uow)


async def plan_without_engine(operation: Operation, environment: Environment, uow: UnitOfWork) -> Plan:
    """Record the plan of a destroy, restore or import from what is recorded. Does not commit."""
    if operation.kind is OperationKind.DESTROY:
        return await plan_destroy(operation, environment, uow)
    return await plan_replacement(operation, environment, uow)


async def settle_plan(operation: Operation, plan: Plan, uow: UnitOfWork) -> Operation:
    """Move an operation that waited for its plan on: into the line, or to the people who must agree."""
    held = hold_to_plan(operation, plan)
    return await move_operation(replace(held, state=operation.state), held.state, uow)


async def _plan_of(environment: Environment, plan_id: PlanId, uow: UnitOfWork) -> Plan:
    plan = await repository.find_plan(uow.session, plan_id)
    if plan is None or plan.environment_id != environment.id:
        raise PlanNotFoundError(f"environment {environment.id} has no plan {plan_id}")
    check_holds(plan, await present_basis(environment, uow))
    return plan


async def _record(operation: Operation, uow: UnitOfWork) -> Operation:
    await record_operation(operation, uow)
    return operation
