"""`berth worker`: claims operations and runs each in a process of its own, until told to stop."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
    suppress,
)

import structlog
from prometheus_client import start_http_server
from sqlalchemy.exc import SQLAlchemyError

from programs.facts import Facts
from service.core.database import make_engine
from service.core.log import set_up_logging
from service.core.unit_of_work import UnitOfWorkFactory, unit_of_work_factory
from service.engine.choice import choose_engine
from service.engine.process import RUNNER_MODULE, WarmRunners
from service.engine.protocol import Engine
from service.freezes.errors import EnvironmentFrozenError
from service.operations.claims import find_cancel_requests
from service.operations.runs import ClaimedOperation
from service.plans.rules import plan_rules
from service.queue.consumer import consume, make_app
from service.retention.sweeping import sweep_forever
from service.settings import Cloud, Settings
from service.worker.active_run import StopReason
from service.worker.aws import aws_target
from service.worker.execution import OperationExecutor, Target
from service.worker.existing_network import checked_subnets, existing_network
from service.worker.facts import sandbox_facts
from service.worker.housekeeping import keep_house_forever
from service.worker.records import EnvironmentInUseError
from service.worker.rescue import rescue_forever
from service.worker.sandbox_cloud import SandboxCloud

CANCEL_POLL_SECONDS = 1.0

_log = structlog.get_logger(__name__)


def run_worker(settings: Settings) -> None:
    """Run a worker until SIGTERM or SIGINT; a second signal cancels what still runs.

    Raises:
        EngineMissingError: no Pulumi engine fits the settings.
        ValueError: no database is configured.
    """
    set_up_logging(as_json=not sys.stderr.isatty())
    asyncio.run(work(settings))


OpenTarget = Callable[[Settings], AbstractAsyncContextManager[Target]]


async def work(
    settings: Settings, *, runner_module: str = RUNNER_MODULE, open_target: OpenTarget | None = None
) -> None:
    """Claim and run operations until a signal comes, then end gracefully.

    Args:
        settings: Where the records, the backend and the cloud are.
        runner_module: What a runner process executes.
        open_target: Opens what runs make their resources in; the settings' cloud when None.
    """
    engine = await asyncio.to_thread(choose_engine, settings)
    name = f"{socket.gethostname()}:{os.getpid()}"
    _log.info("worker_starting", worker=name, engine=engine.name, engine_version=engine.version)
    async with AsyncExitStack() as stack:
        stack.enter_context(_metrics_page(settings))
        uow_factory = await stack.enter_async_context(_database(settings))
        target = await stack.enter_async_context((open_target or target_of)(settings))
        runners = await stack.enter_async_context(_warm_runners(settings, engine, runner_module))
        executor = OperationExecutor(
            settings,
            uow_factory,
            engine,
            runners,
            target,
            worker_name=name,
            backend_url=settings.backend_url or f"http://{settings.host}:{settings.port}",
        )
        await _work_until_signal(settings, uow_factory, executor, name)
    _log.info("worker_stopped", worker=name)


async def _work_until_signal(
    settings: Settings, uow_factory: UnitOfWorkFactory, executor: OperationExecutor, name: str
) -> None:
    """Work; a worker that can no longer rescue or cancel ends as by a signal, and raises why."""
    app = make_app(
        _database_url(settings),
        executor.execute,
        retry_on=(EnvironmentInUseError, EnvironmentFrozenError, SQLAlchemyError),
    )
    consuming = asyncio.create_task(consume(app, worker_name=name, concurrency=settings.worker_concurrency))
    beside = _start_beside(settings, uow_factory, executor, name)
    first, second = _signals()
    signalled = asyncio.create_task(first.wait())
    await asyncio.wait({consuming, signalled, *beside}, return_when=asyncio.FIRST_COMPLETED)
    signalled.cancel()
    broken = [task for task in beside if task.done()]
    consuming.cancel()
    stopping = asyncio.create_task(_stop_after_grace(settings, executor, second))
    with suppress(asyncio.CancelledError):
        await consuming
    for task in (*beside, stopping):
        task.cancel()
    await asyncio.gather(*beside, stopping, return_exceptions=True)
    for task in broken:
        task.result()


def _start_beside(
    settings: Settings, uow_factory: UnitOfWorkFactory, executor: OperationExecutor, name: str
) -> "list[asyncio.Task[None]]":
    """Start what a worker does all the time, however busy its slots are."""
    return [
        asyncio.create_task(
            rescue_forever(
                uow_factory,
                lease_seconds=settings.lease_seconds,
                automatic_recoveries=settings.automatic_recoveries,
                rules=plan_rules(settings),
            )
        ),
        asyncio.create_task(keep_house_forever(uow_factory, settings)),
        asyncio.create_task(sweep_forever(uow_factory, settings.retention)),
        asyncio.create_task(_cancel_on_request(uow_factory, executor, name)),
    ]


async def _stop_after_grace(settings: Settings, executor: OperationExecutor, second: asyncio.Event) -> None:
    _log.info("worker_stopping", grace_seconds=settings.shutdown_grace_seconds)
    with suppress(TimeoutError):
        async with asyncio.timeout(settings.shutdown_grace_seconds):
            await second.wait()
    executor.stop_all(StopReason.WORKER_STOPPING)


async def _cancel_on_request(uow_factory: UnitOfWorkFactory, executor: OperationExecutor, name: str) -> None:
    while True:
        try:
            async with uow_factory() as uow:
                for operation_id in await find_cancel_requests(uow, worker=name):
                    executor.stop(operation_id, StopReason.CANCELLED)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("cancel_requests_not_read", error=type(error).__name__)
        await asyncio.sleep(CANCEL_POLL_SECONDS)


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    first, second = asyncio.Event(), asyncio.Event()

    def heard() -> None:
        (second if first.is_set() else first).set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, heard)
    return first, second


@contextmanager
def _metrics_page(settings: Settings) -> Generator[None]:
    if settings.worker_metrics_port is None:
        yield
        return
    server, thread = start_http_server(settings.worker_metrics_port, addr=settings.host)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@asynccontextmanager
async def _database(settings: Settings) -> AsyncGenerator[UnitOfWorkFactory]:
    database = make_engine(_database_url(settings), pool_size=settings.database_pool_size)
    try:
        yield unit_of_work_factory(database)
    finally:
        await database.dispose()


@asynccontextmanager
async def _warm_runners(settings: Settings, engine: Engine, module: str) -> AsyncGenerator[WarmRunners]:
    runners = WarmRunners(
        engine.root, settings.data_dir / "runs", count=settings.worker_concurrency, module=module
    )
    await runners.open()
    try:
        yield runners
    finally:
        await runners.close()


def target_of(settings: Settings) -> AbstractAsyncContextManager[Target]:
    """Open the cloud that the settings name."""
    return nullcontext(aws_target(settings)) if settings.cloud is Cloud.AWS else sandbox_target(settings)


@asynccontextmanager
async def sandbox_target(settings: Settings) -> AsyncGenerator[Target]:
    """Run the simulated cloud beside this worker for as long as the worker runs."""
    cloud = SandboxCloud(settings.data_dir.resolve() / "cloud", latency=settings.sandbox_latency)
    await cloud.ports()

    async def facts(claimed: ClaimedOperation) -> Facts:
        network = existing_network(claimed)
        if network is None:
            return sandbox_facts(claimed, settings)
        return sandbox_facts(claimed, settings, checked_subnets(network, await cloud.subnets()))

    try:
        yield Target(facts=facts, debug_providers=cloud.ports, find_leftovers=cloud.find_leftovers)
    finally:
        await cloud.close()


def _database_url(settings: Settings) -> str:
    if settings.database_url is None:
        msg = "a worker needs BERTH_DATABASE_URL"
        raise ValueError(msg)
    return settings.database_url.get_secret_value()
