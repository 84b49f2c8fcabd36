"""The worker's end of the queue: Procrastinate fetches jobs, this calls what runs them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import LiteralString, TypeVar

import psycopg
import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from service.core.database import libpq_url
from service.core.ids import OperationId
from service.freezes.errors import EnvironmentFrozenError
from service.freezes.model import UNFROZEN_KINDS
from service.queue.port import OPERATIONS_QUEUE, RUN_OPERATION_TASK

FETCH_SECONDS = 0.5
RETRY_SECONDS = 1.0
# Freezes last for hours: what waits for one looks seldom, and is woken when the freeze is lifted.
FROZEN_SECONDS = 30
POOL_SIZE = 3

# Of one lock the highest priority goes first, whatever else is scheduled: what changes nothing passes what a
# freeze holds up. A preview that makes the plan of an operation stays: it plans from what is done before it.
_OVERTAKE = """
UPDATE procrastinate_jobs AS job SET priority = 1 FROM operations AS operation
WHERE job.lock = %(environment_id)s AND job.status = 'todo' AND job.priority < 1
AND operation.id = job.args->>'operation_id' AND operation.kind = ANY(%(kinds)s)
AND NOT EXISTS (
    SELECT FROM operations AS planned
    WHERE planned.plan_operation_id = operation.id AND planned.state = 'pending'
)
"""

_log = structlog.get_logger(__name__)
# Its informational messages repeat, for each job, what the worker says of the operation.
logging.getLogger("procrastinate").setLevel(logging.WARNING)

Answer = TypeVar("Answer")
RunOperation = Callable[[OperationId], Awaitable[None]]


class PatientConnector(PsycopgConnector):
    """Waits for a Postgres that restarts instead of ending the worker.

    What is repeated is safe to repeat: a job fetched twice is claimed once, and one that was fetched
    by an answer that got lost returns to the line by reconciliation.
    """

    async def execute_query_async(self, query: LiteralString, **arguments: object) -> None:
        """Execute a query, again after each lost connection."""
        await _patiently(lambda: super(PatientConnector, self).execute_query_async(query, **arguments))

    async def execute_query_one_async(self, query: LiteralString, **arguments: object) -> dict[str, object]:
        """Fetch one row, again after each lost connection."""
        return await _patiently(
            lambda: super(PatientConnector, self).execute_query_one_async(query, **arguments)
        )

    async def execute_query_all_async(
        self, query: LiteralString, **arguments: object
    ) -> list[dict[str, object]]:
        """Fetch all rows, again after each lost connection."""
        return await _patiently(
            lambda: super(PatientConnector, self).execute_query_all_async(query, **arguments)
        )

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen, again after each lost connection."""
        await _patiently(lambda: super(PatientConnector, self).listen_notify(on_notification, channels))


async def _patiently(attempt: Callable[[], Awaitable[Answer]]) -> Answer:
    while True:
        try:
            return await attempt()
        except ConnectorException as error:
            if not isinstance(error.__cause__, psycopg.OperationalError):
                raise
            _log.warning("queue_unreachable", error=type(error.__cause__).__name__)
        await asyncio.sleep(RETRY_SECONDS)


class _ReturnToLine(BaseRetryStrategy):
    """Puts a job whose operation could not start yet back into the line."""

    def __init__(self, retry_on: tuple[type[Exception], ...]) -> None:
        self._retry_on = retry_on

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """Say when it is tried again; not at all for what nobody expected."""
        if not isinstance(exception, self._retry_on):
            return None
        is_frozen = isinstance(exception, EnvironmentFrozenError)
        return RetryDecision(retry_in={"seconds": FROZEN_SECONDS if is_frozen else round(RETRY_SECONDS)})


def make_app(database_url: str, run_operation: RunOperation, *, retry_on: tuple[type[Exception], ...]) -> App:
    """Make the queue's application with its one task.

    Args:
        database_url: Where the queue's tables are.
        run_operation: Runs an operation to its end.
        retry_on: Errors after which an operation's job goes back into the line.
    """
    connector = PatientConnector(conninfo=libpq_url(database_url), min_size=1, max_size=POOL_SIZE)
    app = App(connector=connector)

    async def run(*, operation_id: str, environment_id: str) -> None:
        try:
            await run_operation(OperationId(operation_id))
        except EnvironmentFrozenError:
            unfrozen = [str(kind) for kind in UNFROZEN_KINDS]
            await connector.execute_query_async(_OVERTAKE, environment_id=environment_id, kinds=unfrozen)
            raise

    app.task(
        name=RUN_OPERATION_TASK,
        queue=OPERATIONS_QUEUE,
        retry=_ReturnToLine(retry_on),
    )(run)
    return app


async def consume(app: App, *, worker_name: str, concurrency: int) -> None:
    """Fetch and run jobs until cancelled; jobs that run then are waited for.

    Whatever ends the library's worker before that is logged, and another takes its place.
    """
    while True:
        try:
            async with app.open_async():
                await app.run_worker_async(
                    queues=[OPERATIONS_QUEUE],
                    name=worker_name,
                    concurrency=concurrency,
                    fetch_job_polling_interval=FETCH_SECONDS,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
        except (ConnectorException, OSError):
            _log.exception("queue_worker_ended")
        await asyncio.sleep(RETRY_SECONDS)
