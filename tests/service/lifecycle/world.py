"""An installation in one process: the API, and a worker's own parts moved on step by step."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from procrastinate import App
from procrastinate.jobs import Job, Status
from sqlalchemy import text

from programs.facts import Facts
from programs.planning.ownership import Tag
from service.core.clock import utc_now
from service.core.database import make_engine
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from service.engine.protocol import Engine, EngineName, Result
from service.environments.expiry import expire_due
from service.freezes.errors import EnvironmentFrozenError
from service.main import create_app
from service.operations.claims import find_cancel_requests
from service.operations.model import Leftover
from service.operations.runs import ClaimedOperation
from service.plans.rules import plan_rules
from service.plans.use_cases import expire_approvals
from service.queue.consumer import FROZEN_SECONDS, make_app
from service.queue.port import OPERATIONS_QUEUE
from service.settings import Settings
from service.worker.active_run import StopReason
from service.worker.execution import OperationExecutor, Target
from service.worker.facts import sandbox_facts
from service.worker.rescue import rescue_once
from tests.service.lifecycle.engine import End, ScriptedRunners, result_of, write_state

WORKER = "here:1"


@dataclass(slots=True)
class Fetched:
    """A job in a worker's hands, and the execution of its operation."""

    job: Job
    operation_id: OperationId
    execution: "asyncio.Task[None]"


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of the line's next operation: it runs, was refused at the start, or waits for a freeze."""

    operation_id: OperationId
    runs: bool
    is_frozen: bool = False


class World:
    """What callers and workers do, one step at a time."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        uow_factory: UnitOfWorkFactory,
        settings: Settings,
        queue: App,
        worker_id: int,
    ) -> None:
        self.client = client
        self._uow_factory = uow_factory
        self._settings = settings
        self._queue = queue
        self._worker_id = worker_id
        self._fetched: Fetched | None = None
        self.fault_of_facts: Exception | None = None
        self._start_worker()

    def _start_worker(self) -> None:
        async def facts(claimed: ClaimedOperation) -> Facts:
            if self.fault_of_facts is not None:
                raise self.fault_of_facts
            return sandbox_facts(claimed, self._settings)

        async def debug_providers() -> dict[str, int]:
            return {}

        async def find_leftovers(claimed: ClaimedOperation, tags: Sequence[Tag]) -> Sequence[Leftover]:
            del claimed, tags
            return []

        self._runners = ScriptedRunners()
        self._executor = OperationExecutor(
            self._settings,
            self._uow_factory,
            Engine(name=EngineName.SANDBOX, root="/none", version="1.0.0"),
            self._runners.as_warm(),
            Target(facts=facts, debug_providers=debug_providers, find_leftovers=find_leftovers),
            worker_name=WORKER,
            backend_url="http://berth.test",
        )

    async def begin(self) -> Begun | None:
        """Fetch the next job as a worker does, and begin its operation; None when nothing can run."""
        job = await self._queue.job_manager.fetch_job([OPERATIONS_QUEUE], self._worker_id)
        if job is None:
            return None
        operation_id = OperationId(str(job.task_kwargs["operation_id"]))
        runs = self._runners.expect()
        execution = asyncio.create_task(self._executor.execute(operation_id))
        await asyncio.wait({execution, runs}, return_when=asyncio.FIRST_COMPLETED)
        self._fetched = Fetched(job, operation_id, execution)
        if not execution.done():
            return Begun(operation_id, runs=True)
        try:
            await execution
        except EnvironmentFrozenError:
            again = utc_now() + timedelta(seconds=FROZEN_SECONDS)
            assert job.id is not None
            await self._queue.job_manager.retry_job_by_id_async(job_id=job.id, retry_at=again)
            self._fetched = None
            return Begun(operation_id, runs=False, is_frozen=True)
        await self._finish()
        return Begun(operation_id, runs=False)

    async def end(self, end: End) -> None:
        """End the run in the way that is wanted."""
        fetched = self._fetched
        assert fetched is not None
        runner = await self._runners.expected
        kind = runner.kind
        environment_id = EnvironmentId(str(fetched.job.task_kwargs["environment_id"]))
        await write_state(self._uow_factory, environment_id, fetched.operation_id, kind, end)
        runner.end(result_of(end, kind))
        await fetched.execution
        await self._finish()

    async def end_with(self, result: Result) -> None:
        """Let the runner's last word be this; the state stays as it was."""
        assert self._fetched is not None
        (await self._runners.expected).end(result)
        await self._fetched.execution
        await self._finish()

    async def notice_cancel_requests(self) -> bool:
        """Do what a worker does each second: stop what somebody has asked to cancel. Whether it did."""
        async with self._uow_factory() as uow:
            asked = await find_cancel_requests(uow, worker=WORKER)
        fetched = self._fetched
        if fetched is None or fetched.operation_id not in asked:
            return False
        self._executor.stop(fetched.operation_id, StopReason.CANCELLED)
        await fetched.execution
        await self._finish()
        return True

    async def lose_the_worker(self) -> None:
        """Let the worker die in the middle of its run, and another find that its lease ran out."""
        fetched = self._fetched
        assert fetched is not None
        fetched.execution.cancel()
        await asyncio.gather(fetched.execution, return_exceptions=True)
        self._fetched = None
        self._start_worker()
        await self.write(
            "UPDATE operations SET lease_until = now() - interval '1 second' WHERE id = :id",
            id=fetched.operation_id,
        )
        await rescue_once(
            self._uow_factory,
            automatic_recoveries=self._settings.automatic_recoveries,
            rules=plan_rules(self._settings),
        )

    async def give_up_approvals(self) -> None:
        """Let the time of every approval be over, and do that chore."""
        await self.write(
            "UPDATE operations SET approval_expires_at = now() - interval '1 second'"
            " WHERE state = 'awaiting_approval'"
        )
        async with self._uow_factory() as uow:
            await expire_approvals(uow)

    async def reach_the_end_of_life(self, environment_id: str) -> None:
        """Let the environment's time to live be over, and do that chore."""
        await self.write(
            "UPDATE environments SET expires_at = now() - interval '1 second'"
            " WHERE id = :id AND expires_at IS NOT NULL",
            id=environment_id,
        )
        async with self._uow_factory() as uow:
            await expire_due(uow, self._settings)

    async def jobs(self, environment_id: str) -> list[str]:
        """Return the operations of the environment that have a job."""
        async with self._uow_factory() as uow:
            found = await uow.session.scalars(
                text("SELECT args->>'operation_id' FROM procrastinate_jobs WHERE lock = :id"),
                {"id": environment_id},
            )
            return [str(one) for one in found]

    async def write(self, statement: str, **values: str) -> None:
        """Change a record, as time or chance would."""
        async with self._uow_factory() as uow:
            await uow.session.execute(text(statement), values)
            await uow.commit()

    async def forget(self) -> None:
        """Let go of what a failed example has left, so that the next one finds nothing of it."""
        if self._fetched is not None:
            self._fetched.execution.cancel()
            await asyncio.gather(self._fetched.execution, return_exceptions=True)
            self._fetched = None
        await self.write("DELETE FROM procrastinate_jobs")
        await self.write(
            "UPDATE operations SET state = 'cancelled', finished_at = now() WHERE finished_at IS NULL"
        )

    async def _finish(self) -> None:
        """Finish the job, as the queue does when its task has returned."""
        assert self._fetched is not None
        job, self._fetched = self._fetched.job, None
        await self._queue.job_manager.finish_job(job, Status.SUCCEEDED, delete_job=True)


@asynccontextmanager
async def open_world(settings: Settings) -> AsyncIterator[World]:
    """Start the application and connect to the queue."""
    assert settings.database_url is not None
    database_url = settings.database_url.get_secret_value()
    app = create_app(settings)
    database = make_engine(database_url, pool_size=5)

    async def never(operation_id: OperationId) -> None:
        raise AssertionError(operation_id)

    queue = make_app(database_url, never, retry_on=())
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://berth.test") as client,
        queue.open_async(),
    ):
        worker_id = await queue.job_manager.register_worker()
        yield World(client, unit_of_work_factory(database), settings, queue, worker_id)
    await database.dispose()
