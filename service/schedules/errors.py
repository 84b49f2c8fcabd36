"""What can go wrong with scheduled actions, pauses and resumes."""

from service.core.errors import ConflictError, InvalidInputError, NotFoundError
from service.core.ids import EnvironmentId
from service.schedules.model import ActionId


class ScheduledActionNotFoundError(NotFoundError):
    """Nothing of this id is due for the environment: it was done, skipped, or planned anew."""

    code = "scheduled_action_not_found"
    title = "No such scheduled action"

    def __init__(self, action_id: ActionId) -> None:
        super().__init__(
            f"no action {action_id} is due",
            hint="list the scheduled actions again: they move with their rules",
        )


class InvalidDelayError(InvalidInputError):
    """The action cannot be put off until then."""

    code = "invalid_delay"
    title = "The action cannot be delayed until then"


class EnvironmentNotDeployedError(ConflictError):
    """No deploy ever succeeded that could be paused or resumed."""

    code = "environment_not_deployed"
    title = "The environment was never deployed"

    def __init__(self, environment_id: EnvironmentId) -> None:
        super().__init__(f"nothing of environment {environment_id} was deployed yet", hint="deploy it first")


class EnvironmentNotPausableError(ConflictError):
    """Something in the request keeps copies running whatever is asked."""

    code = "environment_not_pausable"
    title = "The environment cannot be paused"

    def __init__(self, environment_id: EnvironmentId, obstacle: str) -> None:
        super().__init__(f"environment {environment_id} cannot be paused: {obstacle}")
