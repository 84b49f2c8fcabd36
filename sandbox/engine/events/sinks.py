"""Where events go: a file of lines, a gRPC stream, the terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import grpc

from sandbox.engine.clock import unix_seconds
from sandbox.engine.rpc import events_pb2, events_pb2_grpc
from sandbox.engine.state.json_values import JsonObject, dump

_STREAM_PREFIX = "tcp://"
# An event log that nobody reads any more does not hold up the end of a run for longer.
_CLOSE_TIMEOUT_SECONDS = 10


class EventLog:
    """Numbers events and writes them where `--event-log` says."""

    def __init__(self, target: str) -> None:
        """Open the log; an empty target keeps none."""
        self._sequence = 0
        self._write: Callable[[str], None] = _discard
        self._sender: asyncio.Task[None] | None = None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        if target.startswith(_STREAM_PREFIX):
            self._write = self._lines.put_nowait
            self._sender = asyncio.create_task(self._stream(target.removeprefix(_STREAM_PREFIX)))
        elif target:
            file = Path(target).open("a", encoding="utf-8", buffering=1)
            self._write = lambda line: file.write(f"{line}\n") and None
            self._file = file

    def add(self, event: JsonObject) -> None:
        """Write an event."""
        numbered = {"sequence": self._sequence, "timestamp": unix_seconds(), **event}
        self._sequence += 1
        self._write(dump(numbered))

    async def _stream(self, address: str) -> None:
        async with grpc.aio.insecure_channel(address) as channel:
            try:
                await events_pb2_grpc.EventsStub(channel).StreamEvents(self._requests())
            except grpc.aio.AioRpcError:
                # Whoever asked for events went away; the run does not depend on it.
                return

    async def _requests(self) -> "AsyncIterator[events_pb2.EventRequest]":
        while (line := await self._lines.get()) is not None:
            yield events_pb2.EventRequest(event=line)

    async def close(self) -> None:
        """Write what is left."""
        if self._sender is not None:
            self._lines.put_nowait(None)
            await asyncio.wait([self._sender], timeout=_CLOSE_TIMEOUT_SECONDS)


def _discard(line: str) -> None:
    del line
