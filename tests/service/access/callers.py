"""Callers to ask with: the application believes a name for a token, which only tests make it do."""

from collections.abc import Mapping

import httpx
from fastapi import FastAPI

from service.access.authentication import keep_authenticator
from service.access.credentials import Credential
from service.access.model import Caller, CallerKind
from service.access.permissions import Role
from service.core.errors import UnauthenticatedError


def member(name: str, team: str, *roles: Role) -> Caller:
    """Return a person with roles in one team."""
    return Caller(f"user:{name}", CallerKind.USER, {team: frozenset(roles)})


PLATFORM_ADMIN = Caller("user:root", CallerKind.USER, is_platform_admin=True)


class Known:
    """An authenticator that knows these callers by the names that requests carry."""

    def __init__(self, callers: Mapping[str, Caller]) -> None:
        self._callers = callers

    async def identify(self, credential: Credential) -> Caller:
        name = credential.token or ""
        if name not in self._callers:
            raise UnauthenticatedError("nobody")
        return self._callers[name]


def know(app: FastAPI, callers: Mapping[str, Caller]) -> None:
    """Let the application know these callers and no others."""
    keep_authenticator(app, Known(callers))


def client_of(app: FastAPI, name: str | None) -> httpx.AsyncClient:
    """Return a client that asks under a caller's name; None proves nothing."""
    headers = {} if name is None else {"Authorization": f"Bearer {name}"}
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://berth.test", headers=headers
    )
