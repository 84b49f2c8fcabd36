"""What an environment would be planned from at this moment, and whether a plan was made from just that."""

from dataclasses import replace

from programs.catalogue import BLUEPRINTS
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.operations.model import Operation
from service.plans.errors import PlanStaleError
from service.plans.model import Plan, PlanBasis
from service.state.repository import newest_version, stack_of_environment


def as_deployed_by(operation: Operation, environment: Environment) -> Environment:
    """Return the environment with the request that the operation deploys in it.

    That is its present one; a pause or resume keeps the one that was deployed before it.
    """
    return environment if operation.options.pause is None else replace(environment, request=operation.request)


async def present_basis(environment: Environment, uow: UnitOfWork) -> PlanBasis:
    """Return what a plan made now would be made from."""
    blueprint = BLUEPRINTS[environment.orchestrator]
    return PlanBasis(
        request=environment.request,
        blueprint=blueprint.name,
        blueprint_version=blueprint.version,
        state_version=await present_state_version(environment.id, uow),
    )


async def present_state_version(environment_id: EnvironmentId, uow: UnitOfWork) -> int | None:
    """Return the number of the newest recorded state, None before the first."""
    stack_id = await stack_of_environment(uow, environment_id)
    newest = None if stack_id is None else await newest_version(uow, stack_id)
    return None if newest is None else newest.number


def check_holds(plan: Plan, present: PlanBasis) -> None:
    """Raise PlanStaleError, with the reason, unless everything is as the plan found it."""
    made_from = plan.basis
    if dict(made_from.request) != dict(present.request):
        raise PlanStaleError(plan.id, "the request was changed")
    if made_from.blueprint_version != present.blueprint_version:
        raise PlanStaleError(plan.id, f"the blueprint moved to version {present.blueprint_version}")
    if made_from.state_version != present.state_version:
        raise PlanStaleError(plan.id, f"the recorded state moved to version {present.state_version}")
