"""What can go wrong with freezes."""

from service.core.errors import ConflictError, InvalidInputError, NotFoundError
from service.freezes.model import Freeze, FreezeId


class FreezeNotFoundError(NotFoundError):
    """There is no such freeze."""

    code = "freeze_not_found"
    title = "There is no such freeze"

    def __init__(self, freeze_id: FreezeId) -> None:
        super().__init__(f"there is no freeze {freeze_id}")


class FreezeOverError(ConflictError):
    """The freeze was lifted or is over: there is nothing to lift."""

    code = "freeze_over"
    title = "The freeze is over"


class InvalidFreezeError(InvalidInputError):
    """The freeze's end or scope cannot be."""

    code = "invalid_freeze"
    title = "The freeze is not valid"


class EnvironmentFrozenError(ConflictError):
    """Changes to the environment are frozen for a while."""

    code = "environment_frozen"
    title = "The environment is frozen"
    retryable = True

    def __init__(self, freeze: Freeze) -> None:
        super().__init__(
            f"changes are frozen until {freeze.ends_at.isoformat()}: {freeze.reason}",
            hint="without `queue: refuse` it waits in line until the freeze ends or is lifted",
            context={
                "freeze_id": freeze.id,
                "reason": freeze.reason,
                "ends_at": freeze.ends_at.isoformat(),
                "frozen_by": freeze.created_by,
            },
        )
