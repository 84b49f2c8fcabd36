"""What can go wrong with exemptions from guardrails."""

from service.core.errors import ConflictError, InvalidInputError, NotFoundError
from service.guardrails.model import ExemptionId


class ExemptionNotFoundError(NotFoundError):
    """There is no such exemption."""

    code = "exemption_not_found"
    title = "There is no such exemption"

    def __init__(self, exemption_id: ExemptionId) -> None:
        super().__init__(f"there is no exemption {exemption_id}")


class ExemptionOverError(ConflictError):
    """The exemption was revoked or is over: there is nothing to revoke."""

    code = "exemption_over"
    title = "The exemption is over"


class InvalidExemptionError(InvalidInputError):
    """The exemption's end or scope cannot be."""

    code = "invalid_exemption"
    title = "The exemption is not valid"
