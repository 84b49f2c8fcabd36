"""Idempotency keys over HTTP, as draft-ietf-httpapi-idempotency-key-header has them."""

import hashlib
import json
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import JsonValue
from pydantic_core import from_json

from service.access.http import Actor
from service.idempotency.answers import Answer, KeyedRequest

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, new for each request (a UUID, say). A repetition with the same "
        "key within 24 hours gets the first answer again instead of doing the work twice.",
    ),
]


async def _read_keyed_request(
    request: Request, actor: Actor, idempotency_key: IdempotencyKey = None
) -> KeyedRequest:
    """Fingerprint what the request says; white space and the order of keys in its body do not count."""
    raw = await request.body()
    body: JsonValue = _canonical(raw)
    said = json.dumps([request.method, request.url.path, sorted(request.query_params.multi_items()), body])
    return KeyedRequest(actor=actor, key=idempotency_key, fingerprint=hashlib.sha256(said.encode()).digest())


def _canonical(raw: bytes) -> str:
    """Return JSON in one spelling; what is not JSON is refused later, where the body is read."""
    try:
        return json.dumps(from_json(raw), sort_keys=True) if raw else ""
    except ValueError:
        return raw.hex()


Keyed = Annotated[KeyedRequest, Depends(_read_keyed_request)]


def send_answer(answer: Answer) -> Response:
    """Send an answer; one that was kept says so."""
    replayed = {"Idempotency-Replayed": "true"} if answer.is_replay else {}
    return Response(
        answer.body,
        status_code=answer.status,
        media_type="application/json",
        headers={**answer.headers, **replayed},
    )
