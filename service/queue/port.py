"""The queue as the rest of the service sees it: two functions over the caller's own transaction."""

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job

from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork

OPERATIONS_QUEUE = "operations"
RUN_OPERATION_TASK = "run_operation"

# Ends a job of a run that no longer exists, so that the environment's next one can start. A worker that
# wakes up later finds no job to finish.
_RELEASE = """
DELETE FROM procrastinate_jobs
WHERE lock = %(environment_id)s AND args->>'operation_id' = %(operation_id)s AND status IN ('todo', 'doing')
"""

# The order in which jobs of one lock are fetched.
_LINE = """
SELECT args->>'operation_id' FROM procrastinate_jobs
WHERE lock = %(environment_id)s AND status IN ('todo', 'doing') ORDER BY status = 'todo', priority DESC, id
"""

_deferring_app = App(connector=PsycopgConnector())


async def enqueue_operation(
    uow: UnitOfWork, *, operation_id: OperationId, environment_id: EnvironmentId, is_first: bool = False
) -> None:
    """Put an operation in line, behind or before its environment's others; seen once `uow` commits."""
    job = Job(
        queue=OPERATIONS_QUEUE,
        lock=environment_id,
        priority=int(is_first),
        queueing_lock=operation_id,
        task_name=RUN_OPERATION_TASK,
        task_kwargs={"operation_id": operation_id, "environment_id": environment_id},
    )
    connection = await uow.driver_connection()
    await _deferring_app.job_manager.defer_job_async(job=job, connection=connection)


async def release_operation(
    uow: UnitOfWork, *, operation_id: OperationId, environment_id: EnvironmentId
) -> None:
    """Take an operation out of the queue, whether it waits or its dead worker still holds the line."""
    connection = await uow.driver_connection()
    await connection.execute(_RELEASE, {"operation_id": operation_id, "environment_id": environment_id})


async def list_line(uow: UnitOfWork, *, environment_id: EnvironmentId) -> list[OperationId]:
    """Return the environment's operations in the order in which they run, the running one first."""
    connection = await uow.driver_connection()
    cursor = await connection.execute(_LINE, {"environment_id": environment_id})
    return [OperationId(str(row[0])) for row in await cursor.fetchall()]
