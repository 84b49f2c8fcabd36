"""One operation from its claim to its recorded end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from time import monotonic

import structlog
from sqlalchemy.exc import SQLAlchemyError

from programs.facts import Facts
from service.backend.model import PROJECT
from service.core.errors import FencedError
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.process import RunnerProcess, WarmRunners
from service.engine.protocol import Engine, EventEmitted, Result, RunnerJob, StackAddress
from service.operations.runs import ClaimedOperation, Conclusion, Run, TimedPayload
from service.settings import Settings
from service.worker import metrics
from service.worker.active_run import ActiveRun, StopReason
from service.worker.conclusions import conclusion_of, could_not_start
from service.worker.lease import LeaseKeeper
from service.worker.recording import EventRecorder
from service.worker.records import PreparedRun, conclude_run, prepare_run

RETRY_SECONDS = 1.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where runs make their resources: facts for programs, and how engines reach the providers."""

    facts: Callable[[ClaimedOperation], Awaitable[Facts]]
    debug_providers: Callable[[], Awaitable[dict[str, int]]]
    passed_environment: dict[str, str] = field(default_factory=dict[str, str])


class OperationExecutor:
    """Runs operations, each in a process of its own, and records how they end."""

    def __init__(
        self,
        settings: Settings,
        uow_factory: UnitOfWorkFactory,
        engine: Engine,
        runners: WarmRunners,
        target: Target,
        *,
        worker_name: str,
        backend_url: str,
    ) -> None:
        self._settings = settings
        self._uow_factory = uow_factory
        self._engine = engine
        self._runners = runners
        self._target = target
        self._worker_name = worker_name
        self._backend_url = backend_url
        self._active: dict[OperationId, ActiveRun] = {}
        self._stopping_all: StopReason | None = None

    def stop(self, operation_id: OperationId, reason: StopReason) -> None:
        """Ask one run to end gracefully; nothing happens when it is not here."""
        active = self._active.get(operation_id)
        if active is not None:
            active.stop(reason)

    def stop_all(self, reason: StopReason) -> None:
        """Ask every run, also one that is just being started, to end gracefully."""
        self._stopping_all = reason
        for active in self._active.values():
            active.stop(reason)

    async def execute(self, operation_id: OperationId) -> None:
        """Run an operation to its end, unless it no longer waits.

        Raises:
            EnvironmentBusyError: another operation of its environment still runs: try again later.
        """
        lease_deadline = monotonic() + self._settings.lease_seconds
        async with self._uow_factory() as uow:
            prepared = await prepare_run(
                uow,
                operation_id,
                worker=self._worker_name,
                engine=self._engine,
                lease_seconds=self._settings.lease_seconds,
            )
        if prepared is None:
            return
        run = prepared.claimed.run
        with structlog.contextvars.bound_contextvars(operation_id=operation_id, kind=run.kind):
            _log.info("operation_claimed", epoch=run.epoch, environment_id=run.environment_id)
            with (
                metrics.operations_running.track_inprogress(),
                metrics.operation_seconds.labels(run.kind).time(),
            ):
                await self._run(prepared, lease_deadline)

    async def _run(self, prepared: PreparedRun, lease_deadline: float) -> None:
        run = prepared.claimed.run
        try:
            job = await self._job(prepared, lease_deadline)
            with metrics.runner_wait_seconds.time():
                runner = await self._runners.take()
        except (OSError, RuntimeError) as error:
            _log.exception("run_not_started")
            await self._conclude(run, could_not_start(error))
            return
        active = ActiveRun(runner, grace_seconds=self._settings.cancel_grace_seconds)
        self._active[run.operation_id] = active
        if self._stopping_all is not None:
            active.stop(self._stopping_all)
        try:
            async with runner:
                await self._follow(run, runner, active, job)
        finally:
            active.forget()
            del self._active[run.operation_id]

    async def _follow(self, run: Run, runner: RunnerProcess, active: ActiveRun, job: RunnerJob) -> None:
        keeper = LeaseKeeper(
            self._uow_factory,
            run,
            lease_seconds=self._settings.lease_seconds,
            deadline=job.lease_deadline,
            tell=runner.renew,
            end=active.kill,
        )
        keeping = asyncio.create_task(keeper.keep())
        recorder = EventRecorder(self._uow_factory, run)
        writing = asyncio.create_task(_write_or_kill(recorder, active))
        try:
            result = await _listen(runner, job, recorder)
            recorder.end()
            await asyncio.wait({writing, keeping}, return_when=asyncio.FIRST_COMPLETED)
            if keeper.is_lost or not await writing:
                metrics.leases_lost.inc()
                return
            await runner.kill()
            if result is None:
                _log.warning("runner_died", last_words=runner.last_words())
        finally:
            await _settled(keeping)
            await _settled(writing)
        await self._conclude(run, conclusion_of(result, active.stop_reason))

    async def _job(self, prepared: PreparedRun, lease_deadline: float) -> RunnerJob:
        claimed = prepared.claimed
        return RunnerJob(
            operation_id=claimed.run.operation_id,
            kind=claimed.run.kind,
            request=claimed.request,
            facts=await self._target.facts(claimed),
            stack=StackAddress(
                name=prepared.stack_name,
                project=PROJECT,
                backend_url=self._backend_url,
                token=prepared.token,
            ),
            engine=self._engine,
            parallelism=self._settings.engine_parallelism,
            debug_providers=await self._target.debug_providers(),
            passed_environment=self._target.passed_environment,
            lease_deadline=lease_deadline,
        )

    async def _conclude(self, run: Run, conclusion: Conclusion) -> None:
        while True:
            try:
                async with self._uow_factory() as uow:
                    recorded = await conclude_run(uow, run, conclusion)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("end_not_recorded", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            except FencedError:
                _log.warning("end_recorded_by_another", state=conclusion.state)
                return
            else:
                changes = asdict(recorded.changes) if recorded.changes else None
                failure = asdict(recorded.failure) if recorded.failure else None
                _log.info("operation_finished", state=recorded.state, changes=changes, failure=failure)
                metrics.operations_finished.labels(run.kind, recorded.state).inc()
                return


async def _listen(runner: RunnerProcess, job: RunnerJob, recorder: EventRecorder) -> Result | None:
    result = None
    async for message in runner.run(job):
        if isinstance(message, EventEmitted):
            metrics.events_recorded.inc()
            recorder.record(TimedPayload(message.at, message.payload))
        else:
            result = message
    return result


async def _write_or_kill(recorder: EventRecorder, active: ActiveRun) -> bool:
    """Write the run's events; a write that is fenced off ends the run. Return whether all was written."""
    try:
        await recorder.write()
    except FencedError:
        _log.warning("events_fenced_off")
        await active.kill()
        return False
    return True


async def _settled(task: "asyncio.Task[None] | asyncio.Task[bool]") -> None:
    """Cancel a task that still runs, and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
