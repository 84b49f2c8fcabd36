"""What is deleted, as SQL: each statement removes one batch of what is old and needed by nothing.

Ids are UUIDv7: those made before a moment sort below it, so that no sweep needs an index of its own. What
an unfinished operation needs is spared whatever its age, and of states what is shown or may be put back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, text

from service.core.unit_of_work import UnitOfWork
from service.idempotency.answers import LIFETIME as ANSWER_LIFETIME
from service.operations.states import OperationState
from service.retention.settings import RetentionSettings

BATCH = 1_000
# An engine's token ends with its operation; its record is kept for a day, to tell one that is over.
STACK_TOKEN_AGE = timedelta(days=1)

_ENDED = ", ".join(f"'{state}'" for state in OperationState if state.is_terminal)

_OPERATION_EVENTS = """
DELETE FROM operation_events WHERE id IN (
    SELECT event.id FROM operation_events AS event
    JOIN operations AS operation ON operation.id = event.operation_id
    WHERE event.operation_id < 'op_' || :made_before AND operation.finished_at < :before
    LIMIT :batch
)
"""

# With what was decided about them: who decided stands in the audit log.
_PLANS = f"""
WITH old AS (
    SELECT plan.id FROM plans AS plan
    WHERE plan.id < 'plan_' || :made_before AND NOT EXISTS (
        SELECT FROM operations AS operation
        WHERE operation.environment_id = plan.environment_id AND operation.state NOT IN ({_ENDED})
        AND (operation.plan_id = plan.id OR plan.operation_id IN (operation.id, operation.plan_operation_id))
    )
    LIMIT :batch
), decisions AS (
    DELETE FROM plan_decisions WHERE plan_id IN (SELECT id FROM old)
)
DELETE FROM plans WHERE id IN (SELECT id FROM old)
"""  # noqa: S608 -- names of our own states

# The present version, the last good one, those whose outputs are shown (a secret among them is revealed from
# there), those that a restore will put back, and those that a running update began with: they all stay.
_STATE_VERSIONS = f"""
DELETE FROM state_versions WHERE id IN (
    SELECT version.id FROM state_versions AS version JOIN stacks AS stack ON stack.id = version.stack_id
    WHERE version.number <= stack.version - :keep AND version.created_at < :before
    AND version.number < (
        SELECT max(number) FROM state_versions WHERE stack_id = stack.id
    )
    AND version.number IS DISTINCT FROM (
        SELECT max(number) FROM state_versions WHERE stack_id = stack.id AND is_good
    )
    AND NOT EXISTS (
        SELECT FROM outputs WHERE outputs.stack_id = stack.id AND outputs.state_version = version.number
    )
    AND NOT EXISTS (
        SELECT FROM operations AS operation
        WHERE operation.environment_id = stack.environment_id AND operation.state NOT IN ({_ENDED})
        AND (operation.options->>'state_version')::int = version.number
    )
    AND NOT EXISTS (
        SELECT FROM updates
        WHERE updates.id = stack.active_update_id AND updates.base_version = version.number
    )
    LIMIT :batch
)
"""  # noqa: S608 -- names of our own states

# Each environment's last one stays and carries the sequence on; a ping is of no environment.
_WEBHOOK_EVENTS = """
DELETE FROM webhook_events WHERE id IN (
    SELECT event.id FROM webhook_events AS event WHERE event.at < :before
    AND NOT EXISTS (
        SELECT FROM webhook_deliveries WHERE event_id = event.id AND state = 'pending'
    )
    AND (event.environment_id IS NULL OR event.sequence <> (
        SELECT max(sequence) FROM webhook_events WHERE environment_id = event.environment_id
    ))
    LIMIT :batch
)
"""

_IDEMPOTENCY_KEYS = """
DELETE FROM idempotency_keys WHERE (actor, key) IN (
    SELECT actor, key FROM idempotency_keys WHERE created_at < :before LIMIT :batch
)
"""

_TOKENS = """
DELETE FROM tokens WHERE id IN (
    SELECT id FROM tokens WHERE least(expires_at, revoked_at) < :before LIMIT :batch
)
"""

_STACK_TOKENS = """
DELETE FROM stack_tokens WHERE token_hash IN (
    SELECT token_hash FROM stack_tokens WHERE least(expires_at, revoked_at) < :before LIMIT :batch
)
"""

_ENGINE_EVENTS = """
DELETE FROM update_events WHERE (update_id, sequence) IN (
    SELECT event.update_id, event.sequence FROM update_events AS event
    JOIN updates ON updates.id = event.update_id
    WHERE updates.finished_at < :before
    LIMIT :batch
)
"""

_UPLOADS = f"""
DELETE FROM state_uploads WHERE id IN (
    SELECT upload.id FROM state_uploads AS upload
    WHERE upload.uploaded_at < :before AND NOT EXISTS (
        SELECT FROM operations AS operation
        WHERE operation.environment_id = upload.environment_id AND operation.state NOT IN ({_ENDED})
        AND operation.options->>'upload_id' = upload.id
    )
    LIMIT :batch
)
"""  # noqa: S608 -- names of our own states

_JOBS = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT job.id FROM procrastinate_jobs AS job
    WHERE job.status NOT IN ('todo', 'doing') AND NOT EXISTS (
        SELECT FROM procrastinate_events AS event WHERE event.job_id = job.id AND event.at >= :before
    )
    LIMIT :batch
)
"""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One kind of record that ages: what deletes a batch of it, and how old it may become."""

    name: str
    statement: str
    age: timedelta
    keep: int = 0


def sweeps(settings: RetentionSettings) -> tuple[Sweep, ...]:
    """Return everything that is swept. The audit log is not among it, and could not be."""
    return (
        Sweep("operation_events", _OPERATION_EVENTS, timedelta(days=settings.operation_event_days)),
        Sweep("plans", _PLANS, timedelta(days=settings.plan_days)),
        Sweep(
            "state_versions",
            _STATE_VERSIONS,
            timedelta(days=settings.state_version_days),
            keep=settings.state_versions,
        ),
        Sweep("webhook_events", _WEBHOOK_EVENTS, timedelta(days=settings.webhook_event_days)),
        Sweep("idempotency_keys", _IDEMPOTENCY_KEYS, ANSWER_LIFETIME),
        Sweep("tokens", _TOKENS, timedelta(days=settings.token_days)),
        Sweep("stack_tokens", _STACK_TOKENS, STACK_TOKEN_AGE),
        Sweep("engine_events", _ENGINE_EVENTS, timedelta(days=settings.engine_event_days)),
        Sweep("uploads", _UPLOADS, timedelta(days=settings.upload_days)),
        Sweep("jobs", _JOBS, timedelta(days=settings.job_days)),
    )


async def delete_batch(sweep: Sweep, now: datetime, uow: UnitOfWork, *, batch: int = BATCH) -> int:
    """Delete one batch and return how many rows that were. Does not commit."""
    before = now - sweep.age
    known: Mapping[str, object] = {
        "before": before,
        "made_before": f"{int(before.timestamp() * 1000):012x}",
        "keep": sweep.keep,
        "batch": batch,
    }
    statement = text(sweep.statement)
    wanted = {name: value for name, value in known.items() if f":{name}" in sweep.statement}
    deleted = cast("CursorResult[object]", await uow.session.execute(statement, wanted))
    return deleted.rowcount
