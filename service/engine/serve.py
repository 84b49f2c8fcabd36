"""What a runner process does: take one job over stdin, run it, tell events and the result.

Messages go to the descriptor that was stdout, so that what a program prints (to stderr from then on)
cannot corrupt them.
"""

import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from pydantic import BaseModel

from service.core.clock import utc_now
from service.engine.drive import ProgramFactory, drive_operation
from service.engine.protocol import EventEmitted, Ready, RunnerJob
from service.engine.watchdog import LineReader, Watchdog
from service.engine.workspace import EngineCommand
from service.events.model import EventPayload


class MessageWriter:
    """Writes messages to the worker, a line each; after the worker's death, to nowhere."""

    def __init__(self, descriptor: int) -> None:
        self._stream = os.fdopen(descriptor, "wb")
        self._lock = threading.Lock()
        self._is_broken = False

    def write(self, message: BaseModel) -> None:
        """Send one message now."""
        line = message.model_dump_json().encode() + b"\n"
        with self._lock:
            if self._is_broken:
                return
            try:
                self._stream.write(line)
                self._stream.flush()
            except BrokenPipeError:
                self._is_broken = True

    def write_event(self, payload: EventPayload) -> None:
        """Send one event, stamped with the present time."""
        self.write(EventEmitted(at=utc_now(), payload=payload))


def claim_stdout() -> int:
    """Take stdout for messages alone; prints go to stderr from now on. Children inherit neither."""
    messages = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return messages


def serve(program_for: ProgramFactory) -> None:
    """Say ready, take one job, run it, report its result. Ends quietly when no job comes."""
    # A handler, not SIG_IGN: an ignored signal would stay ignored in the engine that is started from here.
    signal.signal(signal.SIGINT, _leave_to_watchdog)
    writer = MessageWriter(claim_stdout())
    reader = LineReader(sys.stdin.fileno())
    writer.write(Ready())
    line = reader.read_line(None)
    if line is None:
        return
    job = RunnerJob.model_validate_json(line)
    command = EngineCommand(job.engine.root, job.engine.version)
    Watchdog(reader, job.lease_deadline, command.interrupt).start()
    run_dir = Path.cwd()
    result = drive_operation(job, run_dir, command, program_for, writer.write_event)
    writer.write(result)
    sys.stderr.flush()
    # gRPC's worker threads may linger; the result is written and nothing else is left to do.
    os._exit(0)


def _leave_to_watchdog(_signal: int, _frame: FrameType | None) -> None:
    """Do nothing: the worker cancels by message, and the engine is interrupted exactly once."""
