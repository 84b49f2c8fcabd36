"""Finds out who sent a request."""

from typing import Protocol, cast

from fastapi import FastAPI, Request

from service.access.model import Caller, CallerKind

LOCAL_DEVELOPER = Caller("local-developer", CallerKind.LOCAL, is_platform_admin=True)


class Authenticator(Protocol):
    """Tells who sent a request."""

    async def identify(self, request: Request) -> Caller:
        """Return the caller; raise UnauthenticatedError where nobody known sent it."""
        ...


class OneDeveloper:
    """The authenticator of a machine that has one user: whoever can reach the service is that user."""

    async def identify(self, request: Request) -> Caller:
        """Return the one user."""
        del request
        return LOCAL_DEVELOPER


def keep_authenticator(app: FastAPI, authenticator: Authenticator) -> None:
    """Put the authenticator where requests find it."""
    app.state.authenticator = authenticator


def authenticator_of(request: Request) -> Authenticator:
    """Return the authenticator of the application that answers this request."""
    return cast("Authenticator", request.app.state.authenticator)
