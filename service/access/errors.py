"""What is answered to callers who may not."""

from service.access.permissions import Permission, roles_with
from service.core.errors import ForbiddenError, TooManyRequestsError


class ForwardingRefusedError(ForbiddenError):
    """The caller names a person for whom it asks, and may not, or not so."""

    code = "forwarding_refused"
    title = "The caller may not ask on behalf of others"


class RateLimitedError(TooManyRequestsError):
    """The caller, or its address where it proves nothing, asks too often; `Retry-After` says until when."""

    code = "rate_limited"
    title = "Too many requests"

    def __init__(self, per_minute: int, retry_after_seconds: int) -> None:
        super().__init__(
            f"more than {per_minute} requests in a minute",
            hint="wait as long as Retry-After says; follow operations by their event stream, or with ?wait=",
        )
        self.retry_after_seconds = retry_after_seconds


class PermissionDeniedError(ForbiddenError):
    """The caller lacks the permission that this needs; the problem names it and the roles that have it."""

    code = "permission_denied"
    title = "The caller may not do this"

    def __init__(self, permission: Permission, team: str | None = None, *, what: str = "this") -> None:
        roles = ", ".join(roles_with(permission))
        where = f" in team {team}" if team else ""
        super().__init__(
            f"{what} needs the permission {permission}{where}",
            hint=f"roles with it: {roles}",
            context={"permission": permission, "roles": roles},
        )
