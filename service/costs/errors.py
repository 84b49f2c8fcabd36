"""What can go wrong with costs."""

from service.core.errors import NotFoundError
from service.core.ids import OperationId


class CostNotKnownError(NotFoundError):
    """No cost was recorded for the operation: it has made no plan, and changed nothing yet."""

    code = "cost_not_known"
    title = "The operation's cost is not known"

    def __init__(self, operation_id: OperationId) -> None:
        super().__init__(
            f"no cost is recorded for {operation_id}",
            hint="a preview has one when it has succeeded, everything else when it has ended",
        )
