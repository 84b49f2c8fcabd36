"""What can go wrong with comparisons."""

from service.comparisons.records import ComparisonId
from service.core.errors import ConflictError, NotFoundError


class ComparisonNotFoundError(NotFoundError):
    """There is no comparison of this id."""

    code = "comparison_not_found"
    title = "No such comparison"

    def __init__(self, comparison_id: ComparisonId) -> None:
        super().__init__(f"there is no comparison {comparison_id}")


class ComparisonUnfinishedError(ConflictError):
    """Its previews have not ended: it has no facts yet."""

    code = "comparison_unfinished"
    title = "The comparison is not finished"
    retryable = True

    def __init__(self, comparison_id: ComparisonId) -> None:
        super().__init__(f"the previews of {comparison_id} have not ended")
