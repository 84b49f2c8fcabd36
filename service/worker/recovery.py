"""What follows by itself when a run was cut off through no fault of its own.

Its journal has been folded into a state version by then. Steps that had begun without an end are
shown there as pending operations; a repair clears them by reading what stands in the cloud. Then the
same kind of operation is put in line again, unless somebody has asked to cancel it. After a few in a row a
person has to decide.
"""

import structlog
from sqlalchemy import select

from service.backend.hand_runs import WORKER as HAND_WORKER
from service.core.errors import BerthError
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWork
from service.environments.repository import get_environment
from service.operations.model import NO_OPTIONS, OperationKind
from service.operations.repository import get_operation, list_unfinished
from service.operations.runs import (
    Conclusion,
    Run,
)
from service.operations.tables import OperationRow
from service.operations.use_cases import StartOperation, start_operation
from service.state.repository import newest_version, stack_of_environment
from service.worker import metrics

RECOVERY_ACTOR = "berth-recovery"
RECOVERED_KINDS = frozenset({OperationKind.DEPLOY, OperationKind.DESTROY})
RECOVERED_CODES = frozenset({"worker_lost", "worker_stopped", "runner_died"})
# A person at the command line starts over, or not: see backend/hand_runs.py.
UNRECOVERED_WORKERS = frozenset({HAND_WORKER})
# A repair and its deploy are two: there is room for them wherever one more operation may wait.
MAX_WAITING = 2

_log = structlog.get_logger(__name__)


def needs_recovery(run: Run, conclusion: Conclusion) -> bool:
    """Whether the run changes resources and was cut off by a process that ended, not by a person."""
    failure = conclusion.failure
    return run.kind in RECOVERED_KINDS and failure is not None and failure.code in RECOVERED_CODES


async def recover(uow: UnitOfWork, run: Run, *, limit: int) -> None:
    """Put what is needed in line, unless something newer waits there or `limit` was reached.

    The caller has ended the run in the same transaction, and commits.
    """
    if await _worker_of(uow, run.operation_id) in UNRECOVERED_WORKERS:
        return
    if await _recoveries_before(uow, run.operation_id) >= limit:
        _log.warning("recovery_left_to_a_person", operation_id=run.operation_id, limit=limit)
        return
    environment = await get_environment(uow.session, run.environment_id, lock=True)
    if await list_unfinished(uow.session, run.environment_id):
        return
    operation = await get_operation(uow.session, run.operation_id)
    kinds = [OperationKind.REPAIR] if await _has_pending(uow, run) else []
    if operation.cancel_requested_at is None:
        kinds.append(run.kind)
    for kind in kinds:
        options = operation.options if kind is run.kind else NO_OPTIONS
        command = StartOperation(
            kind,
            RECOVERY_ACTOR,
            MAX_WAITING,
            options=options,
            retry_of=run.operation_id,
            request=operation.request,  # what was allowed to run, whatever was asked since
        )
        try:
            await start_operation(environment, command, uow)
        except BerthError as refused:
            _log.warning("recovery_refused", operation_id=run.operation_id, reason=refused.code)
            return
    metrics.operations_recovered.inc()
    _log.info("operation_recovers", operation_id=run.operation_id, kinds=kinds)


async def _recoveries_before(uow: UnitOfWork, operation_id: OperationId) -> int:
    """Count how many automatic recoveries in a row led to this operation."""
    count = 0
    seen: str | None = operation_id
    while seen is not None:
        found = await uow.session.execute(
            select(OperationRow.created_by, OperationRow.retry_of).where(OperationRow.id == seen)
        )
        created_by, retry_of = found.one()
        if created_by != RECOVERY_ACTOR:
            return count
        count += 1
        seen = retry_of
    return count


async def _worker_of(uow: UnitOfWork, operation_id: OperationId) -> str | None:
    return await uow.session.scalar(select(OperationRow.worker).where(OperationRow.id == operation_id))


async def _has_pending(uow: UnitOfWork, run: Run) -> bool:
    stack_id = await stack_of_environment(uow, run.environment_id)
    version = None if stack_id is None else await newest_version(uow, stack_id)
    return version is not None and version.pending_operation_count > 0
