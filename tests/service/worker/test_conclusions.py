"""What a run's end means: for its operation, for another attempt, for recovery."""

import pytest

from service.core.ids import EnvironmentId, OperationId
from service.engine.protocol import Outcome, Result
from service.operations.model import Epoch, OperationFailure, OperationKind
from service.operations.runs import (
    Conclusion,
    Run,
)
from service.operations.states import OperationState
from service.worker.active_run import StopReason
from service.worker.attempts import is_transient
from service.worker.conclusions import conclusion_of
from service.worker.recovery import needs_recovery

CANCELLED = Result(outcome=Outcome.CANCELLED, failure=OperationFailure(code="cancelled", message="asked to"))


@pytest.mark.parametrize(
    ("result", "stop_reason", "state", "code"),
    [
        (Result(outcome=Outcome.SUCCEEDED), None, OperationState.SUCCEEDED, None),
        (Result(outcome=Outcome.SUCCEEDED), StopReason.CANCELLED, OperationState.SUCCEEDED, None),
        (CANCELLED, StopReason.CANCELLED, OperationState.CANCELLED, "cancelled"),
        (CANCELLED, StopReason.WORKER_STOPPING, OperationState.CANCELLED, "worker_stopped"),
        (CANCELLED, StopReason.TIMED_OUT, OperationState.FAILED, "timed_out"),
        (None, None, OperationState.INTERRUPTED, "runner_died"),
        (None, StopReason.CANCELLED, OperationState.INTERRUPTED, "killed_after_grace"),
    ],
)
def test_end_of_a_run(
    result: Result | None, stop_reason: StopReason | None, state: OperationState, code: str | None
) -> None:
    """The runner's last word, or its silence, and why it was asked to stop decide how the operation ended."""
    conclusion = conclusion_of(result, stop_reason)
    assert conclusion.state is state
    assert (conclusion.failure.code if conclusion.failure else None) == code


@pytest.mark.parametrize(
    ("code", "retryable", "expected"),
    [
        ("throttled", True, True),
        ("connection_lost", True, True),
        ("engine_error", True, True),
        ("engine_error", False, False),
        ("program_error", False, False),
        ("provider_error", False, False),
        ("dependency_violation", True, False),
        ("quota_exceeded", False, False),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(code: str, retryable: bool, expected: bool) -> None:
    """Throttling and lost connections are tried again unasked; what was refused never is."""
    failure = OperationFailure(code=code, message="", retryable=retryable)
    assert is_transient(Conclusion(OperationState.FAILED, failure=failure)) is expected
    assert not is_transient(Conclusion(OperationState.INTERRUPTED, failure=failure))


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (OperationKind.DEPLOY, "worker_lost", True),
        (OperationKind.DESTROY, "runner_died", True),
        (OperationKind.DEPLOY, "worker_stopped", True),
        (OperationKind.DEPLOY, "killed_after_grace", False),
        (OperationKind.DEPLOY, "cancelled", False),
        (OperationKind.PREVIEW, "worker_lost", False),
    ],
)
def test_what_recovers_by_itself(kind: OperationKind, code: str, expected: bool) -> None:
    """A run that changes resources recovers when a process ended it, never when a person did."""
    run = Run(OperationId("op_1"), EnvironmentId("env_1"), kind, Epoch(1))
    failure = OperationFailure(code=code, message="")
    assert needs_recovery(run, Conclusion(OperationState.INTERRUPTED, failure=failure)) is expected
