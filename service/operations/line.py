"""The line of an environment: its operations run one at a time, first come, first served."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.core.clock import utc_now
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork
from service.events.model import StateChanged
from service.events.repository import append_event
from service.operations.errors import EnvironmentBusyError
from service.operations.model import Operation, OperationFailure, QueuePolicy
from service.operations.repository import (
    WAITING,
    find_planned_by,
    get_operation,
    insert_operation,
    save_operation,
)
from service.operations.states import OperationState, check_transition
from service.queue.port import enqueue_operation, list_line, release_operation


@dataclass(frozen=True, slots=True)
class PlaceInLine:
    """How many operations come before a waiting one, and the last of them."""

    position: int
    behind: OperationId


def find_displaced(
    unfinished: Sequence[Operation], new: Operation, policy: QueuePolicy, *, max_waiting: int
) -> Sequence[Operation]:
    """Return the waiting operations that give way to the new one.

    Raises:
        EnvironmentBusyError: the policy refuses to wait, or there is no room left to wait in.
    """
    waiting = [one for one in unfinished if one.state in WAITING]
    if unfinished and policy is QueuePolicy.REFUSE:
        raise _busy(unfinished, len(waiting))
    giving_way = [one for one in waiting if not one.clears_the_way]
    # A preview that makes somebody's plan is part of what waits for it, and goes with that alone.
    planning = {one.plan_operation_id for one in waiting}
    same_kind = [one for one in giving_way if one.kind is new.kind and one.id not in planning]
    displaced = {QueuePolicy.REPLACE: same_kind[-1:], QueuePolicy.LATEST: giving_way}.get(policy, [])
    if len(waiting) - len(displaced) >= max_waiting:
        raise _busy(unfinished, len(waiting))
    return displaced


def _busy(unfinished: Sequence[Operation], waiting: int) -> EnvironmentBusyError:
    holder = unfinished[0]
    since = holder.started_at or holder.created_at
    return EnvironmentBusyError(
        holder.id, kind=holder.kind, held_by=holder.created_by, since=since, waiting=waiting
    )


async def record_operation(operation: Operation, uow: UnitOfWork) -> None:
    """Write a new operation with its first event, and its job if it can run. Does not commit."""
    await insert_operation(uow.session, operation)
    await append_event(uow.session, operation.id, StateChanged(state=operation.state))
    if operation.state is OperationState.QUEUED:
        await enqueue_operation(
            uow,
            operation_id=operation.id,
            environment_id=operation.environment_id,
            is_first=operation.clears_the_way,
        )


async def move_operation(
    operation: Operation, state: OperationState, uow: UnitOfWork, *, message: str | None = None
) -> Operation:
    """Move an operation that no worker runs to another state, with its event and job. Does not commit.

    Raises:
        TransitionError: it cannot get there from where it is.
    """
    check_transition(operation.state, state)
    moved = replace(operation, state=state, finished_at=utc_now() if state.is_terminal else None)
    await save_operation(uow.session, moved)
    await append_event(uow.session, moved.id, StateChanged(state=state, message=message))
    if state is OperationState.QUEUED:
        await enqueue_operation(uow, operation_id=moved.id, environment_id=moved.environment_id)
    elif state.is_terminal:
        await release_operation(uow, operation_id=moved.id, environment_id=moved.environment_id)
        await _withdraw_preview(moved, uow)
        await _fail_unplanned(moved, uow)
    return moved


async def _withdraw_preview(operation: Operation, uow: UnitOfWork) -> None:
    """Cancel the preview that was to make the plan of an operation which will not run, if it waits."""
    if operation.plan_operation_id is None:
        return
    preview = await get_operation(uow.session, operation.plan_operation_id, lock=True)
    if preview.state is OperationState.QUEUED:
        await move_operation(preview, OperationState.CANCELLED, uow, message=f"{operation.id} will not run")


async def _fail_unplanned(preview: Operation, uow: UnitOfWork) -> None:
    """End the operation that waits for the plan of a preview which will not run."""
    waiting = await find_planned_by(uow.session, preview.id)
    if waiting is not None:
        failed = replace(waiting, failure=plan_failure(preview))
        await move_operation(failed, OperationState.FAILED, uow, message=plan_failure(preview).message)


def plan_failure(preview: Operation) -> OperationFailure:
    """Say that an operation could not be planned."""
    return OperationFailure(
        code="plan_failed",
        message=f"the preview {preview.id} that was to make its plan was {preview.state}",
        hint="look at that operation, then retry this one",
        retryable=True,
    )


async def supersede(displaced: Sequence[Operation], new: OperationId, uow: UnitOfWork) -> None:
    """End waiting operations in favour of a newer one. Does not commit."""
    # What waits for a plan goes before the preview that makes it, and takes that along.
    for operation in sorted(displaced, key=lambda one: one.state is OperationState.QUEUED):
        locked = await get_operation(uow.session, operation.id, lock=True)
        if locked.state not in WAITING:
            continue  # it went together with the operation that it was to make the plan of
        await move_operation(
            replace(locked, superseded_by=new),
            OperationState.SUPERSEDED,
            uow,
            message=f"{new} took its place",
        )


async def read_line(environment_id: EnvironmentId, uow: UnitOfWork) -> dict[OperationId, PlaceInLine]:
    """Return the place of each operation that others come before."""
    line = await list_line(uow, environment_id=environment_id)
    return {
        operation_id: PlaceInLine(position=position, behind=line[position - 1])
        for position, operation_id in enumerate(line)
        if position > 0
    }
