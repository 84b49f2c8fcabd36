"""How runs end that do not come to their own end: cancelled, killed, continued."""

import signal
import threading

import psutil
import pytest
from pulumi import automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Thing


def _chain() -> None:
    first = Thing("first", {"value": 1})
    Thing("second", {"of": first.arn})


@pytest.fixture
def lab(cold_lab: Lab) -> Lab:
    """A lab whose engine can be signalled and killed."""
    return cold_lab


def engine_process() -> psutil.Process:
    """The engine among this process's descendants."""
    below = psutil.Process().children(recursive=True)
    return next(child for child in below if "--event-log" in child.cmdline())


class _Running:
    """A deploy that waits at a gate, and the engine's process that carries it out."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.stack = lab.full_stack(_chain)
        self.gate = lab.cloud.hold("create", "first")
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert lab.cloud.entered[("create", "first")].wait(60)

    def _run(self) -> None:
        self.error = attempt(lambda: self.lab.up(self.stack))

    def join(self) -> None:
        self._thread.join(60)
        assert not self._thread.is_alive()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelled_run_records_what_it_did(lab: Lab, number: signal.Signals) -> None:
    """A run that is told to end lets the provider finish, records that, begins nothing new and says so."""
    running = _Running(lab)
    engine_process().send_signal(number)
    running.join()
    assert running.error is not None
    assert lab.names(running.stack) == ["first"]
    assert lab.cloud.names() == ["first"]
    assert "cancel" in {call.method for call in lab.cloud.calls}
    assert lab.up(running.stack) == {"same": 2, "create": 1}


def test_cancelled_run_is_in_the_history_as_failed(lab: Lab) -> None:
    """What was cancelled has not succeeded."""
    running = _Running(lab)
    engine_process().send_signal(signal.SIGINT)
    running.join()
    assert running.stack.history()[0].result == "failed"


def test_killed_run_leaves_its_pending_operations(lab: Lab) -> None:
    """What was under way when the engine died is in the state, and the next run warns of it and goes on."""
    running = _Running(lab)
    engine_process().kill()
    running.gate.set()
    running.join()
    (pending,) = lab.checkpoint(running.stack)["pending_operations"]
    assert pending["type"] == "creating"
    assert pending["resource"]["urn"].endswith("::first")
    with pytest.raises(automation.ConcurrentUpdateError):
        lab.up(running.stack)
    running.stack.cancel()
    assert lab.up(running.stack) == {"same": 1, "create": 2}
    assert any("interrupted while creating" in text for text in lab.diagnostics("warning"))
    assert lab.names(running.stack) == ["first", "second"]


def test_refresh_clears_pending_operations(lab: Lab) -> None:
    """A refresh settles what a killed run left: a pending creation is dropped when that is asked for."""
    running = _Running(lab)
    engine_process().kill()
    running.gate.set()
    running.join()
    running.stack.cancel()
    lab.refresh(running.stack, clear_pending_creates=True)
    assert not lab.checkpoint(running.stack).get("pending_operations")
    assert lab.up(running.stack) == {"same": 1, "create": 2}


def test_killed_deletion_is_continued(lab: Lab) -> None:
    """A resource whose deletion was under way is deleted by the next run."""
    stack = lab.full_stack(_chain)
    lab.up(stack)
    gate = lab.cloud.hold("delete", "second")
    destroying = threading.Thread(target=lambda: attempt(lambda: lab.destroy(stack)))
    destroying.start()
    assert lab.cloud.entered[("delete", "second")].wait(60)
    engine_process().kill()
    gate.set()
    destroying.join(60)
    (pending,) = lab.checkpoint(stack)["pending_operations"]
    assert pending["type"] == "deleting"
    stack.cancel()
    assert lab.destroy(stack) == {"delete": 3}
    assert lab.cloud.names() == []
