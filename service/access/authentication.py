"""What a request carries to prove who sent it, and where an application keeps who judges that."""

from typing import cast

from fastapi import FastAPI, Request

from service.access.credentials import FORWARDED_USER, Authenticator, Credential

_SCHEMES = frozenset({"bearer", "token"})  # RFC 6750; and the one that the Pulumi CLI sends


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
