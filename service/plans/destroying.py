"""What a destroy will do, told from the recorded state: it needs no engine."""

from service.core.clock import utc_now
from service.core.ids import new_plan_id
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.events.model import StepAction
from service.operations.model import ChangeSummary, Operation
from service.plans.basis import present_basis
from service.plans.inspection import read_standing
from service.plans.model import Plan, PlannedStep, digest_of


async def plan_destroy(operation: Operation, environment: Environment, uow: UnitOfWork) -> Plan:
    """Return the plan of a destroy: every resource that stands, deleted. Needs no engine; writes nothing."""
    standing = await read_standing(environment.id, uow)
    steps = tuple(PlannedStep(StepAction.DELETE, one.urn, one.type, one.name) for one in reversed(standing))
    basis = await present_basis(environment, uow)
    return Plan(
        id=new_plan_id(),
        operation_id=operation.id,
        environment_id=environment.id,
        basis=basis,
        digest=digest_of(basis, steps),
        changes=ChangeSummary(delete=len(steps)),
        steps=steps,
        created_at=utc_now(),
    )
