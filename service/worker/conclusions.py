"""What a run's end means for its operation."""

from typing import cast

from service.core.errors import BerthError
from service.engine.protocol import Outcome, PlannedState, Result
from service.operations.model import OperationFailure
from service.operations.runs import Conclusion, Stood
from service.operations.states import OperationState
from service.plans.resources import PlannedResource
from service.state.json_values import JsonObject
from service.state.masking import displayable
from service.worker.active_run import StopReason
from service.worker.faults import PassingError

STATE_OF_OUTCOME: dict[Outcome, OperationState] = {
    Outcome.SUCCEEDED: OperationState.SUCCEEDED,
    Outcome.FAILED: OperationState.FAILED,
    Outcome.CANCELLED: OperationState.CANCELLED,
}
AFTER_INTERRUPTION = "what was recorded before stands; deploy again to continue from there"

WORKER_LOST = Conclusion(
    OperationState.INTERRUPTED,
    failure=OperationFailure(
        code="worker_lost",
        message="the worker that ran this operation died or lost its connection",
        hint=AFTER_INTERRUPTION,
        retryable=True,
    ),
)
WORKER_STOPPED = OperationFailure(
    code="worker_stopped",
    message="the worker was shut down; the steps that had begun were finished and recorded",
    hint=AFTER_INTERRUPTION,
    retryable=True,
)
TIMED_OUT = OperationFailure(
    code="timed_out",
    message="the operation took longer than its kind may; steps that had begun were finished and recorded",
    hint="look at its last events for what it waited for, then deploy again",
    retryable=True,
)


def conclusion_of(result: Result | None, stop_reason: StopReason | None) -> Conclusion:
    """Conclude from the runner's last word, or from its silence."""
    if result is None:
        return _killed(stop_reason)
    if result.outcome is Outcome.CANCELLED and stop_reason is StopReason.WORKER_STOPPING:
        return Conclusion(OperationState.CANCELLED, result.changes, WORKER_STOPPED)
    if result.outcome is Outcome.CANCELLED and stop_reason is StopReason.TIMED_OUT:
        return Conclusion(OperationState.FAILED, result.changes, TIMED_OUT)
    planned = tuple(_planned(state) for state in result.planned)
    return Conclusion(
        STATE_OF_OUTCOME[result.outcome], result.changes, result.failure, result.plan, planned=planned
    )


def _planned(state: PlannedState) -> PlannedResource:
    return PlannedResource(
        type=state.resource_type,
        name=state.name,
        urn=state.urn,
        inputs=cast("JsonObject", state.inputs),
        parent=state.parent,
    )


def resources_remain(conclusion: Conclusion, count: int) -> Conclusion:
    """Turn a destroy that reported success and left resources in the state into the failure that it is."""
    failure = OperationFailure(
        code="resources_remain",
        message=f"the engine reported success, but the state still holds {count} resources",
        hint="look at the environment's resources, then destroy again",
        retryable=True,
    )
    return Conclusion(OperationState.FAILED, conclusion.changes, failure)


def refused(error: BerthError, before: Stood) -> Conclusion:
    """Conclude that the operation may not run as things stand now; what stood before stands."""
    failure = OperationFailure(code=error.code, message=error.message, hint=error.hint, retryable=True)
    return Conclusion(OperationState.FAILED, failure=failure, untouched=before)


def could_not_start(error: Exception, before: Stood) -> Conclusion:
    """Conclude that there was no run at all; what stood before stands."""
    failure = OperationFailure(
        code="facts_unavailable" if isinstance(error, PassingError) else "not_started",
        message=displayable(f"the run could not be started: {error}"),
        hint="nothing was changed; the worker's log says more",
        retryable=True,
    )
    return Conclusion(OperationState.FAILED, failure=failure, untouched=before)


def end_refused(conclusion: Conclusion) -> Conclusion:
    """Conclude that a run has ended in a way that the database will not hold."""
    failure = OperationFailure(
        code="end_refused",
        message=f"the run ended as {conclusion.state}, but the database refused to record what it said",
        hint="what stands is in the resources; the worker's log says what was refused",
    )
    return Conclusion(OperationState.FAILED, conclusion.changes, failure)


def _killed(stop_reason: StopReason | None) -> Conclusion:
    if stop_reason is None:
        code, message = "runner_died", "the process that ran this operation ended without a result"
    else:
        code, message = "killed_after_grace", "the run did not end within its grace and was killed"
    failure = OperationFailure(code=code, message=message, hint=AFTER_INTERRUPTION, retryable=True)
    return Conclusion(OperationState.INTERRUPTED, failure=failure)
