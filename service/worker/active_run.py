"""A run that this worker holds now, and how it is asked to end."""

import asyncio
from enum import StrEnum

import structlog

from service.engine.process import RunnerProcess

_log = structlog.get_logger(__name__)


class StopReason(StrEnum):
    """Why a run is asked to end before it is done."""

    CANCELLED = "cancelled"
    WORKER_STOPPING = "worker_stopping"


class ActiveRun:
    """Cancels gracefully first, by force after the grace.

    Args:
        runner: The process that runs the operation.
        grace_seconds: How long the engine may take to finish the steps in flight.
    """

    def __init__(self, runner: RunnerProcess, *, grace_seconds: float) -> None:
        self._runner = runner
        self._grace_seconds = grace_seconds
        self._stopping: asyncio.Task[None] | None = None
        self.stop_reason: StopReason | None = None
        self.was_killed = False

    def stop(self, reason: StopReason) -> None:
        """Ask the run to end; a second call changes nothing."""
        if self._stopping is None:
            self.stop_reason = reason
            self._stopping = asyncio.create_task(self._stop())

    async def kill(self) -> None:
        """End the run now."""
        self.was_killed = True
        await self._runner.kill()

    def forget(self) -> None:
        """Stop counting down: the run has ended."""
        if self._stopping is not None:
            self._stopping.cancel()

    async def _stop(self) -> None:
        _log.info("run_asked_to_stop", reason=self.stop_reason, grace_seconds=self._grace_seconds)
        await self._runner.cancel()
        await asyncio.sleep(self._grace_seconds)
        _log.warning("run_killed_after_grace", reason=self.stop_reason)
        await self.kill()
