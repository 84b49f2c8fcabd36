"""Every state of an operation and every move between them, in one table."""

from enum import StrEnum

from service.core.errors import ConflictError


class OperationState(StrEnum):
    """Where an operation stands."""

    PENDING = "pending"
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    REJECTED = "rejected"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing can follow."""
        return not TRANSITIONS[self]


TRANSITIONS: dict[OperationState, frozenset[OperationState]] = {
    OperationState.PENDING: frozenset(
        {
            OperationState.QUEUED,
            OperationState.AWAITING_APPROVAL,
            OperationState.CANCELLED,
            OperationState.SUPERSEDED,
            OperationState.FAILED,
        }
    ),
    OperationState.AWAITING_APPROVAL: frozenset(
        {
            OperationState.PENDING,
            OperationState.QUEUED,
            OperationState.REJECTED,
            OperationState.EXPIRED,
            OperationState.CANCELLED,
            OperationState.SUPERSEDED,
        }
    ),
    OperationState.QUEUED: frozenset(
        {OperationState.RUNNING, OperationState.CANCELLED, OperationState.SUPERSEDED, OperationState.FAILED}
    ),
    OperationState.RUNNING: frozenset(
        {
            OperationState.SUCCEEDED,
            OperationState.FAILED,
            OperationState.CANCELLED,
            OperationState.INTERRUPTED,
        }
    ),
    OperationState.SUCCEEDED: frozenset(),
    OperationState.FAILED: frozenset(),
    OperationState.CANCELLED: frozenset(),
    OperationState.INTERRUPTED: frozenset(),
    OperationState.REJECTED: frozenset(),
    OperationState.EXPIRED: frozenset(),
    OperationState.SUPERSEDED: frozenset(),
}


class TransitionError(ConflictError):
    """The operation cannot move from its present state to the wanted one."""

    code = "operation_state"
    title = "The operation is not in a state that allows this"


def check_transition(current: OperationState, wanted: OperationState) -> None:
    """Raise TransitionError unless `wanted` may follow `current`."""
    if wanted not in TRANSITIONS[current]:
        raise TransitionError(f"an operation that is {current} cannot become {wanted}")
