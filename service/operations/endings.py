"""How a run ends, and what stands of its environment then. Nothing here commits."""

from dataclasses import asdict

from sqlalchemy import func, select, update

from service.core.unit_of_work import UnitOfWork
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.operations.model import OperationKind
from service.operations.repository import options_from_json
from service.operations.runs import (
    Conclusion,
    Run,
    database_now,
    insert_events,
    lock_held,
    state_change,
)
from service.operations.states import OperationState, check_transition
from service.operations.tables import OperationRow

# What stands afterwards; kinds and ends that are absent leave the environment as it was.
STATUS_AFTER: dict[tuple[OperationKind, OperationState], EnvironmentStatus] = {
    (OperationKind.DEPLOY, OperationState.SUCCEEDED): EnvironmentStatus.READY,
    (OperationKind.DEPLOY, OperationState.FAILED): EnvironmentStatus.FAILED,
    (OperationKind.DEPLOY, OperationState.CANCELLED): EnvironmentStatus.FAILED,
    (OperationKind.DEPLOY, OperationState.INTERRUPTED): EnvironmentStatus.INTERRUPTED,
    (OperationKind.DESTROY, OperationState.SUCCEEDED): EnvironmentStatus.DESTROYED,
    (OperationKind.DESTROY, OperationState.FAILED): EnvironmentStatus.DESTROY_FAILED,
    (OperationKind.DESTROY, OperationState.CANCELLED): EnvironmentStatus.DESTROY_FAILED,
    (OperationKind.DESTROY, OperationState.INTERRUPTED): EnvironmentStatus.INTERRUPTED,
}

# What an operation leaves as it was that was not let near it; what never stood has failed with it.
STANDING = frozenset(
    {
        EnvironmentStatus.READY,
        EnvironmentStatus.FAILED,
        EnvironmentStatus.INTERRUPTED,
        EnvironmentStatus.DESTROY_FAILED,
    }
)


async def finish_operation(uow: UnitOfWork, run: Run, conclusion: Conclusion) -> None:
    """End the operation and say what stands of its environment; raises FencedError when the run is lost."""
    environment = await lock_held(uow, run)
    check_transition(OperationState.RUNNING, conclusion.state)
    message = conclusion.failure.message if conclusion.failure else None
    found = conclusion.leftovers
    await insert_events(uow, run, [await state_change(uow, conclusion.state, message)])
    await uow.session.execute(
        update(OperationRow)
        .where(OperationRow.id == run.operation_id)
        .values(
            state=conclusion.state,
            finished_at=func.now(),
            lease_until=None,
            changes=asdict(conclusion.changes) if conclusion.changes else None,
            failure=asdict(conclusion.failure) if conclusion.failure else None,
            leftovers=None if found is None else [asdict(one) for one in found],
        )
    )
    if environment is not None:
        await _settle(uow, environment, run, conclusion)


async def _settle(uow: UnitOfWork, environment: EnvironmentRow, run: Run, conclusion: Conclusion) -> None:
    now, state, before = await database_now(uow), conclusion.state, conclusion.untouched
    environment.status = STATUS_AFTER.get((run.kind, state), environment.status)
    if before is not None:
        environment.is_paused = before.is_paused
        environment.status = before.status if before.status in STANDING else environment.status
    if state is OperationState.SUCCEEDED and run.kind is OperationKind.DEPLOY:
        environment.is_paused = environment.is_paused and not await _has_resumed(uow, run)
    environment.current_operation_id = None
    environment.last_operation_id = run.operation_id
    environment.updated_at = now
    if environment.status == EnvironmentStatus.DESTROYED:
        environment.destroyed_at = now
    await uow.session.flush()


async def _has_resumed(uow: UnitOfWork, run: Run) -> bool:
    """Whether the run was to bring its environment back; a pause ends only once that is done."""
    options = await uow.session.scalar(
        select(OperationRow.options).where(OperationRow.id == run.operation_id)
    )
    return options is not None and options_from_json(options).pause is False
