"""What can go wrong, as values of the domain; `core/problems.py` alone turns them into HTTP answers."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One place of a request that is wrong: a JSON pointer (RFC 6901) and what is allowed there."""

    pointer: str
    message: str
    code: str


class BerthError(Exception):
    """The root of Berth's own errors: a stable code, a message for a person and a hint what to do.

    Subclasses set `code` and `title`; they say what happened, never an HTTP status.
    """

    code: ClassVar[str] = "berth_error"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, hint: str | None = None, fields: tuple[FieldError, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.fields = fields


class NotFoundError(BerthError):
    """The named thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    title = "Not found"


class InvalidInputError(BerthError):
    """The input breaks a rule; `fields` names each place."""

    code = "invalid_input"
    title = "The input is not valid"


class ConflictError(BerthError):
    """The thing is not in a state in which this can be done."""

    code = "conflict"
    title = "Conflict with the present state"


class PreconditionError(BerthError):
    """The caller's `If-Match` names another revision than the present one."""

    code = "revision_changed"
    title = "The resource has changed since it was read"


class PreconditionMissingError(BerthError):
    """An update came without `If-Match`."""

    code = "if_match_required"
    title = "An If-Match header is required"


class FencedError(BerthError):
    """A write carried an epoch, lease or token that no longer holds: the writer must stop."""

    code = "lease_lost"
    title = "This run no longer holds the operation"
