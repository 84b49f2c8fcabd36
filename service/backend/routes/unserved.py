"""What Berth has chosen not to serve, and what does not exist: a clean 404 in either case."""

from fastapi import Response

from service.access.http import open_to_all
from service.backend.answers import backend_router
from service.backend.errors import NotServedError

router = backend_router()

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

_CHOSEN_NOT_TO_SERVE = (
    ("deployments", "Remote deployments are not served: Berth's own operations run on its workers."),
    ("policypacks", "Policy packs are not served: run them with --policy-pack."),
    ("policygroups", "Policy packs are not served: run them with --policy-pack."),
    ("environments", "Pulumi ESC environments are not served: use AWS Secrets Manager or Parameter Store."),
    ("registry", "The private registry is not served."),
    ("hooks", "Webhooks of stacks are not served: Berth has its own."),
    ("schedules", "Schedules of stacks are not served: Berth has its own."),
)


@router.api_route("/{path:path}", methods=METHODS, dependencies=[open_to_all("there is nothing behind it")])
async def refuse(path: str) -> Response:
    """Say what is not served."""
    raise not_served(path)


def not_served(path: str) -> NotServedError:
    """Say why a path is not served: by choice, or because there is no such thing."""
    segments = path.split("/")
    for segment, reason in _CHOSEN_NOT_TO_SERVE:
        if segment in segments:
            return NotServedError(reason)
    return NotServedError(f"/api/{path[:200]} is not served by this backend.")
