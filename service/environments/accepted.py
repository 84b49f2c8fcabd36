"""The one answer of all slow verbs: 202, where to look, and when."""

from service.core.openapi import Responses
from service.environments.model import Environment
from service.environments.schemas import accepted_view
from service.idempotency.answers import Answer
from service.operations.accepted import Accepted

RETRY_AFTER_SECONDS = 2

ETAG_HEADER = {"ETag": {"description": "The revision, for If-Match", "schema": {"type": "string"}}}
ACCEPTED_HEADERS = {
    "Location": {"description": "What was made or changed", "schema": {"type": "string"}},
    "Operation-Location": {"description": "The operation to follow", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until looking again makes sense", "schema": {"type": "integer"}},
    **ETAG_HEADER,
}
ACCEPTED: Responses = {202: {"description": "Begun: follow the operation", "headers": ACCEPTED_HEADERS}}


def etag_of(environment: Environment) -> str:
    """Return the strong validator of an environment's request."""
    return f'"{environment.revision}"'


def accept(accepted: Accepted, *, location: str | None = None) -> Answer:
    """Answer that an operation has begun; `location` is the environment unless told."""
    environment, operation = accepted.environment, accepted.operation
    return Answer(
        status=202,
        body=accepted_view(environment, operation).model_dump_json().encode(),
        headers={
            "Location": location or f"/v1/environments/{environment.id}",
            "Operation-Location": f"/v1/operations/{operation.id}",
            "Retry-After": str(RETRY_AFTER_SECONDS),
            "ETag": etag_of(environment),
        },
    )
