"""Refuses bodies that are too large before they have been read."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.core.errors import BodyTooLargeError
from service.core.problems import problem_response


class BodyLimitMiddleware:
    """Answers 413 to a request under `prefix` whose body has more than `max_bytes` bytes.

    `larger` holds other limits by how a path ends. A body that says its length is refused unread; one that
    does not is read up to the limit.
    """

    def __init__(
        self, app: ASGIApp, *, prefix: str, max_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        self.app = app
        self.prefix = prefix
        self.max_bytes = max_bytes
        self.larger = dict(larger or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or not str(scope["path"]).startswith(self.prefix):
            await self.app(scope, receive, send)
            return
        limit = self._limit(str(scope["path"]))
        declared = Headers(scope=scope).get("content-length", "0")
        messages = [] if not declared.isdigit() or int(declared) > limit else await _read(receive, limit)
        if not messages:
            error = BodyTooLargeError(f"a body may have {limit} bytes at most")
            await problem_response(error, path=str(scope["path"]))(scope, receive, send)
            return
        await self.app(scope, _replay(messages, receive), send)

    def _limit(self, path: str) -> int:
        return next((limit for end, limit in self.larger.items() if path.endswith(end)), self.max_bytes)


async def _read(receive: Receive, limit: int) -> list[Message]:
    """Return the body's messages; none if there are more bytes than allowed."""
    messages: list[Message] = []
    length = 0
    while True:
        message = await receive()
        messages.append(message)
        length += len(message.get("body", b""))
        if length > limit:
            return []
        if message["type"] != "http.request" or not message.get("more_body", False):
            return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def receive_again() -> Message:
        message = next(waiting, None)
        return message if message is not None else await receive()

    return receive_again
