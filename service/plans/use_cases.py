"""What people may do about plans: approve and reject them. Rows are locked environment first."""

from dataclasses import dataclass, replace

from service.access.persons import person_of
from service.audit.repository import AuditAction, AuditEntry, list_changers, record_action
from service.core.clock import utc_now
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.environments.repository import get_environment
from service.operations.accepted import Accepted
from service.operations.line import move_operation
from service.operations.model import Operation
from service.operations.recovering import list_recovered
from service.operations.repository import find_overdue_approvals, get_operation
from service.operations.runs import database_now
from service.operations.states import OperationState, TransitionError
from service.plans import repository
from service.plans.basis import as_deployed_by, check_holds, present_basis
from service.plans.errors import OtherPlanError, PlanNotFoundError, PlanStaleError, SelfApprovalError
from service.plans.gate import UNPLANNED_BY_ENGINE, plan_without_engine, settle_plan, start_preview
from service.plans.inspection import inspect_plan
from service.plans.model import Decision, Plan, PlanDecision, approvals_needed
from service.plans.rules import PlanRules

EXPIRY_BATCH = 100


@dataclass(frozen=True, slots=True)
class DecideOnPlan:
    """Somebody's word on an operation that waits for it; `digest` names the plan that they have seen.

    `is_proven_person` says whether it is certain which person the actor is.
    """

    operation_id: OperationId
    digest: str
    actor: str
    comment: str | None = None
    is_proven_person: bool = False


async def find_plan_for(operation: Operation, uow: UnitOfWork) -> Plan:
    """Return the plan that an operation made, or the one that it is held to.

    Raises:
        PlanNotFoundError: there is none, or not yet.
    """
    if operation.plan_id is not None:
        plan = await repository.find_plan(uow.session, operation.plan_id)
    else:
        plan = await repository.find_plan_of(uow.session, operation.plan_operation_id or operation.id)
    if plan is None:
        raise PlanNotFoundError(f"operation {operation.id} has no plan")
    return plan


async def approve_operation(command: DecideOnPlan, rules: PlanRules, uow: UnitOfWork) -> Accepted:
    """Agree to a plan; with enough agreement the operation goes into the line. The caller commits.

    Where request, blueprint or state have moved, a new plan is begun and committed, and the error tells it.

    Raises:
        TransitionError: the operation does not wait for approval, or no longer.
        OtherPlanError: its plan has another digest.
        SelfApprovalError: whoever asked for it, or has changed the request since, may not approve it, nor
            may who is not known to be somebody else.
        PlanStaleError: the plan no longer holds.
    """
    environment, operation, plan = await _waiting(command, uow)
    await _refuse_own(command, operation, uow)
    deployed = as_deployed_by(operation, environment)
    try:
        check_holds(plan, await present_basis(deployed, uow))
    except PlanStaleError as stale:
        planned_by = await _plan_anew(operation, deployed, rules, uow)
        await uow.commit()
        raise PlanStaleError(plan.id, stale.reason, new_plan_by=planned_by) from stale
    await _record(Decision.APPROVED, command, operation, plan, uow)
    decisions = await repository.list_decisions(uow.session, operation.id, plan.id)
    agreed = {person_of(one.actor) for one in decisions if one.decision is Decision.APPROVED}
    if len(agreed) >= approvals_needed(operation, plan):
        operation = await move_operation(operation, OperationState.QUEUED, uow)
    await _audit(AuditAction.OPERATION_APPROVED, command, environment, uow)
    return Accepted(environment, operation)


async def _refuse_own(command: DecideOnPlan, operation: Operation, uow: UnitOfWork) -> None:
    """Raise SelfApprovalError where a person might approve what they asked for or, since then, wrote."""
    if operation.approval_rule is None or operation.approval_rule.self_approval:
        return
    hint = "another approver of the team must agree; the team's rule says whether who asked may"
    actor, person = command.actor, person_of(command.actor)
    if not command.is_proven_person:
        raise SelfApprovalError(
            f"{actor} may be whoever asked for this operation",
            hint="sign in as a person, with a personal token, or through the platform's portal",
        )
    recovered = await list_recovered(uow.session, operation)
    asked = [operation, *recovered][-1]  # by a person, before it was cut off
    if person_of(asked.created_by) == person:
        raise SelfApprovalError(f"{actor} asked for this operation", hint=hint)
    changers = await list_changers(uow.session, operation.environment_id, since=asked.id)
    if person in {person_of(one) for one in changers}:
        raise SelfApprovalError(
            f"{actor} has changed the request since this operation was asked for", hint=hint
        )


async def reject_operation(command: DecideOnPlan, uow: UnitOfWork) -> Accepted:
    """Refuse a plan: the operation ends as rejected. The caller commits.

    Raises:
        TransitionError: the operation does not wait for approval, or no longer.
        OtherPlanError: its plan has another digest.
    """
    environment, operation, plan = await _waiting(command, uow)
    await _record(Decision.REJECTED, command, operation, plan, uow)
    message = f"{command.actor} rejected the plan" + (f": {command.comment}" if command.comment else "")
    rejected = await move_operation(operation, OperationState.REJECTED, uow, message=message)
    await _audit(AuditAction.OPERATION_REJECTED, command, environment, uow)
    return Accepted(environment, rejected)


async def expire_approvals(uow: UnitOfWork) -> int:
    """End the operations that nobody approved in time; commits and returns how many."""
    overdue = await find_overdue_approvals(uow.session, limit=EXPIRY_BATCH)
    for operation_id in overdue:
        _, operation = await _lock_both(operation_id, uow)
        if operation.state is OperationState.AWAITING_APPROVAL:
            await move_operation(
                operation, OperationState.EXPIRED, uow, message="nobody approved the plan in time"
            )
    await uow.commit()
    return len(overdue)


async def _waiting(command: DecideOnPlan, uow: UnitOfWork) -> tuple[Environment, Operation, Plan]:
    environment, operation = await _lock_both(command.operation_id, uow)
    if operation.state is not OperationState.AWAITING_APPROVAL:
        raise TransitionError(f"an operation that is {operation.state} does not wait for approval")
    if operation.approval_expires_at is not None and operation.approval_expires_at <= await database_now(uow):
        raise TransitionError(f"nobody approved {operation.id} in time", hint="ask for it again")
    plan = await find_plan_for(operation, uow)
    if plan.digest != command.digest:
        raise OtherPlanError(
            f"the plan of {operation.id} has the digest {plan.digest}",
            hint="look at it, and name that digest",
        )
    return environment, operation, plan


async def _plan_anew(
    operation: Operation, environment: Environment, rules: PlanRules, uow: UnitOfWork
) -> OperationId:
    """Begin another plan for an operation whose plan is stale; return the operation that makes it."""
    pending = replace(
        operation, plan_id=None, approval_expires_at=None, request=environment.request, findings=()
    )
    if operation.kind in UNPLANNED_BY_ENGINE:
        pending = await move_operation(pending, OperationState.PENDING, uow, message="the plan is made anew")
        plan = await plan_without_engine(pending, environment, uow)
        await repository.insert_plan(uow.session, plan)
        findings = await inspect_plan(plan, (), pending, environment, rules, uow)
        await settle_plan(pending, plan, findings, rules.rule_on_findings(environment), uow)
        return operation.id
    preview_id = await start_preview(pending, uow)
    await move_operation(
        replace(pending, plan_operation_id=preview_id),
        OperationState.PENDING,
        uow,
        message=f"{preview_id} makes a new plan",
    )
    return preview_id


async def _lock_both(operation_id: OperationId, uow: UnitOfWork) -> tuple[Environment, Operation]:
    seen = await get_operation(uow.session, operation_id)
    environment = await get_environment(uow.session, seen.environment_id, lock=True)
    return environment, await get_operation(uow.session, operation_id, lock=True)


async def _record(
    decision: Decision, command: DecideOnPlan, operation: Operation, plan: Plan, uow: UnitOfWork
) -> None:
    said = PlanDecision(actor=command.actor, decision=decision, at=utc_now(), comment=command.comment)
    await repository.record_decision(uow.session, operation.id, plan.id, said)


async def _audit(
    action: AuditAction, command: DecideOnPlan, environment: Environment, uow: UnitOfWork
) -> None:
    entry = AuditEntry(
        actor=command.actor,
        action=action,
        team=environment.team,
        environment_id=environment.id,
        operation_id=command.operation_id,
        detail={"digest": command.digest, "comment": command.comment},
    )
    await record_action(uow.session, entry)
