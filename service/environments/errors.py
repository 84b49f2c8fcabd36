"""What can go wrong with environments."""

from service.core.errors import ConflictError, InvalidInputError, NotFoundError
from service.core.ids import EnvironmentId


class EnvironmentNotFoundError(NotFoundError):
    """There is no environment of this id."""

    code = "environment_not_found"
    title = "No such environment"

    def __init__(self, environment_id: EnvironmentId) -> None:
        super().__init__(f"there is no environment {environment_id}")


class EnvironmentExistsError(ConflictError):
    """The team has a living environment of this name already."""

    code = "environment_exists"
    title = "The team has an environment of this name"

    def __init__(self, team: str, name: str, existing: EnvironmentId) -> None:
        super().__init__(
            f"team {team} has an environment {name} already: {existing}",
            hint="change that one by PATCH, or choose another name",
            context={"environment_id": existing},
        )


class EnvironmentProtectedError(ConflictError):
    """The environment is protected from being destroyed and paused."""

    code = "environment_protected"
    title = "The environment is protected"

    def __init__(self, environment_id: EnvironmentId, what: str = "destroyed") -> None:
        super().__init__(
            f"environment {environment_id} is protected from being {what}",
            hint='lift the protection first: PATCH it with {"protected": false}',
        )


class EnvironmentNotExpiringError(ConflictError):
    """The environment has no time to live that could be extended."""

    code = "environment_not_expiring"
    title = "The environment has no time to live"

    def __init__(self, environment_id: EnvironmentId) -> None:
        super().__init__(
            f"environment {environment_id} stays until it is destroyed",
            hint='give it a time to live first: PATCH it with {"ttl": "P3D"}',
        )


class InvalidRequestError(InvalidInputError):
    """The environment request breaks a rule; every place that does is named."""

    code = "invalid_request"
    title = "The environment request is not valid"
