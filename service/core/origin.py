"""Where a request comes from: its peer's address and what program it says it is."""

from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

USER_AGENT_LENGTH = 256


@dataclass(frozen=True, slots=True)
class Origin:
    """Of a request; both None for what the service does by itself. The program's word is anybody's word."""

    remote_address: str | None = None
    user_agent: str | None = None


_NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Return where the request being answered comes from."""
    return _current.get()


class OriginMiddleware:
    """Remembers where each request comes from, for the audit log.

    Who stands behind a proxy is told by the proxy's headers, which something before this has judged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            _current.set(_origin_of(scope))
        await self.app(scope, receive, send)


def _origin_of(scope: Scope) -> Origin:
    said = Headers(scope=scope).get("user-agent", "")
    printable = "".join(character for character in said if character.isprintable())
    client: tuple[str, int] | None = scope.get("client")
    return Origin(
        remote_address=None if client is None else _address(client[0]),
        user_agent=printable[:USER_AGENT_LENGTH] or None,
    )


def _address(text: str) -> str | None:
    """Return an IP address in its one spelling; None for what is none, such as a socket's path."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None
