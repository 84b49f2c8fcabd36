"""Jobs of the queue `webhooks`: one for each attempt, written in the caller's own transaction."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from service.webhooks.model import DeliveryId

WEBHOOKS_QUEUE = "webhooks"
DELIVER_TASK = "deliver_webhook"
SETTLING_SECONDS = 60
"""How long a delivery may be due without a job that makes it, before it gets another."""

_INSERT = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
SELECT CAST(:queue AS text), CAST(:task AS text), wanted.id, jsonb_build_object('delivery_id', wanted.id),
    now() + CAST(:delay AS interval)
FROM (SELECT CAST(:delivery_id AS text) AS id) AS wanted
ON CONFLICT DO NOTHING
"""

# A worker that died holds its jobs for nothing; its attempts are over when their time is.
_DROP_DEAD = """
DELETE FROM procrastinate_jobs AS job USING webhook_deliveries AS delivery
WHERE job.queue_name = :queue AND job.status = 'doing' AND delivery.id = job.args->>'delivery_id'
AND coalesce(delivery.attempt_until, delivery.next_attempt_at, delivery.created_at)
    < now() - :settling * interval '1 second'
"""

# What waits for an endpoint's attempts that are under way has no job either: their end brings it one.
_REQUEUE_FORGOTTEN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
SELECT CAST(:queue AS text), CAST(:task AS text), delivery.id, jsonb_build_object('delivery_id', delivery.id)
FROM webhook_deliveries AS delivery
WHERE delivery.state = 'pending'
AND greatest(delivery.next_attempt_at, delivery.attempt_until) < now() - :settling * interval '1 second'
AND NOT EXISTS (
    SELECT FROM procrastinate_jobs AS job
    WHERE job.queue_name = CAST(:queue AS text) AND job.args->>'delivery_id' = delivery.id
    AND job.status IN ('todo', 'doing')
)
AND NOT EXISTS (
    SELECT FROM webhook_deliveries AS running
    WHERE running.endpoint_id = delivery.endpoint_id AND running.state = 'pending'
    AND running.attempt_until >= now()
)
ON CONFLICT DO NOTHING
"""


async def insert_job(
    session: AsyncSession, delivery_id: DeliveryId, *, delay: timedelta = timedelta(0)
) -> None:
    """Put an attempt in line, not before `delay` is over. Does not commit."""
    await session.execute(
        text(_INSERT),
        {"queue": WEBHOOKS_QUEUE, "task": DELIVER_TASK, "delivery_id": delivery_id, "delay": delay},
    )


async def requeue_forgotten(session: AsyncSession, *, settling_seconds: float = SETTLING_SECONDS) -> None:
    """Put deliveries whose worker died in line again. Does not commit."""
    settling = {"queue": WEBHOOKS_QUEUE, "settling": settling_seconds}
    await session.execute(text(_DROP_DEAD), settling)
    await session.execute(text(_REQUEUE_FORGOTTEN), {**settling, "task": DELIVER_TASK})
