"""Clients that follow operations over Server-Sent Events and come back whenever they are cut off."""

import asyncio
import random
from collections import defaultdict
from contextlib import suppress

import httpx

RECONNECT_SECONDS = 0.2
# Longer than the pause between two comments of a healthy stream.
SILENCE_SECONDS = 25


class Followers:
    """Follows every operation it is told of, and remembers what it was told.

    Attributes:
        told: The ids of the events of each operation, in the order in which they came.
        ends: The state that each stream closed with.
    """

    def __init__(self, url: str) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, timeout=SILENCE_SECONDS, limits=httpx.Limits(max_connections=None)
        )
        self._following: dict[str, asyncio.Task[None]] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self.told: defaultdict[str, list[int]] = defaultdict(list)
        self.ends: dict[str, str] = {}

    def follow(self, operation_id: str) -> None:
        """Begin to follow an operation."""
        self._following[operation_id] = asyncio.create_task(self._follow(operation_id))

    def drop(self, dice: random.Random) -> bool:
        """Cut one client off in the middle of its stream; it comes back."""
        streaming = [stream for operation_id, stream in self._streams.items() if self.told[operation_id]]
        return bool(streaming) and dice.choice(streaming).cancel()

    async def end(self) -> None:
        """Wait until every stream has told its operation's end."""
        await asyncio.gather(*self._following.values())
        await self._client.aclose()

    async def give_up(self) -> None:
        """Follow nothing any more."""
        for task in (*self._following.values(), *self._streams.values()):
            task.cancel()
        await asyncio.gather(*self._following.values(), *self._streams.values(), return_exceptions=True)
        await self._client.aclose()

    async def _follow(self, operation_id: str) -> None:
        while operation_id not in self.ends:
            stream = asyncio.create_task(self._stream(operation_id))
            self._streams[operation_id] = stream
            await asyncio.wait({stream})
            del self._streams[operation_id]
            with suppress(asyncio.CancelledError, httpx.HTTPError):
                stream.result()
            if operation_id not in self.ends:
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _stream(self, operation_id: str) -> None:
        told = self.told[operation_id]
        headers = {"Accept": "text/event-stream"}
        if told:
            headers["Last-Event-ID"] = str(told[-1])
        path = f"/v1/operations/{operation_id}/events"
        async with self._client.stream("GET", path, headers=headers) as response:
            response.raise_for_status()
            name, number = "", 0
            async for line in response.aiter_lines():
                field, _, value = line.partition(": ")
                if field == "id":
                    number = int(value)
                elif field == "event":
                    name = value
                elif field == "data" and name == "done":
                    self.ends[operation_id] = value
                elif field == "data":
                    told.append(number)
