"""Where events go: a file of lines, a gRPC stream, the terminal."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TextIO

from google.protobuf import empty_pb2

from sandbox.engine.channels import Connection, RpcError
from sandbox.engine.clock import unix_seconds
from sandbox.engine.rpc import events_pb2
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
        self._file: TextIO | None = None
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        if target.startswith(_STREAM_PREFIX):
            self._write = self._lines.put_nowait
            self._sender = asyncio.create_task(self._stream(target.removeprefix(_STREAM_PREFIX)))
        elif target:
            self._file = Path(target).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 -- open for the whole run
            self._write = self._write_line

    def add(self, event: JsonObject) -> None:
        """Write an event."""
        numbered = {"sequence": self._sequence, "timestamp": unix_seconds(), **event}
        self._sequence += 1
        self._write(dump(numbered))

    def _write_line(self, line: str) -> None:
        if self._file is not None:
            self._file.write(f"{line}\n")

    async def _stream(self, address: str) -> None:
        connection = Connection(address)
        try:
            await connection.stream("/pulumirpc.Events/StreamEvents", self._requests(), empty_pb2.Empty)
        except RpcError:
            # Whoever asked for events went away; the run does not depend on it.
            return
        finally:
            await connection.close()

    async def _requests(self) -> AsyncIterator[events_pb2.EventRequest]:
        while (line := await self._lines.get()) is not None:
            yield events_pb2.EventRequest(event=line)

    async def close(self) -> None:
        """Write what is left."""
        if self._sender is not None:
            self._lines.put_nowait(None)
            await asyncio.wait([self._sender], timeout=_CLOSE_TIMEOUT_SECONDS)
        if self._file is not None:
            self._file.close()


def _discard(line: str) -> None:
    del line
