"""The plan of an operation that puts another state in place: no engine is needed to tell what it changes."""

from service.backend.replacing import find_wanted_state
from service.core.clock import utc_now
from service.core.ids import new_plan_id
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.events.model import StepAction
from service.operations.model import ChangeSummary, Operation
from service.plans.basis import present_basis
from service.plans.model import Plan, PlannedStep, digest_of
from service.state.deployment import Deployment, Resource, empty_deployment
from service.state.repository import stack_of_environment, stored_deployment
from service.state.storage import load
from service.state.urns import resource_name


async def plan_replacement(operation: Operation, environment: Environment, uow: UnitOfWork) -> Plan:
    """Return the plan of a restore or import: what the record gains, loses and changes. Writes nothing.

    A resource that the record loses goes on standing in the cloud without anybody managing it: it counts as
    deleted.
    """
    stack_id = await stack_of_environment(uow, environment.id)
    newest = None if stack_id is None else await stored_deployment(uow, stack_id)
    wanted = None if stack_id is None else await find_wanted_state(uow, stack_id, operation.options)
    before = load(newest[1]) if newest is not None else empty_deployment()
    steps = steps_between(before.deployment, (wanted or empty_deployment()).deployment)
    basis = await present_basis(environment, uow)
    counts = {action: sum(step.action is action for step in steps) for action in StepAction}
    return Plan(
        id=new_plan_id(),
        operation_id=operation.id,
        environment_id=environment.id,
        basis=basis,
        digest=digest_of(basis, steps),
        changes=ChangeSummary(
            create=counts[StepAction.IMPORT],
            update=counts[StepAction.UPDATE],
            delete=counts[StepAction.DELETE],
            same=counts[StepAction.SAME],
        ),
        steps=steps,
        created_at=utc_now(),
    )


def steps_between(before: Deployment, after: Deployment) -> tuple[PlannedStep, ...]:
    """Return what becomes of each record when one state takes the other's place."""
    old = {one.urn: one for one in before.resources}
    new = {one.urn: one for one in after.resources}
    lost = [_step(StepAction.DELETE, one) for urn, one in old.items() if urn not in new]
    return (*lost, *(_step(_action(old.get(urn), one), one) for urn, one in new.items()))


def _action(before: Resource | None, after: Resource) -> StepAction:
    if before is None:
        return StepAction.IMPORT
    return StepAction.SAME if before == after else StepAction.UPDATE


def _step(action: StepAction, resource: Resource) -> PlannedStep:
    return PlannedStep(action, resource.urn, resource.type, resource_name(resource.urn))
