"""Records what operations cost: of a plan when it is made, of what stands when a run has ended."""

import asyncio
from collections.abc import Sequence

from service.core.unit_of_work import UnitOfWork
from service.costs.reckoning import Change, Reckoned, reckon
from service.costs.repository import save_cost
from service.costs.summary import CostSummary
from service.environments.model import Environment
from service.environments.repository import get_environment
from service.operations.model import Operation, OperationKind
from service.operations.repository import get_operation, save_operation_cost
from service.operations.runs import Run
from service.plans.inspection import planned_of, read_standing
from service.plans.model import Plan
from service.plans.resources import PlannedResource
from service.state.projection import project_resources
from service.state.repository import stack_of_environment, stored_deployment
from service.state.storage import StoredDeployment, load

READING_KINDS = frozenset({OperationKind.PREVIEW, OperationKind.DETECT_DRIFT})


async def record_planned_cost(
    preview: Operation, environment: Environment, resources: Sequence[PlannedResource], uow: UnitOfWork
) -> CostSummary:
    """Write what a preview's plan would cost, with advice. Does not commit."""
    standing = [planned_of(one) for one in await read_standing(environment.id, uow)]
    change = Change(environment.region, preview.request, standing, resources, is_advised=True)
    reckoned = await reckon(change, uow)
    await _save(preview, reckoned, uow, is_standing=False)
    return reckoned.summary


async def adopt_planned_cost(operation: Operation, plan: Plan, uow: UnitOfWork) -> None:
    """Show the cost of the plan that an operation is held to as the operation's. Does not commit."""
    planned = await get_operation(uow.session, plan.operation_id)
    if planned.cost is not None:
        await save_operation_cost(uow.session, operation.id, planned.cost)


async def record_destroy_cost(operation: Operation, environment: Environment, uow: UnitOfWork) -> None:
    """Show what a destroy that was asked for will save. Does not commit."""
    standing = [planned_of(one) for one in await read_standing(environment.id, uow)]
    reckoned = await reckon(Change(environment.region, operation.request, standing, ()), uow)
    await save_operation_cost(uow.session, operation.id, reckoned.summary)


async def record_standing_cost(run: Run, uow: UnitOfWork) -> None:
    """Write what an environment costs when a run that may have changed it has ended. Does not commit."""
    if run.kind in READING_KINDS:
        return
    operation = await get_operation(uow.session, run.operation_id)
    environment = await get_environment(uow.session, run.environment_id)
    standing = [planned_of(one) for one in await read_standing(environment.id, uow)]
    before = await _stood_before(operation, uow)
    is_deploy = run.kind is OperationKind.DEPLOY
    change = Change(environment.region, operation.request, before, standing, is_advised=is_deploy)
    await _save(operation, await reckon(change, uow), uow, is_standing=True)


async def _stood_before(operation: Operation, uow: UnitOfWork) -> Sequence[PlannedResource]:
    """Return what the state held that a run started from; nothing where it started from nothing."""
    stack_id = await stack_of_environment(uow, operation.environment_id)
    if stack_id is None or operation.base_state_version is None:
        return []
    found = await stored_deployment(uow, stack_id, operation.base_state_version)
    return [] if found is None else await asyncio.to_thread(_resources_in, found[1])


def _resources_in(stored: StoredDeployment) -> Sequence[PlannedResource]:
    return [planned_of(one) for one in project_resources(load(stored).deployment)]


async def _save(operation: Operation, reckoned: Reckoned, uow: UnitOfWork, *, is_standing: bool) -> None:
    await save_cost(
        uow.session,
        operation.id,
        operation.environment_id,
        reckoned.summary,
        reckoned.detail,
        is_standing=is_standing,
    )
    await save_operation_cost(uow.session, operation.id, reckoned.summary)
