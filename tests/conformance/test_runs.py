"""What a run can be asked: expectations, plans, parallelism, a message."""

from pathlib import Path

from tests.conformance.lab import Lab, attempt
from tests.conformance.programs import several


def test_expect_no_changes_holds(lab: Lab) -> None:
    """`expect_no_changes` succeeds when nothing changes."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    assert lab.up(stack, expect_no_changes=True) == {"same": 2}


def test_expect_no_changes_fails(lab: Lab) -> None:
    """`expect_no_changes` fails when something changes."""
    stack = lab.stack()
    lab.up(stack, several("a"))
    error = attempt(lambda: lab.preview(stack, several("a", value=2), expect_no_changes=True))
    assert error is not None
    assert "no changes were expected for preview but changes were proposed" in str(error)


def test_plan_is_kept(lab: Lab, tmp_path: Path) -> None:
    """A run with a saved plan does what the plan foresees."""
    plan = str(tmp_path / "plan.json")
    stack = lab.stack(several("a"))
    lab.preview(stack, plan=plan)
    assert lab.up(stack, plan=plan) == {"create": 2}


def test_plan_with_a_refresh_is_kept(lab: Lab, tmp_path: Path) -> None:
    """A run that looks first what stands is held to its plan by what it does then."""
    plan = str(tmp_path / "plan.json")
    stack = lab.stack(several("a"))
    lab.up(stack)
    lab.preview(stack, plan=plan, refresh=True)
    assert lab.up(stack, plan=plan, refresh=True) == {"same": 2}


def test_plan_forbids_more(lab: Lab, tmp_path: Path) -> None:
    """A run that does what its plan does not foresee fails."""
    plan = str(tmp_path / "plan.json")
    stack = lab.stack()
    lab.preview(stack, several("a"), plan=plan)
    assert attempt(lambda: lab.up(stack, several("a", "b"), plan=plan)) is not None
    assert any("is not allowed by the plan" in text for text in lab.diagnostics())
    assert "b" not in lab.cloud.names()


def test_parallel_one_is_serial(lab: Lab) -> None:
    """With `parallel=1` no two operations run at once."""
    lab.cloud.latency_seconds = 0.02
    stack = lab.stack(several("a", "b", "c", "d"))
    lab.up(stack, parallel=1)
    assert lab.cloud.concurrency_peak == 1


def test_parallel_many_run_together(lab: Lab) -> None:
    """Independent operations run at once, and no more than asked for."""
    lab.cloud.latency_seconds = 0.3
    stack = lab.stack(several(*"abcdefgh"))
    lab.up(stack, parallel=4)
    assert 2 <= lab.cloud.concurrency_peak <= 4


def test_message_is_in_the_history(lab: Lab) -> None:
    """The message of a run is kept in the history."""
    stack = lab.full_stack(several("a"))
    stack.up(message="for the record")
    (entry,) = stack.history()
    assert (entry.kind, entry.result, entry.message) == ("update", "succeeded", "for the record")
    assert entry.resource_changes == {"create": 2}


def test_policy_packs_are_named_when_missing(lab: Lab, tmp_path: Path) -> None:
    """A policy pack that cannot be run fails the run before anything is created."""
    stack = lab.stack(several("a"))
    error = attempt(lambda: lab.up(stack, policy_packs=[str(tmp_path / "no-pack")]))
    assert error is not None
    assert "polic" in str(error).lower()
    assert lab.cloud.things == {}
