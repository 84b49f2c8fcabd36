"""A runner ends with its worker and with its lease, and takes everything below along."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil
import pytest

from service.core.clock import since_boot
from service.engine.choice import REPOSITORY_ROOT
from service.engine.protocol import CancelRequested, LeaseRenewed
from service.engine.watchdog import end_session, session_members

PROGRAM = """
import subprocess, sys, threading
from service.core.clock import since_boot
from service.engine.watchdog import LineReader, Watchdog
child = subprocess.Popen(["sleep", "600"], start_new_session=False, process_group=0)
deadline = since_boot() + float(sys.argv[1])
Watchdog(LineReader(0), deadline, lambda: print("interrupted", flush=True)).start()
print(child.pid, flush=True)
threading.Event().wait()
"""


class Watched:
    """A process under a watchdog, with a child in a process group of its own."""

    def __init__(self, lease_seconds: float, first_line: str | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(lease_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(REPOSITORY_ROOT), "PATH": os.defpath},
            start_new_session=True,
        )
        if first_line is not None:
            self.tell(first_line)
        self.child = psutil.Process(int(self.said()))

    def said(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def has_ended(self) -> bool:
        code = self.process.wait(timeout=30)
        gone, _ = psutil.wait_procs([self.child], timeout=10)
        return code == -signal.SIGKILL and bool(gone)


@pytest.fixture
def watched() -> Iterator[list[Watched]]:
    """Processes to clean up."""
    started: list[Watched] = []
    yield started
    for each in started:
        end_session(each.process.pid)
        each.process.wait()
        for stream in (each.process.stdin, each.process.stdout):
            assert stream is not None
            stream.close()


def test_unrenewed_lease_ends_the_session(watched: list[Watched]) -> None:
    """A runner whose worker is frozen kills itself and its engine when the lease runs out."""
    watched.append(Watched(lease_seconds=1.0))
    assert watched[0].has_ended()


def test_renewed_lease_holds(watched: list[Watched]) -> None:
    """A renewal moves the deadline."""
    began = since_boot()
    watched.append(Watched(lease_seconds=2.0))
    watched[0].tell(LeaseRenewed(lease_deadline=began + 4.0).model_dump_json())
    assert watched[0].has_ended()
    assert since_boot() - began >= 4.0


def test_renewal_counts_that_was_heard_late(watched: list[Watched]) -> None:
    """A runner that was too slow to hear a renewal in time still obeys it."""
    began = since_boot()
    renewal = LeaseRenewed(lease_deadline=began + 4.0).model_dump_json()
    watched.append(Watched(lease_seconds=-1.0, first_line=renewal))
    assert watched[0].has_ended()
    assert since_boot() - began >= 4.0


def test_dead_worker_ends_the_session(watched: list[Watched]) -> None:
    """When stdin closes the engine is asked to end, and after the grace everything is killed."""
    watched.append(Watched(lease_seconds=2.0))
    assert watched[0].process.stdin is not None
    watched[0].process.stdin.close()
    assert watched[0].said() == "interrupted"
    assert watched[0].has_ended()


def test_cancel_interrupts_and_lives_on(watched: list[Watched]) -> None:
    """A cancel request interrupts the engine; the runner stays to report how it ended."""
    watched.append(Watched(lease_seconds=60.0))
    watched[0].tell(CancelRequested().model_dump_json())
    assert watched[0].said() == "interrupted"
    assert watched[0].process.poll() is None


def test_sessions_are_ended_whole(watched: list[Watched]) -> None:
    """Ending a session from outside reaches children that made process groups of their own."""
    watched.append(Watched(lease_seconds=60.0))
    end_session(watched[0].process.pid)
    assert watched[0].has_ended()
    assert list(session_members(watched[0].process.pid)) == []
