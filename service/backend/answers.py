"""How the backend answers: JSON, and errors in the form that the Pulumi CLI reads."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import DataError, InterfaceError, OperationalError

from service.backend.errors import BodyTooLargeError, KeyServiceError
from service.core.errors import (
    BerthError,
    ConflictError,
    FencedError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TooManyRequestsError,
    UnauthenticatedError,
    UnavailableError,
)
from service.state.json_values import JsonValue, dump_json

_STATUSES: tuple[tuple[type[BerthError], HTTPStatus], ...] = (
    (UnauthenticatedError, HTTPStatus.UNAUTHORIZED),
    (FencedError, HTTPStatus.FORBIDDEN),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (BodyTooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (KeyServiceError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ConflictError, HTTPStatus.CONFLICT),
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
)


def json_answer(value: JsonValue, status: HTTPStatus = HTTPStatus.OK) -> Response:
    """Answer with JSON."""
    return Response(dump_json(value), status_code=status, media_type="application/json")


def model_answer(model: BaseModel) -> Response:
    """Answer with a model, absent fields left out."""
    return Response(model.model_dump_json(by_alias=True, exclude_none=True), media_type="application/json")


def error_answer(status: HTTPStatus, message: str) -> Response:
    """Answer `{"code", "message"}`, the message led by the status's phrase: the CLI looks for that."""
    return json_answer({"code": status.value, "message": f"{status.phrase}: {message}"}, status)


def berth_error_answer(error: BerthError) -> Response:
    """Answer with what went wrong and what to do about it."""
    status = next((status for kind, status in _STATUSES if isinstance(error, kind)), HTTPStatus.BAD_REQUEST)
    answer = error_answer(status, f"{error.message}; {error.hint}" if error.hint else error.message)
    if isinstance(error, TooManyRequestsError):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


class BackendRoute(APIRoute):
    """A route whose errors reach the Pulumi CLI in the form it knows; 503 makes it try again."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[None, None, Response]]:
        """Wrap the handler."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except BerthError as error:
                return berth_error_answer(error)
            except (RequestValidationError, ValidationError) as error:
                return error_answer(HTTPStatus.BAD_REQUEST, _first_fault(error))
            except DataError:
                return error_answer(HTTPStatus.BAD_REQUEST, "a value holds characters that cannot be kept")
            except (OperationalError, InterfaceError):
                return error_answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer")

        return answer


STACK = "/stacks/{organization}/{project}/{stack}"
"""The address of a stack below `/api`."""


def backend_router(prefix: str = "") -> APIRouter:
    """Make a router of the Pulumi CLI's API, below `/api` and no part of the document of Berth's own."""
    return APIRouter(prefix=f"/api{prefix}", route_class=BackendRoute, include_in_schema=False)


def _first_fault(error: RequestValidationError | ValidationError) -> str:
    fault = error.errors()[0]
    place = ".".join(str(part) for part in fault["loc"])
    return f"{place}: {fault['msg']}"
