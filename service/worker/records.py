"""The transactions around a run: taking it, ending it, rescuing it."""

from dataclasses import dataclass, replace

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.backend.model import PROJECT
from service.backend.replacing import put_wanted_state
from service.backend.use_cases import (
    close_interrupted_update,
    ensure_stack,
    issue_stack_token,
    retire_stack,
    revoke_stack_tokens,
)
from service.comparisons.use_cases import after_preview
from service.core.errors import ConflictError, InvalidInputError, NotFoundError
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWork
from service.costs.recording import record_standing_cost
from service.drift.use_cases import record_drift
from service.engine.protocol import Engine
from service.freezes.use_cases import refuse_if_frozen
from service.operations.claims import (
    claim_operation,
    take_over_expired,
)
from service.operations.endings import finish_operation
from service.operations.model import OperationKind
from service.operations.runs import (
    ClaimedOperation,
    Conclusion,
    Run,
    lock_held,
)
from service.operations.states import OperationState
from service.plans.errors import PlanStaleError
from service.plans.hooks import after_run, plan_document_for
from service.plans.rules import PlanRules
from service.queue.port import release_operation
from service.references.errors import ReferenceNotReadyError
from service.references.use_cases import resolve_references
from service.state.repository import resource_count
from service.worker.conclusions import WORKER_LOST, refused, resources_remain
from service.worker.recovery import needs_recovery, recover

# The longest that a run can last: its token is revoked when it ends, and void once its epoch is over.
TOKEN_LIFETIME_SECONDS = 24 * 3600
# A journal is folded while its transaction waits, for a large state longer than one may idle elsewhere.
FOLDING_SECONDS = 120


class EnvironmentInUseError(ConflictError):
    """Another operation of the environment still runs; this one waits."""

    code = "environment_in_use"
    title = "Another operation of the environment runs"


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A claimed operation and what opens its stack."""

    claimed: ClaimedOperation
    stack_name: str
    token: str
    plan: str | None


async def prepare_run(
    uow: UnitOfWork,
    operation_id: OperationId,
    *,
    worker: str,
    engine: Engine,
    lease_seconds: int,
    rules: PlanRules,
    is_repeated: bool = False,
) -> PreparedRun | None:
    """Claim the operation, with its plan and a token, in one transaction.

    None when it no longer waits, or when what it was planned on has moved: then it has failed.

    Args:
        uow: The transaction, committed at the end.
        operation_id: Which operation.
        worker: Who claims it.
        engine: What will run it.
        lease_seconds: How long the claim holds without renewal.
        rules: What plans are held to.
        is_repeated: The same worker asked before and got no answer: the claim may stand already.

    Raises:
        EnvironmentInUseError: another operation of its environment is still running.
        EnvironmentFrozenError: a freeze holds it; nothing was claimed.
    """
    try:
        claimed = await claim_operation(
            uow,
            operation_id=operation_id,
            worker=worker,
            engine=engine.name,
            engine_version=engine.version,
            lease_seconds=lease_seconds,
            is_repeated=is_repeated,
        )
    except IntegrityError as error:
        raise EnvironmentInUseError("another operation of this environment still runs") from error
    if claimed is None:
        return None
    if not claimed.was_claimed:  # a freeze stops nothing that has begun
        run = claimed.run
        await refuse_if_frozen(uow, environment_id=run.environment_id, team=claimed.team, kind=run.kind)
    stack = await ensure_stack(
        uow,
        environment_id=claimed.run.environment_id,
        team=claimed.team,
        name=claimed.environment_name,
    )
    try:
        plan = await plan_document_for(uow, operation_id)
        await put_wanted_state(uow, stack, claimed)
        request = await resolve_references(claimed.request, claimed.team, uow)
    except (PlanStaleError, ReferenceNotReadyError, InvalidInputError, NotFoundError) as error:
        conclusion = refused(error, claimed.before)
        await conclude_run(uow, claimed.run, conclusion, automatic_recoveries=0, rules=rules)
        return None
    token = await issue_stack_token(
        uow,
        stack=stack,
        operation_id=operation_id,
        epoch=claimed.run.epoch,
        lifetime_seconds=TOKEN_LIFETIME_SECONDS,
    )
    await uow.commit()
    stack_name = f"{claimed.team}/{PROJECT}/{claimed.environment_name}"
    return PreparedRun(replace(claimed, request=request), stack_name, token, plan)


async def conclude_run(
    uow: UnitOfWork, run: Run, conclusion: Conclusion, *, automatic_recoveries: int, rules: PlanRules
) -> Conclusion:
    """End the operation, in one transaction with its update, tokens, environment and recovery.

    Returns:
        What was recorded: a destroy that left resources behind has failed, whatever the engine said.
    """
    await lock_held(uow, run)
    if _is_destroyed(run, conclusion):
        remaining = await resource_count(uow, run.environment_id)
        if remaining:
            conclusion = resources_remain(conclusion, remaining)
    if conclusion.state is not OperationState.SUCCEEDED:
        await _fold(uow, run)
    await revoke_stack_tokens(uow, operation_id=run.operation_id)
    await finish_operation(uow, run, conclusion)
    await after_run(uow, run, conclusion, rules, automatic_recoveries=automatic_recoveries)
    await record_drift(uow, run, conclusion)
    await record_standing_cost(run, uow)
    await after_preview(run, conclusion, uow)
    if _is_destroyed(run, conclusion):
        await retire_stack(uow, environment_id=run.environment_id)
    if needs_recovery(run, conclusion):
        await recover(uow, run, rules, limit=automatic_recoveries)
    await uow.commit()
    return conclusion


async def close_update(uow: UnitOfWork, run: Run) -> None:
    """End what an engine left open. Does not commit; raises FencedError when the run is lost."""
    await lock_held(uow, run)
    await _fold(uow, run)


async def _fold(uow: UnitOfWork, run: Run) -> None:
    await uow.session.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{FOLDING_SECONDS}s'"))
    await close_interrupted_update(uow, operation_id=run.operation_id)


async def rescue_run(uow: UnitOfWork, run: Run, *, automatic_recoveries: int, rules: PlanRules) -> None:
    """Declare an expired run interrupted and free its environment's line; raises FencedError if it lives."""
    await take_over_expired(uow, run)
    await release_operation(uow, operation_id=run.operation_id, environment_id=run.environment_id)
    await conclude_run(uow, run, WORKER_LOST, automatic_recoveries=automatic_recoveries, rules=rules)


def _is_destroyed(run: Run, conclusion: Conclusion) -> bool:
    return run.kind is OperationKind.DESTROY and conclusion.state is OperationState.SUCCEEDED
