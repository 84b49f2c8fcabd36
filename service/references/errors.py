"""What can go wrong between environments that use each other's outputs."""

from collections.abc import Sequence

from service.core.errors import ConflictError
from service.core.ids import EnvironmentId


class EnvironmentInUseByOthersError(ConflictError):
    """Living environments use outputs of this one: it is not destroyed under them."""

    code = "environment_has_dependants"
    title = "Other environments use this one"

    def __init__(self, environment_id: EnvironmentId, names: Sequence[str]) -> None:
        super().__init__(
            f"environment {environment_id} is used by {', '.join(names)}",
            hint="take its outputs out of their settings, or destroy them first",
            context={"dependants": ",".join(names)},
        )


class ReferenceNotReadyError(ConflictError):
    """An output that the request names cannot be had at the moment."""

    code = "reference_not_ready"
    title = "An output of another environment is not there"
    retryable = True
