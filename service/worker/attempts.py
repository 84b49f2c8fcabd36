"""The attempts of one run: transient failures are tried again, a bounded number of times."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from service.core.errors import FencedError
from service.engine.process import RunnerProcess, WarmRunners
from service.engine.protocol import EventEmitted, Result, RunnerJob
from service.events.model import Diagnostic
from service.operations.runs import (
    Conclusion,
    Stood,
    TimedPayload,
)
from service.operations.states import OperationState
from service.worker import metrics
from service.worker.active_run import ActiveRun
from service.worker.conclusions import conclusion_of, could_not_start
from service.worker.recording import EventRecorder

# Failures that pass by themselves. What a provider or a program refused is never tried again unasked.
TRANSIENT_CODES = frozenset({"throttled", "connection_lost", "facts_unavailable"})
FIRST_BACKOFF_SECONDS = 5.0
BACKOFF_FACTOR = 3.0

_log = structlog.get_logger(__name__)


class Attempts:
    """Runs a job in one runner after the other until it ends well, for good, or too often.

    Args:
        runners: Where runners come from.
        active: The run, which may be asked to stop at any time.
        recorder: Where events go.
        clean_up: Closes what an attempt left open in the backend.
        retries: How many attempts may follow the first.
        before: What the environment was: it stands unless an attempt has begun.
    """

    def __init__(
        self,
        runners: WarmRunners,
        active: ActiveRun,
        recorder: EventRecorder,
        clean_up: Callable[[], Awaitable[None]],
        *,
        retries: int,
        before: Stood,
    ) -> None:
        self._runners = runners
        self._active = active
        self._recorder = recorder
        self._clean_up = clean_up
        self._retries = retries
        self._before = before

    async def run(self, make_job: Callable[[], Awaitable[RunnerJob]]) -> Conclusion:
        """Return how the last attempt that began has ended, or why none could begin.

        `make_job` describes each with the lease as it is then.
        """
        ended = last = await self._attempt(make_job)
        for place in range(self._retries):
            if not is_transient(last) or self._active.stop_reason is not None:
                break
            if not await self._wait(last, FIRST_BACKOFF_SECONDS * BACKOFF_FACTOR**place):
                break
            last = await self._attempt(make_job)
            if last.untouched is None:
                ended = last
        return ended

    async def _wait(self, failed: Conclusion, seconds: float) -> bool:
        """Wait for the next attempt; False where what the last one left open could not be closed."""
        message = failed.failure.message if failed.failure else ""
        _log.warning("attempt_failed", failure=message, backoff_seconds=seconds)
        metrics.attempts_repeated.inc()
        said = f"{message}; this passes by itself, so it is tried again in {seconds:.0f} s"
        ending = Diagnostic(severity="warning", message=said, ends_attempt=True)
        self._recorder.record(TimedPayload(datetime.now(UTC), ending))
        try:
            await self._clean_up()
        except (OSError, SQLAlchemyError, FencedError):
            _log.exception("attempt_not_cleaned_up")
            return False
        await self._active.pause(seconds)
        return True

    async def _attempt(self, make_job: Callable[[], Awaitable[RunnerJob]]) -> Conclusion:
        try:
            job = await make_job()
            with metrics.runner_wait_seconds.time():
                runner = await self._runners.take()
        except (OSError, RuntimeError, SQLAlchemyError) as error:
            _log.exception("attempt_not_started")
            return could_not_start(error, self._before)
        async with runner:
            self._active.follow(runner)
            if self._active.stop_reason is not None:
                await runner.kill()
            result = await self._listen(runner, job)
            await runner.kill()
            if result is None:
                _log.warning("runner_ended_silently", last_words=runner.last_words())
        return conclusion_of(result, self._active.stop_reason)

    async def _listen(self, runner: RunnerProcess, job: RunnerJob) -> Result | None:
        result = None
        try:
            async for message in runner.run(job):
                if isinstance(message, EventEmitted):
                    metrics.events_recorded.inc()
                    self._recorder.record(TimedPayload(message.at, message.payload))
                else:
                    result = message
        except (OSError, RuntimeError, ValueError):  # ValueError: a line beyond the stream's limit
            _log.exception("runner_not_understood")
        return result


def is_transient(conclusion: Conclusion) -> bool:
    """Whether the same run may well succeed a little later."""
    failure = conclusion.failure
    if conclusion.state is not OperationState.FAILED or failure is None:
        return False
    return failure.code in TRANSIENT_CODES or (failure.code == "engine_error" and failure.retryable)
