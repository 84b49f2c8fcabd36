"""Pauses and resumes environments: on demand, and for working hours."""

from dataclasses import dataclass, replace

from programs.request.rules.pausing import pausing_obstacle
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentProtectedError
from service.environments.model import Environment
from service.environments.repository import get_environment
from service.operations.accepted import Accepted
from service.operations.model import Operation, OperationKind, OperationOptions
from service.operations.repository import find_last_deploy
from service.operations.use_cases import StartOperation, start_operation
from service.plans.basis import present_basis
from service.plans.rules import plan_rules
from service.schedules.errors import EnvironmentNotDeployedError, EnvironmentNotPausableError
from service.schedules.planning import request_of
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class TurnEnvironment:
    """The wish that an environment rests (`pause`) or runs again."""

    environment_id: EnvironmentId
    pause: bool
    actor: str


async def turn_environment(command: TurnEnvironment, uow: UnitOfWork, settings: Settings) -> Accepted:
    """Put the deploy in line that brings every workload to 0 copies, or back. The caller commits.

    It deploys what was deployed last, so that no change which waits or was stopped slips in. Nobody needs to
    look at that again; but where blueprint or recorded state have moved since, it would do more than turn:
    it is planned, checked and approved as any deploy.

    Raises:
        EnvironmentNotFoundError, EnvironmentDestroyedError, EnvironmentBusyError.
        EnvironmentNotDeployedError: no deploy has succeeded.
        EnvironmentProtectedError, EnvironmentNotPausableError: of pauses alone.
    """
    environment = await get_environment(uow.session, command.environment_id, lock=True)
    deployed = await find_last_deploy(uow.session, environment.id)
    if deployed is None:
        raise EnvironmentNotDeployedError(environment.id)
    if command.pause:
        _check_pausable(environment, deployed.request)
    start = StartOperation(
        OperationKind.DEPLOY,
        command.actor,
        settings.max_waiting_operations,
        None if await _still_holds(deployed, environment, uow) else plan_rules(settings),
        options=OperationOptions(pause=command.pause),
        request=deployed.request,
    )
    operation = await start_operation(environment, start, uow)
    entry = AuditEntry(
        actor=command.actor,
        action=AuditAction.ENVIRONMENT_PAUSED if command.pause else AuditAction.ENVIRONMENT_RESUMED,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"before": {"paused": environment.is_paused}, "after": {"paused": command.pause}},
    )
    await record_action(uow.session, entry)
    return Accepted(environment, operation)


async def _still_holds(deployed: Operation, environment: Environment, uow: UnitOfWork) -> bool:
    """Whether the blueprint is the one, and the recorded state the one, that the deploy left."""
    present = await present_basis(environment, uow)
    return (deployed.blueprint_version, deployed.state_version) == (
        present.blueprint_version,
        present.state_version,
    )


def _check_pausable(environment: Environment, deployed: dict[str, object]) -> None:
    if environment.is_protected:
        raise EnvironmentProtectedError(environment.id, "paused")
    request = request_of(replace(environment, request=deployed))
    obstacle = None if request is None else pausing_obstacle(request)
    if obstacle is not None:
        raise EnvironmentNotPausableError(environment.id, obstacle)
