"""Puts plans before the checks: what stands is read, the checks look, and their findings are returned."""

from collections.abc import Sequence

from service.core.clock import utc_now
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.operations.model import Finding, Operation, OperationKind
from service.operations.repository import list_unfinished
from service.plans.checking import CheckedPlan, Prospect, run_checks
from service.plans.model import Plan
from service.plans.resources import PlannedResource
from service.plans.rules import PlanRules
from service.state.model import ResourceView
from service.state.repository import page_of_resources, stack_of_environment

ALL = 2**31 - 1


async def inspect_plan(
    plan: Plan,
    resources: Sequence[PlannedResource],
    operation: Operation,
    environment: Environment,
    rules: PlanRules,
    uow: UnitOfWork,
) -> tuple[Finding, ...]:
    """Return what the checks find in a plan that was made for an operation."""
    standing = await read_standing(environment.id, uow)
    unfinished = await list_unfinished(uow.session, environment.id)
    checked = CheckedPlan(
        kind=OperationKind.DEPLOY if operation.kind is OperationKind.PREVIEW else operation.kind,
        environment=environment,
        steps=plan.steps,
        resources=tuple(resources),
        standing=tuple(planned_of(one) for one in standing),
        may_grow=any(one.id < operation.id and one.kind is OperationKind.DEPLOY for one in unfinished),
        settings=rules.settings,
        now=utc_now(),
    )
    return await run_checks(rules.checks, checked, uow)


async def is_planned_first(environment: Environment, rules: PlanRules, uow: UnitOfWork) -> bool:
    """Say whether a deploy of the environment must be planned before it runs."""
    if rules.plans_every_deploy or rules.approval_rule(environment) is not None:
        return True
    standing = tuple(planned_of(one) for one in await read_standing(environment.id, uow))
    prospect = Prospect(environment, standing, rules.settings, utc_now())
    for check in rules.checks:
        if await check.wants_plan(prospect, uow):
            return True
    return False


async def read_standing(environment_id: EnvironmentId, uow: UnitOfWork) -> Sequence[ResourceView]:
    """Return every resource that the newest recorded state holds, in its order."""
    stack_id = await stack_of_environment(uow, environment_id)
    return [] if stack_id is None else await page_of_resources(uow, stack_id, after=None, limit=ALL)


def planned_of(resource: ResourceView) -> PlannedResource:
    """Return a resource of the recorded state the way plans have theirs."""
    return PlannedResource(
        type=resource.type,
        name=resource.name,
        urn=resource.urn,
        inputs=resource.inputs,
        parent=resource.parent,
    )
