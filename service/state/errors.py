"""What can go wrong with what is shown of a state."""

from service.core.errors import ConflictError, NotFoundError


class OutputNotFoundError(NotFoundError):
    """The environment has no output of this name."""

    code = "output_not_found"
    title = "There is no such output"

    def __init__(self, name: str) -> None:
        super().__init__(f"the environment has no output {name}")


class SecretUnavailableError(ConflictError):
    """The secret cannot be opened by the service."""

    code = "secret_unavailable"
    title = "The secret cannot be opened here"
