"""Makes the queue agree with the operations again after a worker died between the two."""

from sqlalchemy import text

from service.core.unit_of_work import UnitOfWork
from service.operations.states import OperationState
from service.queue.port import OPERATIONS_QUEUE, RUN_OPERATION_TASK

# How long a job and its operation may disagree: between fetching a job and claiming its operation, or
# between recording an operation's end and finishing its job, a worker needs milliseconds.
SETTLING_SECONDS = 20

_TERMINAL = ", ".join(f"'{state}'" for state in OperationState if state.is_terminal)

# A job that is being done for an operation that has ended holds its environment's line for nothing.
_DROP_JOBS_OF_ENDED = f"""
DELETE FROM procrastinate_jobs AS job USING operations AS operation
WHERE operation.id = job.args->>'operation_id' AND job.status = 'doing' AND job.queue_name = :queue
AND operation.state IN ({_TERMINAL})
AND coalesce(operation.finished_at, operation.created_at) < now() - :settling * interval '1 second'
"""  # noqa: S608 -- names of our own states

# A job that was fetched by a worker that died before it claimed the operation: back into the line.
_RETURN_UNCLAIMED = """
SELECT procrastinate_retry_job_v2(job.id, now(), NULL, NULL, NULL)
FROM procrastinate_jobs AS job JOIN operations AS operation ON operation.id = job.args->>'operation_id'
WHERE job.status = 'doing' AND job.queue_name = :queue AND operation.state = 'queued'
AND NOT EXISTS (
    SELECT FROM procrastinate_events AS event WHERE event.job_id = job.id AND event.type = 'started'
    AND event.at > now() - :settling * interval '1 second'
)
"""

# A queued operation without a job: its job failed before the operation was claimed.
_ENQUEUE_FORGOTTEN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
SELECT :queue, :task, operation.environment_id, operation.id,
    jsonb_build_object('operation_id', operation.id, 'environment_id', operation.environment_id)
FROM operations AS operation
WHERE operation.state = 'queued' AND operation.created_at < now() - :settling * interval '1 second'
AND NOT EXISTS (
    SELECT FROM procrastinate_jobs AS job
    WHERE job.args->>'operation_id' = operation.id AND job.status IN ('todo', 'doing')
)
ORDER BY operation.id
ON CONFLICT DO NOTHING
"""


async def reconcile_jobs(uow: UnitOfWork, *, settling_seconds: float = SETTLING_SECONDS) -> None:
    """Drop, return or remake the jobs that no longer fit their operations. Does not commit."""
    settling = {"queue": OPERATIONS_QUEUE, "settling": settling_seconds}
    await uow.session.execute(text(_DROP_JOBS_OF_ENDED), settling)
    await uow.session.execute(text(_RETURN_UNCLAIMED), settling)
    await uow.session.execute(text(_ENQUEUE_FORGOTTEN), {**settling, "task": RUN_OPERATION_TASK})
