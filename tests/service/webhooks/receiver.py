"""A real receiving server: answers as it is told and keeps what it was sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request, Response
from standardwebhooks import Webhook

from tests.service.conftest import serve


@dataclass
class Received:
    """One message as it came."""

    headers: dict[str, str]
    body: str

    def verified(self, secret: str) -> dict[str, Any]:
        """Return the message; raise where its signature is not the secret's."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """What came, and what is answered: the statuses in turn, the last one from then on, once it may."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [204])
    messages: list[Received] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait_for(self, count: int) -> list[Received]:
        """Wait until so many messages came."""
        async with asyncio.timeout(20), self.arrived:
            await self.arrived.wait_for(lambda: len(self.messages) >= count)
        return self.messages


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Serve a receiver on a free port of this machine."""
    receiver = Receiver()
    receiver.may_answer.set()
    app = FastAPI()

    @app.post("/hook")
    async def hook(request: Request) -> Response:
        body = (await request.body()).decode()
        async with receiver.arrived:
            receiver.messages.append(Received(dict(request.headers), body))
            receiver.arrived.notify_all()
        await receiver.may_answer.wait()
        status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
        headers = {"location": f"{receiver.url}/elsewhere"} if 300 <= status < 400 else {}
        return Response(status_code=status, headers=headers)

    async with serve(app) as address:
        receiver.url = f"{address}/hook"
        yield receiver


@asynccontextmanager
async def dripping() -> AsyncIterator[str]:
    """Serve an answer that never ends, a byte of its head at a time, and give its address."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        writer.write(b"HTTP/1.1 200 OK\r\nx-drip: ")
        with closing(writer), suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.02)

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
