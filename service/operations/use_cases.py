"""What callers may do with operations. Rows are locked environment first, operation second."""

from dataclasses import dataclass, replace

from programs.catalogue import BLUEPRINTS
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.hand_runs import WORKER as BY_HAND
from service.backend.hand_runs import cancel_hand_run
from service.backend.replacing import check_wanted_state
from service.core.clock import utc_now
from service.core.ids import EnvironmentId, OperationId, PlanId, new_operation_id
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentProtectedError
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import get_environment
from service.freezes.use_cases import refuse_if_frozen
from service.operations.accepted import Accepted
from service.operations.errors import EnvironmentDestroyedError
from service.operations.line import find_displaced, move_operation, supersede
from service.operations.model import NO_OPTIONS, Operation, OperationKind, OperationOptions, QueuePolicy
from service.operations.repository import find_last_deploy, get_operation, list_unfinished, save_operation
from service.operations.states import OperationState, TransitionError, check_transition
from service.plans.gate import admit_operation
from service.plans.rules import PlanRules
from service.references.use_cases import refuse_if_used

RETRYABLE_STATES = frozenset({OperationState.FAILED, OperationState.CANCELLED, OperationState.INTERRUPTED})


@dataclass(frozen=True, slots=True)
class StartOperation:
    """The wish to run an operation on an environment, and the rules of this installation for it.

    At most `max_waiting` may wait there; `rules` tell what must be planned and approved first (None: nothing,
    it was allowed before), and what it does in line where `queue` is None; `plan_id` names the plan that a
    deploy is to be held to; `options` what is asked besides the kind; `request` what is deployed where that
    is not the environment's present request.
    """

    kind: OperationKind
    actor: str
    max_waiting: int
    rules: PlanRules | None = None
    queue: QueuePolicy | None = QueuePolicy.QUEUE
    plan_id: PlanId | None = None
    options: OperationOptions = NO_OPTIONS
    retry_of: OperationId | None = None
    request: dict[str, object] | None = None


async def request_operation(
    environment_id: EnvironmentId, command: StartOperation, uow: UnitOfWork
) -> Accepted:
    """Put an operation in line. The caller commits.

    Raises:
        EnvironmentNotFoundError, EnvironmentDestroyedError, EnvironmentProtectedError,
        EnvironmentInUseByOthersError, EnvironmentBusyError.
    """
    environment = await get_environment(uow.session, environment_id, lock=True)
    operation = await start_operation(environment, command, uow)
    action = (
        AuditAction.ENVIRONMENT_DESTROY_REQUESTED
        if command.kind is OperationKind.DESTROY
        else AuditAction.OPERATION_REQUESTED
    )
    await _record(uow, command.actor, action, environment, operation)
    return Accepted(environment, operation)


async def start_operation(environment: Environment, command: StartOperation, uow: UnitOfWork) -> Operation:
    """Write an operation and its job; the caller holds the environment's row and commits.

    A destroy that waits or runs already is answered again instead of put in line twice.
    """
    unfinished = await list_unfinished(uow.session, environment.id)
    destroy = next((one for one in unfinished if one.kind is OperationKind.DESTROY), None)
    if destroy is not None and command.kind is OperationKind.DESTROY:
        return destroy
    if destroy is not None or environment.status is EnvironmentStatus.DESTROYED:
        raise EnvironmentDestroyedError(environment.id, destroy=destroy.id if destroy else None)
    if command.kind is OperationKind.DESTROY and environment.is_protected:
        raise EnvironmentProtectedError(environment.id)
    if command.kind is OperationKind.DESTROY:
        await refuse_if_used(environment.id, uow)
    policy = _policy(environment, command)
    if policy is QueuePolicy.REFUSE:
        await refuse_if_frozen(uow, environment_id=environment.id, team=environment.team, kind=command.kind)
    await check_wanted_state(uow, environment.id, command.options)
    operation = new_operation(environment, command)
    displaced = find_displaced(unfinished, operation, policy, max_waiting=command.max_waiting)
    admitted = await admit_operation(operation, environment, command.rules, command.plan_id, uow)
    await supersede(displaced, admitted.id, uow)
    return admitted


def _policy(environment: Environment, command: StartOperation) -> QueuePolicy:
    if command.queue is not None:
        return command.queue
    if command.rules is None:
        return QueuePolicy.QUEUE
    return command.rules.settings.queue_policy_of(environment.orchestrator, environment.environment_class)


def new_operation(environment: Environment, command: StartOperation) -> Operation:
    """Return the operation that is wished for, as it waits; writes nothing."""
    blueprint = BLUEPRINTS[environment.orchestrator]
    return Operation(
        id=new_operation_id(),
        environment_id=environment.id,
        kind=command.kind,
        state=OperationState.QUEUED,
        blueprint=blueprint.name,
        blueprint_version=blueprint.version,
        request=environment.request if command.request is None else command.request,
        created_by=command.actor,
        created_at=utc_now(),
        retry_of=command.retry_of,
        options=command.options,
    )


async def cancel_operation(operation_id: OperationId, actor: str, uow: UnitOfWork) -> Accepted:
    """Cancel an operation that waits; ask the worker of one that runs to stop it. The caller commits.

    One that a person runs by hand has no worker, and ends here. Asking twice is no error.

    Raises:
        OperationNotFoundError, TransitionError: it has ended already.
    """
    environment, operation = await _lock_both(operation_id, uow)
    is_by_hand = operation.worker == BY_HAND
    if operation.cancel_requested_at is not None and not operation.state.is_terminal and not is_by_hand:
        return Accepted(environment, operation)
    check_transition(operation.state, OperationState.CANCELLED)
    asked = replace(operation, cancel_requested_at=utc_now())
    if operation.state is OperationState.RUNNING:
        await save_operation(uow.session, asked)
        if is_by_hand:
            await cancel_hand_run(uow, operation_id, actor=actor)
        cancelled = await get_operation(uow.session, operation_id)
    else:
        cancelled = await move_operation(asked, OperationState.CANCELLED, uow)
    await _record(uow, actor, AuditAction.OPERATION_CANCELLED, environment, cancelled)
    return Accepted(await get_environment(uow.session, environment.id), cancelled)


async def retry_operation(
    operation_id: OperationId,
    actor: str,
    uow: UnitOfWork,
    *,
    max_waiting: int,
    rules: PlanRules,
) -> Accepted:
    """Put an operation of the same kind in line, for the environment's present request. The caller commits.

    A pause or resume deploys what was deployed last, as before.

    Raises:
        OperationNotFoundError, TransitionError: it did not fail, and what `start_operation` raises.
    """
    environment, failed = await _lock_both(operation_id, uow)
    if failed.state not in RETRYABLE_STATES:
        raise TransitionError(
            f"an operation that is {failed.state} cannot be retried",
            hint="only a failed, cancelled or interrupted operation can",
        )
    turns = failed.options.pause is not None
    deployed = await find_last_deploy(uow.session, environment.id) if turns else None
    command = StartOperation(
        kind=failed.kind,
        actor=actor,
        max_waiting=max_waiting,
        rules=rules,
        options=failed.options,
        retry_of=failed.id,
        request=None if deployed is None else deployed.request,
    )
    operation = await start_operation(environment, command, uow)
    await _record(uow, actor, AuditAction.OPERATION_RETRIED, environment, operation)
    return Accepted(environment, operation)


async def _lock_both(operation_id: OperationId, uow: UnitOfWork) -> tuple[Environment, Operation]:
    seen = await get_operation(uow.session, operation_id)
    environment = await get_environment(uow.session, seen.environment_id, lock=True)
    return environment, await get_operation(uow.session, operation_id, lock=True)


async def _record(
    uow: UnitOfWork, actor: str, action: AuditAction, environment: Environment, operation: Operation
) -> None:
    entry = AuditEntry(
        actor=actor,
        action=action,
        team=environment.team,
        environment_id=environment.id,
        operation_id=operation.id,
        detail={"kind": operation.kind, "retry_of": operation.retry_of},
    )
    await record_action(uow.session, entry)
