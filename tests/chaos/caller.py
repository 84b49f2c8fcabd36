"""A caller of the API who repeats what went unanswered under the same key."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx

from service.core.ids import EnvironmentId
from service.operations.model import OperationKind

REPEAT_SECONDS = 0.3
# A busy machine takes its time to read a request: each time the caller stays longer before it hangs up.
HANG_UP_FACTOR = 1.5
MAX_HANG_UP_SECONDS = 5
PATIENCE_SECONDS = 300
# Accepted; or to be asked for again: the first asking is still being answered, or too many wait.
ACCEPTED = 202
CONFLICT = 409


class Caller:
    """Starts operations, each once, however often it has to ask.

    Attributes:
        started: The operations that it was answered.
        repetitions: How many times it asked again.
        replays: How many of its answers had been given before.
        last_word: What became of its last asking, for whoever wonders why it waits.
    """

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=20)
        self.started: list[str] = []
        self.repetitions = 0
        self.replays = 0
        self.last_word = "nothing was asked yet"

    async def start(
        self, environment_id: EnvironmentId, kind: OperationKind, *, key: str | None = None
    ) -> str:
        """Start an operation and return its id."""
        path, key = f"/v1/environments/{environment_id}/operations", key or str(uuid4())
        async with self._patiently():
            while True:
                answer = await self._ask(path, kind, key)
                if answer is not None and answer.status_code == ACCEPTED:
                    self.replays += "idempotency-replayed" in answer.headers
                    self.started.append(answer.json()["operation"]["id"])
                    return self.started[-1]
                self.repetitions += 1
                await asyncio.sleep(REPEAT_SECONDS)

    async def start_and_miss_the_answer(
        self, environment_id: EnvironmentId, kind: OperationKind, *, is_answered: Callable[[str], bool]
    ) -> str:
        """Ask and hang up before the answer, until a key is answered; then ask again with the same key."""
        key, url = str(uuid4()), self._client.base_url
        body = f'{{"kind":"{kind}"}}'.encode()
        lines = (
            f"POST /v1/environments/{environment_id}/operations HTTP/1.1",
            f"Host: {url.netloc.decode()}",
            "Content-Type: application/json",
            f"Idempotency-Key: {key}",
            f"Content-Length: {len(body)}",
        )
        request = "\r\n".join([*lines, "", ""]).encode() + body
        async with self._patiently():
            seconds = REPEAT_SECONDS
            while not await asyncio.to_thread(is_answered, key):
                await self._send_and_hang_up(request, seconds)
                seconds = min(seconds * HANG_UP_FACTOR, MAX_HANG_UP_SECONDS)
        return await self.start(environment_id, kind, key=key)

    async def close(self) -> None:
        await self._client.aclose()

    @asynccontextmanager
    async def _patiently(self) -> AsyncIterator[None]:
        """Give up in time, and say why nothing came of it."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                yield
        except TimeoutError as error:
            raise AssertionError(f"unanswered for {PATIENCE_SECONDS} s: {self.last_word}") from error

    async def _send_and_hang_up(self, request: bytes, seconds: float) -> None:
        url = self._client.base_url
        try:
            _, writer = await asyncio.open_connection(url.host, url.port)
        except OSError as error:
            self.last_word = repr(error)
            await asyncio.sleep(REPEAT_SECONDS)
            return
        writer.write(request)
        await asyncio.sleep(seconds)
        writer.transport.abort()
        self.last_word = f"hung up after {seconds:.1f} s"

    async def _ask(self, path: str, kind: OperationKind, key: str) -> httpx.Response | None:
        """Ask once; None when no answer came."""
        try:
            answer = await self._client.post(path, json={"kind": kind}, headers={"Idempotency-Key": key})
        except httpx.TransportError as error:
            self.last_word = repr(error)
            return None
        self.last_word = f"{answer.status_code} {answer.text}"
        assert answer.is_server_error or answer.status_code in (ACCEPTED, CONFLICT), answer.text
        return answer
