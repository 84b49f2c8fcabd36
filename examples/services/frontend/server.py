"""The shop's frontend: a page with what the backend sells."""

import html
import json
import logging
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_BACKEND_TIMEOUT_SECONDS = 3

log = logging.getLogger("frontend")


class Handler(BaseHTTPRequestHandler):
    """Answers `GET /health` by itself and every other path with the page."""

    backend_url = ""

    def do_GET(self) -> None:
        """Answer with the page, or say that the backend is away."""
        if self.path == "/health":
            self._answer(HTTPStatus.OK, "ok")
            return
        try:
            self._answer(HTTPStatus.OK, page(items_of(self.backend_url)))
        except (urllib.error.URLError, TimeoutError, ValueError):
            log.exception("the backend does not answer")
            self._answer(HTTPStatus.BAD_GATEWAY, "<p>The shop is being restocked. Please come back soon.</p>")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        """Log requests as the rest is logged."""
        log.info(format, *args)

    def _answer(self, status: HTTPStatus, body: str) -> None:
        payload = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def items_of(backend_url: str) -> list[dict[str, object]]:
    """Ask the backend what it sells.

    Raises:
        urllib.error.URLError: when it cannot be reached.
        ValueError: when it answers something else.
    """
    url = f"{backend_url}/api/items"
    with urllib.request.urlopen(url, timeout=_BACKEND_TIMEOUT_SECONDS) as answer:  # noqa: S310 -- http by setting
        return json.load(answer)["items"]


def page(items: list[dict[str, object]]) -> str:
    """Return the page."""
    rows = "".join(
        f"<li>{html.escape(str(item['title']))}: {int(str(item['price_cents'])) / 100:.2f}</li>"
        for item in items
    )
    return f"<!doctype html><title>Shop</title><h1>Shop</h1><ul>{rows}</ul>"


def _price(item: dict[str, object]) -> str:
    return f"{int(str(item['price_cents'])) / 100:.2f}"


def main() -> None:
    """Serve until ECS asks to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    Handler.backend_url = os.environ["BACKEND_URL"].rstrip("/")
    server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)
    # shutdown() waits for the serving loop, which the signal has interrupted: it needs another thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log.info("serving on port %d", server.server_address[1])
    server.serve_forever()
    log.info("stopped")


if __name__ == "__main__":
    main()
