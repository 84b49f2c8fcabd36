"""The shop's backend: a JSON API over its catalogue, and the orders placed since it started."""

import json
import logging
import os
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_LONGEST_BODY_BYTES = 4096

log = logging.getLogger("backend")


@dataclass(frozen=True)
class Item:
    """Something the shop sells; prices are in cents."""

    sku: str
    title: str
    price_cents: int


CATALOGUE = (Item("tea", "Green tea", 490), Item("mug", "Stone mug", 1250), Item("pot", "Iron pot", 5900))


class Orders:
    """The orders of this process, numbered as they come."""

    def __init__(self) -> None:
        """Start without any."""
        self._lock = threading.Lock()
        self._skus: list[str] = []

    def place(self, sku: str) -> int:
        """Take an order and return its number."""
        with self._lock:
            self._skus.append(sku)
            return len(self._skus)


class Handler(BaseHTTPRequestHandler):
    """Answers `GET /health`, `GET /api/items` and `POST /api/orders`."""

    orders = Orders()

    def do_GET(self) -> None:
        """Answer what can be read."""
        if self.path == "/health":
            self._answer(HTTPStatus.OK, {"status": "ok"})
        elif self.path == "/api/items":
            self._answer(HTTPStatus.OK, {"items": [asdict(item) for item in CATALOGUE]})
        else:
            self._answer(HTTPStatus.NOT_FOUND, {"error": "no such path"})

    def do_POST(self) -> None:
        """Take an order: a JSON object with the `sku` of an item."""
        sku = self._ordered_sku() if self.path == "/api/orders" else None
        if sku is None:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": "send {sku} of an item to /api/orders"})
        else:
            self._answer(HTTPStatus.CREATED, {"order": self.orders.place(sku)})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Log requests as the rest is logged."""
        log.info(format, *args)

    def _ordered_sku(self) -> str | None:
        length = int(self.headers.get("Content-Length", "0"))
        if not 0 < length <= _LONGEST_BODY_BYTES:
            return None
        try:
            sku = json.loads(self.rfile.read(length))["sku"]
        except (ValueError, KeyError, TypeError):
            return None
        return sku if sku in {item.sku for item in CATALOGUE} else None

    def _answer(self, status: HTTPStatus, body: dict[str, object]) -> None:
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def main() -> None:
    """Serve until ECS asks to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)
    # shutdown() waits for the serving loop, which the signal has interrupted: it needs another thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("serving on port %d", server.server_address[1])
    server.serve_forever()
    log.info("stopped")


if __name__ == "__main__":
    main()
