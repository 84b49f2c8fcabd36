"""Ends a runner, and everything it started, when its worker is gone or has lost the lease."""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import psutil
from pydantic import ValidationError

from service.core.clock import since_boot
from service.engine.protocol import CancelRequested, LeaseRenewed, WorkerMessage, worker_message_adapter

READ_BYTES = 65_536
# After its worker's death an engine gets this long to finish steps in flight and save its state, never
# longer than the lease that the worker left behind.
ORPHAN_GRACE_SECONDS = 10.0
DEATH_POLL_SECONDS = 0.02
# Waiting stands still while the machine is suspended, a lease does not: so it is looked at each second.
LOOK_SECONDS = 1.0


def session_members(session_id: int) -> Iterator[int]:
    """Yield a session's processes: the runner's group and the groups that an engine makes for plugins."""
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == session_id and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                yield pid
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue


def kill_session(session_id: int, *, spare: int | None = None) -> bool:
    """SIGKILL every process of a session except `spare`; return whether there was one to kill."""
    found = False
    for pid in session_members(session_id):
        if pid == spare:
            continue
        found = True
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return found


def end_session(session_id: int) -> None:
    """Kill a session and return when none of its processes lives; blocks for as long as that takes."""
    while kill_session(session_id):
        sleep(DEATH_POLL_SECONDS)


class LineReader:
    """Reads lines from a file descriptor with a deadline, which buffered streams cannot."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self.is_at_end = False

    def read_line(self, timeout_seconds: float | None) -> bytes | None:
        """Return the next line; None at the end of the stream or when the time is up."""
        limit = None if timeout_seconds is None else monotonic() + timeout_seconds
        while b"\n" not in self._buffer:
            wait = None if limit is None else max(0.0, limit - monotonic())
            readable, _, _ = select.select([self._descriptor], [], [], wait)
            if not readable:
                return None
            chunk = os.read(self._descriptor, READ_BYTES)
            if not chunk:
                self.is_at_end = True
                return None
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line


class Watchdog(threading.Thread):
    """Follows what the worker says while the main thread drives the engine.

    Args:
        reader: The runner's stdin.
        lease_deadline: When the lease runs out, in seconds of the machine's clock since its boot.
        interrupt: Asks the engine to end gracefully.
    """

    def __init__(self, reader: LineReader, lease_deadline: float, interrupt: Callable[[], None]) -> None:
        super().__init__(name="watchdog", daemon=True)
        self._reader = reader
        self._lease_deadline = lease_deadline
        self._interrupt = interrupt

    def run(self) -> None:
        """Renew, cancel, and in the end kill: returning is not an option."""
        while not self._reader.is_at_end:
            # What was said already counts, even when this process was too slow to hear it in time.
            remaining = max(0.0, self._lease_deadline - since_boot())
            line = self._reader.read_line(min(remaining, LOOK_SECONDS))
            is_over = line is None and since_boot() >= self._lease_deadline
            if is_over or (line is not None and not self._obey(line)):
                break
        if self._reader.is_at_end:
            self._interrupt()
            self._lease_deadline = min(self._lease_deadline, since_boot() + ORPHAN_GRACE_SECONDS)
        threading.Event().wait(max(0.0, self._lease_deadline - since_boot()))
        self._end()

    def _obey(self, line: bytes) -> bool:
        message = _parsed(line)
        match message:
            case LeaseRenewed(lease_deadline=deadline):
                self._lease_deadline = deadline
            case CancelRequested():
                self._interrupt()
            case None:
                self._lease_deadline = since_boot()
                return False
        return True

    @staticmethod
    def _end() -> None:
        kill_session(os.getsid(0), spare=os.getpid())
        os.kill(os.getpid(), signal.SIGKILL)


def _parsed(line: bytes) -> WorkerMessage | None:
    try:
        return worker_message_adapter.validate_json(line)
    except ValidationError:
        return None
