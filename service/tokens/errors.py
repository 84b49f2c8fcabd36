"""What can go wrong with tokens."""

from service.core.errors import ConflictError, ForbiddenError, NotFoundError


class TokenNotFoundError(NotFoundError):
    """There is no token of this id, or it is not the caller's to know of."""

    code = "token_not_found"
    title = "There is no such token"

    def __init__(self, token_id: str) -> None:
        super().__init__(f"there is no token {token_id}")


class TokenRevokedError(ConflictError):
    """The token was revoked before."""

    code = "token_revoked"
    title = "The token is revoked already"


class GrantRefusedError(ForbiddenError):
    """The token would have more rights than whoever makes it, or is made by one who may make none."""

    code = "grant_refused"
    title = "The caller may not give this"
