"""What can go wrong, as values of the domain; `core/problems.py` alone turns them into HTTP answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One place of a request that is wrong and what is allowed there.

    `pointer` is a JSON pointer (RFC 6901) into the body; `parameter` names a path, query or header
    parameter instead, and the pointer is then empty.
    """

    pointer: str
    message: str
    code: str
    parameter: str | None = None


class BerthError(Exception):
    """The root of Berth's own errors: a stable code, a message for a person and a hint what to do.

    Subclasses set `code` and `title`; they say what happened, never an HTTP status. `context` holds
    further facts that a program can act on, such as the operation that is in the way. A retryable one may
    set when to try again.
    """

    code: ClassVar[str] = "berth_error"
    title: ClassVar[str] = "Something went wrong"
    retryable: ClassVar[bool] = False
    retry_after_seconds: int = 1

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        fields: tuple[FieldError, ...] = (),
        context: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.fields = fields
        self.context = dict(context or {})


class ConfigurationError(BerthError):
    """The process cannot start with the settings it was given."""

    code = "configuration"
    title = "The configuration is not usable"


class NotFoundError(BerthError):
    """The named thing does not exist, or the caller may not know that it does."""

    code = "not_found"
    title = "Not found"


class UnauthenticatedError(BerthError):
    """The request carries no credential, or one that proves nothing."""

    code = "unauthenticated"
    title = "Authentication is required"


class ForbiddenError(BerthError):
    """The caller is known and may not do this."""

    code = "forbidden"
    title = "This is not allowed"


class InvalidInputError(BerthError):
    """The input breaks a rule; `fields` names each place."""

    code = "invalid_input"
    title = "The input is not valid"


class MalformedBodyError(BerthError):
    """The body is not JSON, or JSON that cannot be stored."""

    code = "malformed_body"
    title = "The body is not usable JSON"


class BodyTooLargeError(BerthError):
    """The body is larger than the service takes."""

    code = "body_too_large"
    title = "The body is too large"


class UnsupportedMediaTypeError(BerthError):
    """The body's Content-Type is not one that is read here."""

    code = "unsupported_media_type"
    title = "The body's media type is not supported"


class MethodNotAllowedError(BerthError):
    """The resource exists and does not have this method."""

    code = "method_not_allowed"
    title = "The method is not allowed here"


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


class TooManyRequestsError(BerthError):
    """The caller asks too often."""

    code = "too_many_requests"
    title = "Too many requests"
    retryable = True


class UnavailableError(BerthError):
    """A part that the service needs does not answer at the moment."""

    code = "unavailable"
    title = "The service is not available at the moment"
    retryable = True


class InternalError(BerthError):
    """A fault of the service itself; its log tells more under the same request id."""

    code = "internal_error"
    title = "Something went wrong in the service"
    retryable = True
