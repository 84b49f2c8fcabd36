"""The one place that knows HTTP statuses: domain errors become RFC 9457 problem details here."""

from typing import ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from service.core.errors import (
    BerthError,
    BodyTooLargeError,
    ConfigurationError,
    ConflictError,
    FencedError,
    FieldError,
    ForbiddenError,
    InternalError,
    InvalidInputError,
    MalformedBodyError,
    MethodNotAllowedError,
    NotFoundError,
    PreconditionError,
    PreconditionMissingError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
)
from service.core.request_id import HEADER as REQUEST_ID_HEADER
from service.core.request_id import current_request_id
from service.core.validation import error_from_validation

MEDIA_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="berth"'  # RFC 6750, section 3

# A subclass has the status of its nearest ancestor here.
STATUS_OF: dict[type[BerthError], int] = {
    MalformedBodyError: 400,
    UnauthenticatedError: 401,
    ForbiddenError: 403,
    NotFoundError: 404,
    MethodNotAllowedError: 405,
    ConflictError: 409,
    FencedError: 409,
    PreconditionError: 412,
    BodyTooLargeError: 413,
    UnsupportedMediaTypeError: 415,
    InvalidInputError: 422,
    PreconditionMissingError: 428,
    TooManyRequestsError: 429,
    ConfigurationError: 500,
    InternalError: 500,
    UnavailableError: 503,
}

log = structlog.stdlib.get_logger(__name__)


class ProblemField(BaseModel):
    """One place of the request that is wrong."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the body; empty for a parameter")
    parameter: str | None = Field(
        default=None, description="The path, query or header parameter, if it is one"
    )
    message: str = Field(description="What is wrong and what is allowed")
    code: str = Field(description="Stable name of the rule")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 problem details."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")

    type: str = Field(description="`urn:berth:problem:` and the code")
    title: str = Field(description="The kind of problem, the same for every occurrence")
    status: int = Field(description="The answer's HTTP status")
    detail: str = Field(description="What happened this time, for a person")
    instance: str = Field(description="The path that was asked for")
    code: str = Field(description="Stable; what a program decides by")
    retryable: bool = Field(description="Whether the same request may succeed later")
    request_id: str = Field(description="Also in the `X-Request-Id` header and in the service's log")
    hint: str | None = Field(default=None, description="What to do about it")
    errors: list[ProblemField] = Field(default_factory=list, description="Each place that is wrong")


def status_of(error_type: type[BerthError]) -> int:
    """Return the HTTP status of a domain error; 500 for one that the table does not know."""
    return next((STATUS_OF[ancestor] for ancestor in error_type.__mro__ if ancestor in STATUS_OF), 500)


def describe_problem(error: BerthError, *, path: str) -> Problem:
    """Turn a domain error into problem details."""
    members = {"context": error.context} if error.context else {}
    return Problem.model_validate(
        {
            "type": f"urn:berth:problem:{error.code}",
            "title": error.title,
            "status": status_of(type(error)),
            "detail": error.message,
            "instance": path,
            "code": error.code,
            "retryable": error.retryable,
            "request_id": current_request_id(),
            "hint": error.hint,
            "errors": [_describe_field(field) for field in error.fields],
            **members,
        }
    )


def _describe_field(field: FieldError) -> ProblemField:
    return ProblemField(
        pointer=field.pointer, parameter=field.parameter, message=field.message, code=field.code
    )


def problem_response(error: BerthError, *, path: str) -> Response:
    """Answer with a domain error."""
    problem = describe_problem(error, path=path)
    headers = {REQUEST_ID_HEADER: problem.request_id}
    if problem.retryable:
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = CHALLENGE
    content = problem.model_dump_json(exclude_none=True)
    return Response(content, status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def _answer_domain_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, BerthError):
        raise error
    return problem_response(error, path=request.url.path)


def _answer_invalid_request(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return problem_response(error_from_validation(error.errors(), body=error.body), path=request.url.path)


_ROUTING_ERRORS: dict[int, BerthError] = {
    400: MalformedBodyError("the body could not be read"),
    404: NotFoundError("there is nothing at this address"),
    405: MethodNotAllowedError("the address exists and does not have this method"),
}


def _answer_routing_error(request: Request, error: Exception) -> Response:
    """Answer what Starlette and FastAPI raise themselves: no such route, no such method, no readable body."""
    if not isinstance(error, HTTPException):
        raise error
    known = _ROUTING_ERRORS.get(error.status_code, InternalError(f"unexpected answer {error.status_code}"))
    response = problem_response(known, path=request.url.path)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _answer_database_away(request: Request, error: Exception) -> Response:
    log.error("the database does not answer", exc_info=error)
    return problem_response(UnavailableError("the database does not answer"), path=request.url.path)


def _answer_fault(request: Request, error: Exception) -> Response:
    """Answer anything unforeseen without its text, which may hold what the caller must not see."""
    log.error("unforeseen error", path=request.url.path, exc_info=error)
    return problem_response(InternalError("the service's log tells more"), path=request.url.path)


def answer_problems(app: FastAPI) -> None:
    """Make every error of the application an RFC 9457 answer."""
    app.add_exception_handler(BerthError, _answer_domain_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid_request)
    app.add_exception_handler(HTTPException, _answer_routing_error)
    app.add_exception_handler(OperationalError, _answer_database_away)
    app.add_exception_handler(PoolTimeoutError, _answer_database_away)
    app.add_exception_handler(Exception, _answer_fault)
