"""One operation from its claim to its recorded end."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from programs.facts import Facts
from service.backend.model import PROJECT
from service.core.clock import since_boot
from service.core.errors import FencedError
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.engine.process import WarmRunners
from service.engine.protocol import AssumedRole, Engine, RunnerJob, StackAddress
from service.operations.runs import ClaimedOperation, Conclusion
from service.plans.rules import plan_rules
from service.settings import DEFAULT_TIMEOUT_MINUTES, Settings
from service.worker import metrics
from service.worker.active_run import ActiveRun, StopReason
from service.worker.attempts import Attempts
from service.worker.ending import end_run
from service.worker.lease import LeaseKeeper
from service.worker.leftovers import FindByTag, look_for_leftovers
from service.worker.recording import EventRecorder
from service.worker.records import PreparedRun, close_update, prepare_run

_log = structlog.get_logger(__name__)


def _no_role(claimed: ClaimedOperation) -> AssumedRole | None:
    del claimed
    return None


@dataclass(frozen=True, slots=True)
class Target:
    """Where runs make their resources.

    Facts for programs, how engines reach the providers and in which role, and what stands.
    """

    facts: Callable[[ClaimedOperation], Awaitable[Facts]]
    debug_providers: Callable[[], Awaitable[dict[str, int]]]
    find_leftovers: FindByTag
    passed_environment: dict[str, str] = field(default_factory=dict[str, str])
    role_of: Callable[[ClaimedOperation], AssumedRole | None] = _no_role


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
        self._rules = plan_rules(settings)
        self._uow_factory = uow_factory
        self._engine = engine
        self._runners = runners
        self._target = target
        self._worker_name = worker_name
        self._backend_url = backend_url
        self._active: dict[OperationId, ActiveRun] = {}
        self._unanswered_claims: set[OperationId] = set()
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
            EnvironmentInUseError: another operation of its environment still runs: try again later.
            SQLAlchemyError: Postgres did not answer the claim: try again later.
        """
        lease_deadline = since_boot() + self._settings.lease_seconds
        prepared = await self._claim(operation_id)
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

    async def _claim(self, operation_id: OperationId) -> PreparedRun | None:
        try:
            async with self._uow_factory() as uow:
                prepared = await prepare_run(
                    uow,
                    operation_id,
                    worker=self._worker_name,
                    engine=self._engine,
                    lease_seconds=self._settings.lease_seconds,
                    rules=self._rules,
                    is_repeated=operation_id in self._unanswered_claims,
                )
        except SQLAlchemyError:
            self._unanswered_claims.add(operation_id)
            raise
        self._unanswered_claims.discard(operation_id)
        return prepared

    async def _run(self, prepared: PreparedRun, lease_deadline: float) -> None:
        run = prepared.claimed.run
        active = ActiveRun(grace_seconds=self._settings.cancel_grace_seconds)
        self._active[run.operation_id] = active
        if self._stopping_all is not None:
            active.stop(self._stopping_all)
        minutes = self._settings.operation_timeout_minutes
        active.start_timer(minutes.get(run.kind, DEFAULT_TIMEOUT_MINUTES[run.kind]) * 60)
        try:
            conclusion = await self._follow(prepared, active, lease_deadline)
        finally:
            active.forget()
            del self._active[run.operation_id]
        if conclusion is None:
            metrics.leases_lost.inc()
            return
        await end_run(
            self._uow_factory,
            run,
            conclusion,
            automatic_recoveries=self._settings.automatic_recoveries,
            rules=self._rules,
        )

    async def _follow(
        self, prepared: PreparedRun, active: ActiveRun, lease_deadline: float
    ) -> Conclusion | None:
        """Run while the lease is kept and events are written; return None when the run was lost."""
        run = prepared.claimed.run
        keeper = LeaseKeeper(
            self._uow_factory,
            run,
            lease_seconds=self._settings.lease_seconds,
            deadline=lease_deadline,
            tell=active.renew,
            end=active.kill,
        )
        recorder = EventRecorder(self._uow_factory, run)
        keeping = asyncio.create_task(keeper.keep())
        writing = asyncio.create_task(_write_or_kill(recorder, active))
        try:
            conclusion = await self._attempt(prepared, active, keeper, recorder)
            recorder.end()
            await asyncio.wait({writing, keeping}, return_when=asyncio.FIRST_COMPLETED)
            return None if keeper.is_lost or not await writing else conclusion
        finally:
            await _settled(keeping)
            await _settled(writing)

    async def _attempt(
        self, prepared: PreparedRun, active: ActiveRun, keeper: LeaseKeeper, recorder: EventRecorder
    ) -> Conclusion:
        async def clean_up() -> None:
            async with self._uow_factory() as uow:
                await close_update(uow, prepared.claimed.run)
                await uow.commit()

        async def make_job() -> RunnerJob:
            return await self._job(prepared, keeper.deadline)

        claimed = prepared.claimed
        attempts = Attempts(
            self._runners,
            active,
            recorder,
            clean_up,
            retries=self._settings.transient_retries,
            before=claimed.before,
        )
        conclusion = await attempts.run(make_job)
        if conclusion.untouched is not None:
            return conclusion
        return await look_for_leftovers(claimed, conclusion, self._target.find_leftovers, recorder.record)

    async def _job(self, prepared: PreparedRun, lease_deadline: float) -> RunnerJob:
        claimed = prepared.claimed
        return RunnerJob(
            operation_id=claimed.run.operation_id,
            kind=claimed.run.kind,
            request=claimed.request,
            options=claimed.options,
            facts=await self._target.facts(claimed),
            stack=StackAddress(
                name=prepared.stack_name,
                project=PROJECT,
                backend_url=self._backend_url,
                token=prepared.token,
            ),
            engine=self._engine,
            parallelism=self._settings.engine_parallelism,
            plan=prepared.plan,
            debug_providers=await self._target.debug_providers(),
            passed_environment=self._target.passed_environment,
            role=self._target.role_of(claimed),
            lease_deadline=lease_deadline,
        )


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
