"""A run that this worker holds now, and how it is asked to end."""

import asyncio
from contextlib import suppress
from enum import StrEnum

import structlog

from service.engine.process import RunnerProcess

_log = structlog.get_logger(__name__)


class StopReason(StrEnum):
    """Why a run is asked to end before it is done."""

    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    WORKER_STOPPING = "worker_stopping"


class ActiveRun:
    """Holds a run's present runner, and ends it gracefully first, by force after the grace.

    Args:
        grace_seconds: How long the engine may take to finish the steps in flight.
    """

    def __init__(self, *, grace_seconds: float) -> None:
        self._grace_seconds = grace_seconds
        self._runner: RunnerProcess | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._asked_to_stop = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None
        self.stop_reason: StopReason | None = None

    def start_timer(self, timeout_seconds: float) -> None:
        """Ask the run to end after this long."""
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(timeout_seconds, self.stop, StopReason.TIMED_OUT)

    def follow(self, runner: RunnerProcess) -> None:
        """Make this the runner that is renewed, cancelled and killed."""
        self._runner = runner

    def stop(self, reason: StopReason) -> None:
        """Ask the run to end; a second call changes nothing."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self._asked_to_stop.set()
            self._stopping = asyncio.create_task(self._stop())

    async def renew(self, lease_deadline: float) -> None:
        """Tell the runner that its lease runs until this second of the machine's clock since its boot."""
        if self._runner is not None:
            await self._runner.renew(lease_deadline)

    async def kill(self) -> None:
        """End the runner now, and everything under it."""
        if self._runner is not None:
            await self._runner.kill()

    async def pause(self, seconds: float) -> None:
        """Wait between two attempts; return at once when asked to stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._asked_to_stop.wait()

    def forget(self) -> None:
        """Stop counting down: the run has ended."""
        if self._timer is not None:
            self._timer.cancel()
        if self._stopping is not None:
            self._stopping.cancel()

    async def _stop(self) -> None:
        _log.info("run_asked_to_stop", reason=self.stop_reason, grace_seconds=self._grace_seconds)
        if self._runner is not None:
            await self._runner.cancel()
        await asyncio.sleep(self._grace_seconds)
        _log.warning("run_killed_after_grace", reason=self.stop_reason)
        await self.kill()
