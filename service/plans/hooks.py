"""Where runs meet plans: what a worker asks before a run, and tells after it, in its own transactions."""

from dataclasses import replace

from service.core.clock import utc_now
from service.core.ids import OperationId, new_plan_id
from service.core.unit_of_work import UnitOfWork
from service.costs.recording import record_planned_cost
from service.environments.repository import get_environment
from service.events.model import Diagnostic
from service.events.repository import append_event
from service.operations.line import move_operation, plan_failure
from service.operations.model import ChangeSummary, Operation, OperationKind
from service.operations.recovering import may_run_again
from service.operations.repository import (
    find_planned_by,
    get_operation,
    save_base_state_version,
    save_findings,
    save_operation,
)
from service.operations.runs import Conclusion, Run
from service.operations.states import OperationState
from service.plans import repository
from service.plans.basis import as_deployed_by, check_holds, present_basis, present_state_version
from service.plans.errors import PlanNotFoundError
from service.plans.gate import UNPLANNED_BY_ENGINE, settle_plan, start_preview
from service.plans.inspection import inspect_plan
from service.plans.model import Plan, PlanBasis, digest_of
from service.plans.rules import PlanRules

AGAIN = "ask for the operation again: it is planned anew"


async def plan_document_for(uow: UnitOfWork, operation_id: OperationId) -> str | None:
    """Return the engine's own document of the plan that an operation is held to, as it is about to run.

    Notes the state that the run starts from. None for an operation that is held to no plan, or to one that
    needed no engine. Does not commit.

    Raises:
        PlanNotFoundError: the plan or the engine's document of it is gone: unheld it must not run.
        PlanStaleError: request, blueprint or state have moved since the plan was made.
    """
    operation = await get_operation(uow.session, operation_id)
    number = await present_state_version(operation.environment_id, uow)
    await save_base_state_version(uow.session, operation_id, number)
    if operation.plan_id is None:
        return None
    plan = await repository.find_plan(uow.session, operation.plan_id)
    if plan is None:
        raise PlanNotFoundError(
            f"the plan {operation.plan_id} of operation {operation_id} is gone", hint=AGAIN
        )
    environment = await get_environment(uow.session, operation.environment_id)
    check_holds(plan, await present_basis(as_deployed_by(operation, environment), uow))
    document = await repository.read_document(uow.session, plan.id)
    if document is None and operation.kind not in UNPLANNED_BY_ENGINE:
        raise PlanNotFoundError(
            f"the plan {plan.id} has no document that the engine could be held to", hint=AGAIN
        )
    return document


async def after_run(
    uow: UnitOfWork, run: Run, conclusion: Conclusion, rules: PlanRules, *, automatic_recoveries: int = 0
) -> None:
    """Record a preview's plan with its cost and what the checks find in it, and move on what waits for it.

    A preview that was cut off is made again where something waits for it, so often in a row. Does not commit.
    """
    if run.kind is not OperationKind.PREVIEW:
        return
    waiting = await find_planned_by(uow.session, run.operation_id)
    if conclusion.state is OperationState.SUCCEEDED:
        preview = await get_operation(uow.session, run.operation_id)
        environment = await get_environment(uow.session, preview.environment_id)
        plan = await _record_plan(uow, preview, conclusion)
        await record_planned_cost(preview, environment, conclusion.planned, uow)
        findings = await inspect_plan(plan, conclusion.planned, preview, environment, rules, uow)
        await save_findings(uow.session, preview.id, findings)
        if waiting is not None:
            await settle_plan(waiting, plan, findings, rules.rule_on_findings(environment), uow)
    elif waiting is not None:
        preview = await get_operation(uow.session, run.operation_id)
        may_run = await may_run_again(uow.session, preview, limit=automatic_recoveries)
        if conclusion.was_cut_off and may_run:
            await _plan_again(waiting, preview, uow)
            return
        failure = plan_failure(preview)
        await move_operation(
            replace(waiting, failure=failure), OperationState.FAILED, uow, message=failure.message
        )


async def _plan_again(waiting: Operation, cut_off: Operation, uow: UnitOfWork) -> None:
    again = await start_preview(waiting, uow, instead_of=cut_off.id)
    await save_operation(uow.session, replace(waiting, plan_operation_id=again))
    said = f"the preview {cut_off.id} was cut off; {again} makes the plan"
    await append_event(uow.session, waiting.id, Diagnostic(severity="info", message=said))


async def _record_plan(uow: UnitOfWork, preview: Operation, conclusion: Conclusion) -> Plan:
    basis = PlanBasis(
        request=preview.request,
        blueprint=preview.blueprint,
        blueprint_version=preview.blueprint_version,
        state_version=await present_state_version(preview.environment_id, uow),
    )
    steps = await repository.read_planned_steps(uow.session, preview.id)
    plan = Plan(
        id=new_plan_id(),
        operation_id=preview.id,
        environment_id=preview.environment_id,
        basis=basis,
        digest=digest_of(basis, steps),
        changes=conclusion.changes or ChangeSummary(),
        steps=steps,
        created_at=utc_now(),
    )
    await repository.insert_plan(uow.session, plan, document=conclusion.plan, resources=conclusion.planned)
    return plan
