"""Journaling for places that keep whole checkpoints: several entries are folded into one write."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.folding import Fold
from sandbox.engine.state.journal import JournalEntry
from sandbox.engine.state.json_values import JsonObject

WriteCheckpoint = Callable[[UntypedDeployment], Awaitable[None]]


class CheckpointJournal:
    """Writes the whole checkpoint when a durable entry arrives; entries that wait share one write.

    As long as entries come together, a write waits for others as long as the one before took.
    """

    def __init__(self, base: JsonObject, write: WriteCheckpoint) -> None:
        """Start from a deployment."""
        self._fold = Fold(base)
        self._write = write
        self._taken = 0
        self._written = 0
        self._wait_seconds = 0.0
        self._writing = asyncio.Lock()

    async def append(self, entry: JournalEntry, *, is_durable: bool) -> None:
        """Take an entry; a durable one is written when this returns."""
        self._fold.add(entry)
        self._taken += 1
        if is_durable:
            await self._write_up_to(self._taken)

    async def flush(self) -> None:
        """Write what has not been written."""
        await self._write_up_to(self._taken)

    async def _write_up_to(self, position: int) -> None:
        async with self._writing:
            if self._written >= position:
                return
            # Whoever is ready to add an entry does so now and shares this write: a checkpoint costs the more,
            # the larger it is, and where steps run side by side the next entries are about to come.
            await asyncio.sleep(self._wait_seconds)
            taken, began = self._taken, time.monotonic()
            await self._write(self._fold.deployment())
            is_shared = taken - self._written > 1
            self._wait_seconds = time.monotonic() - began if is_shared else 0.0
            self._written = taken
