"""What can go wrong with operations."""

from datetime import datetime

from service.core.errors import ConflictError, NotFoundError
from service.core.ids import EnvironmentId, OperationId


class OperationNotFoundError(NotFoundError):
    """There is no operation of this id."""

    code = "operation_not_found"
    title = "No such operation"

    def __init__(self, operation_id: OperationId) -> None:
        super().__init__(f"there is no operation {operation_id}")


class EnvironmentBusyError(ConflictError):
    """As many operations wait for the environment as may wait; the one in the way is named."""

    code = "environment_busy"
    title = "Too many operations wait for this environment"
    retryable = True

    def __init__(
        self, holder: OperationId, *, kind: str, held_by: str, since: datetime, waiting: int
    ) -> None:
        super().__init__(
            f"{kind} {holder} of {held_by} is first in line since {since.isoformat()}, {waiting} wait",
            hint="wait for them to end, or cancel those that are no longer wanted",
            context={"operation_id": holder, "kind": kind, "held_by": held_by, "since": since.isoformat()},
        )


class EnvironmentDestroyedError(ConflictError):
    """The environment is destroyed, or a destroy of it waits or runs: nothing else can be started on it."""

    code = "environment_destroyed"
    title = "The environment is destroyed or being destroyed"

    def __init__(self, environment_id: EnvironmentId, *, destroy: OperationId | None = None) -> None:
        what = f"is being destroyed by {destroy}" if destroy else "is destroyed"
        super().__init__(
            f"environment {environment_id} {what}",
            hint="create it anew once it is gone",
            context={"operation_id": destroy} if destroy else None,
        )
