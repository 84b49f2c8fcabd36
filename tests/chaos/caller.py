"""A caller of the API who repeats what went unanswered under the same key."""

import asyncio
from uuid import uuid4

import httpx

from service.core.ids import EnvironmentId
from service.operations.model import OperationKind

REPEAT_SECONDS = 0.3
PATIENCE_SECONDS = 120
# Asked for, or to be asked for again: the first asking is still being answered, or too many wait.
ACCEPTED = 202
CONFLICT = 409


class Caller:
    """Starts operations, each once, however often it has to ask.

    Attributes:
        started: The operations that it was answered.
        repetitions: How many times it asked again.
    """

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=20)
        self.started: list[str] = []
        self.repetitions = 0

    async def start(self, environment_id: EnvironmentId, kind: OperationKind) -> str:
        """Start an operation and return its id."""
        path, key = f"/v1/environments/{environment_id}/operations", str(uuid4())
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                answer = await self._ask(path, kind, key)
                if answer is not None and answer.status_code == ACCEPTED:
                    self.started.append(answer.json()["operation"]["id"])
                    return self.started[-1]
                self.repetitions += 1
                await asyncio.sleep(REPEAT_SECONDS)

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, path: str, kind: OperationKind, key: str) -> httpx.Response | None:
        """Ask once; None when no answer came."""
        try:
            answer = await self._client.post(path, json={"kind": kind}, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None
        assert answer.is_server_error or answer.status_code in (ACCEPTED, CONFLICT), answer.text
        return answer
