"""Scripts of other web origins: none may call, unless the installation names theirs."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

METHODS = ("GET", "POST", "PATCH", "DELETE")
ASKED_HEADERS = (
    "Authorization",
    "Berth-On-Behalf-Of",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "Last-Event-ID",
    "X-Request-Id",
)
ANSWERED_HEADERS = (
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "Operation-Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-Id",
)


def allow_origins(app: FastAPI, origins: Sequence[str]) -> None:
    """Let scripts of these origins call; without any, no answer says a word of it (Fetch standard, CORS).

    Callers prove who they are by a header that scripts must set: no cookies, so no credentials are allowed.
    """
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=list(METHODS),
            allow_headers=list(ASKED_HEADERS),
            expose_headers=list(ANSWERED_HEADERS),
        )
