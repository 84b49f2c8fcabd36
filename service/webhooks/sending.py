"""Sends one message as Standard Webhooks 1.0 has it: signed, without following redirects."""

import asyncio
import base64
import json
from datetime import UTC, datetime

import httpx
from standardwebhooks import Webhook

from service.version import VERSION
from service.webhooks.attempts import Attempt, AttemptResult
from service.webhooks.errors import TargetRefusedError, UnresolvableTargetError
from service.webhooks.targets import Target, TargetRules

TIMEOUT_SECONDS = 15
"""Of an attempt in all, from the name's resolution to the status: httpx's own timeouts count anew with each
byte that a receiver lets drip. Standard Webhooks 1.0 recommends 15 to 30 seconds."""


async def send(
    attempt: Attempt,
    secrets: tuple[bytes, ...],
    rules: TargetRules,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> AttemptResult:
    """Send an attempt's message once and say how it went; nothing that a receiver does raises here."""
    body = message_body(attempt)
    headers = signed_headers(attempt, body, secrets, datetime.now(UTC))
    try:
        async with asyncio.timeout(timeout_seconds):
            target = await rules.resolve(attempt.url)
            return AttemptResult(status=await _post(target, body, headers))
    except (TargetRefusedError, UnresolvableTargetError) as error:
        return AttemptResult(error=error.message)
    except (TimeoutError, httpx.TimeoutException):
        return AttemptResult(error=f"no answer within {timeout_seconds} seconds")
    except httpx.HTTPError as error:
        return AttemptResult(error=f"{type(error).__name__}: {error}")


def message_body(attempt: Attempt) -> str:
    """Return the message: type, time, the environment's sequence, and data; the same in every attempt."""
    message = {
        "type": attempt.event_type,
        "timestamp": attempt.at.isoformat(),
        "sequence": attempt.sequence,
        "data": attempt.data,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def signed_headers(attempt: Attempt, body: str, secrets: tuple[bytes, ...], now: datetime) -> dict[str, str]:
    """Return the headers, signed with each secret: while one is rotated, both hold."""
    signatures = [
        Webhook(base64.b64encode(secret).decode()).sign(attempt.event_id, now, body) for secret in secrets
    ]
    return {
        "content-type": "application/json",
        "user-agent": f"Berth/{VERSION}",
        "webhook-id": attempt.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _post(target: Target, body: str, headers: dict[str, str]) -> int:
    """Post to the address that was checked, under the host's own name; the answer's body is not read."""
    async with (
        httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST",
            target.connect_url,
            content=body.encode(),
            headers={**headers, "host": target.host_header},
            extensions={"sni_hostname": target.server_name},
        ) as answer,
    ):
        return answer.status_code
