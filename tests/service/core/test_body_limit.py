from starlette.types import Message, Scope

from service.core.body_limit import BodyLimitMiddleware

LIMIT = 10


class Caller:
    """An ASGI caller that counts how much of its body was taken."""

    def __init__(self, *chunks: bytes, declared: int | None = None, path: str = "/v1/x") -> None:
        self.chunks = list(chunks)
        self.taken = 0
        self.sent: list[Message] = []
        headers = [] if declared is None else [(b"content-length", str(declared).encode())]
        self.scope: Scope = {"type": "http", "path": path, "method": "POST", "headers": headers}

    async def receive(self) -> Message:
        chunk = self.chunks[self.taken]
        self.taken += 1
        return {"type": "http.request", "body": chunk, "more_body": self.taken < len(self.chunks)}

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    async def call(self) -> tuple[int, bytes]:
        async def echo(_: Scope, receive: object, send: object) -> None:
            body = b""
            while True:
                message = await receive()  # type: ignore[operator]
                body += message["body"]
                if not message["more_body"]:
                    break
            await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
            await send({"type": "http.response.body", "body": body})  # type: ignore[operator]

        await BodyLimitMiddleware(echo, prefix="/v1/", max_bytes=LIMIT)(self.scope, self.receive, self.send)
        return self.sent[0]["status"], self.sent[1]["body"]


async def test_declared_length_is_refused_unread() -> None:
    """A body that says it is too large is refused before a byte of it is read."""
    caller = Caller(b"x" * 11, declared=11)
    assert (await caller.call())[0] == 413
    assert caller.taken == 0


async def test_undeclared_length_is_read_to_the_limit() -> None:
    """A body without a length is read until it passes the limit, and no further."""
    caller = Caller(b"xxxxxx", b"xxxxxx", b"xxxxxx")
    assert (await caller.call())[0] == 413
    assert caller.taken == 2


async def test_bodies_within_the_limit_pass_whole() -> None:
    """What is small enough arrives as it was sent, in one piece or several."""
    assert await Caller(b"xxxxxxxxxx", declared=10).call() == (200, b"xxxxxxxxxx")
    assert await Caller(b"xxx", b"yyy", b"").call() == (200, b"xxxyyy")


async def test_nonsense_length_is_refused() -> None:
    """A length that is no number is not trusted."""
    caller = Caller(b"x")
    caller.scope["headers"] = [(b"content-length", b"-5")]
    assert (await caller.call())[0] == 413


async def test_other_addresses_have_their_own_limits() -> None:
    """Outside of the prefix the middleware stays out of the way."""
    assert (await Caller(b"x" * 50, declared=50, path="/api/x").call())[0] == 200
