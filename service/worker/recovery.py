"""What follows by itself when a run was cut off through no fault of its own.

Its journal has been folded into a state version by then. Steps that had begun without an end are
shown there as pending operations; a repair clears them by reading what stands in the cloud, before anything
else of the environment runs. Then the same kind of operation is put in line again, unless somebody has asked
to cancel it or for something newer. After a few in a row a person has to decide.
"""

import structlog

from programs.catalogue import BLUEPRINTS
from service.backend.hand_runs import WORKER as HAND_WORKER
from service.core.errors import BerthError
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.environments.repository import get_environment
from service.operations.line import record_operation
from service.operations.model import RECOVERY_ACTOR, Operation, OperationKind
from service.operations.recovering import may_run_again
from service.operations.repository import get_operation, list_unfinished
from service.operations.runs import Conclusion, Run
from service.operations.use_cases import StartOperation, new_operation, start_operation
from service.plans.rules import PlanRules
from service.state.repository import newest_version, stack_of_environment
from service.worker import metrics

RECOVERED_KINDS = frozenset({OperationKind.DEPLOY, OperationKind.DESTROY})
# A person at the command line starts over, or not: see backend/hand_runs.py.
UNRECOVERED_WORKERS = frozenset({HAND_WORKER})

_log = structlog.get_logger(__name__)


def needs_recovery(run: Run, conclusion: Conclusion) -> bool:
    """Whether the run changes resources and was cut off by a process that ended, not by a person."""
    return run.kind in RECOVERED_KINDS and conclusion.was_cut_off


async def recover(uow: UnitOfWork, run: Run, rules: PlanRules, *, limit: int) -> None:
    """Put what is needed in line; the same operation at most `limit` times in a row, nothing where that is 0.

    The caller has ended the run in the same transaction, and commits.
    """
    operation = await get_operation(uow.session, run.operation_id)
    if operation.worker in UNRECOVERED_WORKERS or limit == 0:
        return
    environment = await get_environment(uow.session, run.environment_id, lock=True)
    unfinished = await list_unfinished(uow.session, run.environment_id)
    if await _has_pending(uow, run):
        await _repair(environment, operation, uow)
    if any(one.kind in RECOVERED_KINDS for one in unfinished):
        return
    if not await may_run_again(uow.session, operation, limit=limit):
        _log.warning("recovery_left_to_a_person", operation_id=operation.id, limit=limit)
        return
    command = StartOperation(
        operation.kind,
        RECOVERY_ACTOR,
        len(unfinished) + 2,  # never refused for want of room: the repair and this one
        rules=rules if _must_be_looked_at(operation, environment) else None,
        options=operation.options,
        retry_of=operation.id,
        request=operation.request,  # what was allowed to run, whatever was asked since
    )
    try:
        await start_operation(environment, command, uow)
    except BerthError as refused:
        _log.warning("recovery_refused", operation_id=operation.id, reason=refused.code)
        return
    metrics.operations_recovered.inc()
    _log.info("operation_recovers", operation_id=operation.id, kind=operation.kind)


def _must_be_looked_at(operation: Operation, environment: Environment) -> bool:
    """Whether it is planned, checked and approved anew: it was so before, or another program would run."""
    is_held = operation.plan_id is not None or operation.approval_rule is not None
    return is_held or operation.blueprint_version != BLUEPRINTS[environment.orchestrator].version


async def _repair(environment: Environment, cut_off: Operation, uow: UnitOfWork) -> None:
    """Put a repair before all that waits. It changes no resource, so that no rule refuses it."""
    command = StartOperation(
        OperationKind.REPAIR, RECOVERY_ACTOR, max_waiting=1, retry_of=cut_off.id, request=cut_off.request
    )
    await record_operation(new_operation(environment, command), uow)


async def _has_pending(uow: UnitOfWork, run: Run) -> bool:
    stack_id = await stack_of_environment(uow, run.environment_id)
    version = None if stack_id is None else await newest_version(uow, stack_id)
    return version is not None and version.pending_operation_count > 0
