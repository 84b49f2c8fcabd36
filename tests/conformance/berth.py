"""Berth's own service on a fresh database, as engines reach it."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


class ThreadedServer(uvicorn.Server):
    """A server in a thread of its own that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def serve_berth(database_url: str) -> Iterator[str]:
    """The address that engines log in to while the service runs."""
    from service.main import create_app  # noqa: PLC0415 -- most cases need no service
    from service.settings import Settings  # noqa: PLC0415

    settings = Settings(database_url=database_url, secrets_key=base64.b64encode(bytes(range(32))).decode())
    config = uvicorn.Config(
        create_app(settings), port=0, log_level="warning", timeout_graceful_shutdown=2, lifespan="on"
    )
    server = ThreadedServer(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert server.listening.wait(30)
    (port,) = [socket.getsockname()[1] for opened in server.servers for socket in opened.sockets]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
