"""Who sent a request: what it carries to prove it, and who judges that."""

from dataclasses import dataclass, field
from typing import Protocol, cast

from fastapi import FastAPI, Request

from service.access.model import Caller, CallerKind

LOCAL_DEVELOPER = Caller("local-developer", CallerKind.LOCAL, is_platform_admin=True)
FORWARDED_USER = "Berth-On-Behalf-Of"
_SCHEMES = frozenset({"bearer", "token"})  # RFC 6750; and the one that the Pulumi CLI sends


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request carries: a bearer token, and the person for whom a portal says that it asks.

    `address` is where it comes from; it proves nothing.
    """

    token: str | None = field(default=None, repr=False)
    on_behalf_of: str | None = None
    address: str = ""


class Authenticator(Protocol):
    """Tells who sent a request."""

    async def identify(self, credential: Credential) -> Caller:
        """Return the caller; raise UnauthenticatedError where the credential proves nobody."""
        ...


def credential_of(request: Request) -> Credential:
    """Read the headers that tell who asks."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    is_known = scheme.lower() in _SCHEMES and bool(token.strip())
    address = "" if request.client is None else request.client.host
    return Credential(token.strip() if is_known else None, request.headers.get(FORWARDED_USER), address)


def keep_authenticator(app: FastAPI, authenticator: Authenticator) -> None:
    """Put the authenticator where requests find it."""
    app.state.authenticator = authenticator


def authenticator_of(request: Request) -> Authenticator:
    """Return the authenticator of the application that answers this request."""
    return cast("Authenticator", request.app.state.authenticator)
