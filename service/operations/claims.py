"""Who may run an operation: claims under a lease, renewals, and what becomes of leases that ran out.

Leases are measured by the database's clock. Nothing here commits.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.sql.expression import cast

from programs.facts import Activity
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import EnvironmentStatus
from service.operations.activity import STAYS_PAUSED, activity_of, has_a_word_to_say
from service.operations.model import Epoch, OperationKind
from service.operations.repository import options_from_json
from service.operations.runs import (
    ClaimedOperation,
    Run,
    Stood,
    TimedPayload,
    database_now,
    fenced,
    held,
    insert_events,
    lock_run,
    locked_environment_of,
    state_change,
)
from service.operations.states import OperationState
from service.operations.tables import OperationRow

STATUS_DURING: dict[OperationKind, EnvironmentStatus] = {
    OperationKind.DEPLOY: EnvironmentStatus.DEPLOYING,
    OperationKind.DESTROY: EnvironmentStatus.DESTROYING,
}


async def claim_operation(
    uow: UnitOfWork,
    *,
    operation_id: OperationId,
    worker: str,
    engine: str,
    engine_version: str,
    lease_seconds: int,
    is_repeated: bool = False,
) -> ClaimedOperation | None:
    """Take a queued operation under a new epoch and a lease; None when it does not wait any more.

    A repeated claim also takes what the same worker's unanswered one took, and says that it did.
    """
    environment = await locked_environment_of(uow, operation_id)
    if environment is None:
        return None
    was_claimed = is_repeated and await _is_run_by(uow, operation_id, worker)
    state = OperationState.RUNNING if was_claimed else OperationState.QUEUED
    claimed = await uow.session.execute(
        update(OperationRow)
        .where(OperationRow.id == operation_id, OperationRow.state == state)
        .values(
            state=OperationState.RUNNING,
            epoch=OperationRow.epoch + 1,
            lease_until=_lease_end(lease_seconds),
            started_at=func.coalesce(OperationRow.started_at, func.now()),
            worker=worker,
            engine=engine,
            engine_version=engine_version,
        )
        .returning(OperationRow.kind, OperationRow.epoch, OperationRow.request, OperationRow.options)
    )
    row = claimed.one_or_none()
    if row is None:
        return None
    run = Run(operation_id, EnvironmentId(environment.id), OperationKind(row.kind), Epoch(row.epoch))
    before = Stood(EnvironmentStatus(environment.status), environment.is_paused)
    environment.status = STATUS_DURING.get(run.kind, environment.status)
    environment.current_operation_id = operation_id
    environment.updated_at = await database_now(uow)
    options = options_from_json(row.options)
    activity = activity_of(options, is_paused=environment.is_paused)
    begun = [await state_change(uow, OperationState.RUNNING)]
    if has_a_word_to_say(run.kind, options, activity):
        begun.append(TimedPayload(begun[0].at, STAYS_PAUSED))
    await insert_events(uow, run, begun)
    if run.kind is OperationKind.DEPLOY and activity is Activity.PAUSED:
        environment.is_paused = True
    return ClaimedOperation(
        run=run,
        request=row.request,
        options=options,
        team=environment.team,
        environment_name=environment.name,
        account=environment.account,
        region=environment.region,
        expires_at=environment.expires_at,
        before=before,
        activity=activity,
        was_claimed=was_claimed,
    )


async def renew_lease(uow: UnitOfWork, run: Run, *, lease_seconds: int) -> None:
    """Hold the operation for another `lease_seconds` from now; raises FencedError when it is lost."""
    renewed = await uow.session.execute(
        update(OperationRow)
        .where(*held(run))
        .values(lease_until=_lease_end(lease_seconds))
        .returning(OperationRow.id)
    )
    if renewed.one_or_none() is None:
        raise fenced(run)


async def find_expired(uow: UnitOfWork, *, limit: int) -> list[Run]:
    """Return runs whose lease ran out: their workers are dead or have stopped themselves."""
    found = await uow.session.execute(
        select(OperationRow.id, OperationRow.environment_id, OperationRow.kind, OperationRow.epoch)
        .where(OperationRow.state == OperationState.RUNNING, OperationRow.lease_until < func.now())
        .order_by(OperationRow.lease_until)
        .limit(limit)
    )
    return [
        Run(OperationId(row.id), EnvironmentId(row.environment_id), OperationKind(row.kind), Epoch(row.epoch))
        for row in found
    ]


async def take_over_expired(uow: UnitOfWork, run: Run) -> None:
    """Lock an expired run for its rescue; raises FencedError when it was renewed or rescued meanwhile."""
    await locked_environment_of(uow, run.operation_id)
    await lock_run(uow, run, OperationRow.lease_until < func.now())


async def find_cancel_requests(uow: UnitOfWork, *, worker: str) -> list[OperationId]:
    """Return the worker's running operations that somebody asked to cancel."""
    found = await uow.session.scalars(
        select(OperationRow.id).where(
            OperationRow.state == OperationState.RUNNING,
            OperationRow.worker == worker,
            OperationRow.cancel_requested_at.is_not(None),
        )
    )
    return [OperationId(operation_id) for operation_id in found]


async def _is_run_by(uow: UnitOfWork, operation_id: OperationId, worker: str) -> bool:
    """Whether the worker holds the operation; it stays so while its environment is locked."""
    holder = select(OperationRow.worker).where(
        OperationRow.id == operation_id, OperationRow.state == OperationState.RUNNING
    )
    return await uow.session.scalar(holder) == worker


def _lease_end(lease_seconds: int) -> ColumnElement[datetime]:
    return func.now() + cast(timedelta(seconds=lease_seconds), INTERVAL)
