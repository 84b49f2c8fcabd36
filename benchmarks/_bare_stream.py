"""A bare Starlette endpoint of Server-Sent Events: a queue for each client, no records behind it.

python -m benchmarks._bare_stream PORT
"""

import asyncio
import sys
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

_followers: set[asyncio.Queue[bytes]] = set()


async def follow(_request: Request) -> StreamingResponse:
    """Send what is told from now on."""
    return StreamingResponse(_told(), media_type="text/event-stream")


async def _told() -> AsyncIterator[bytes]:
    mine: asyncio.Queue[bytes] = asyncio.Queue()
    _followers.add(mine)
    try:
        yield b": here\r\n\r\n"
        while True:
            yield await mine.get()
    finally:
        _followers.discard(mine)


async def tell(request: Request) -> Response:
    """Send an event to everybody who follows."""
    event = b"event: diagnostic\r\ndata: " + await request.body() + b"\r\n\r\n"
    for follower in _followers:
        follower.put_nowait(event)
    return Response()


if __name__ == "__main__":
    routes = [Route("/events", follow), Route("/tell", tell, methods=["POST"])]
    uvicorn.run(Starlette(routes=routes), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
