"""A run of an operation in SQL: claim, lease, events, end. Every write is guarded by the run's epoch.

Leases are measured by the database's clock. A write that finds another epoch or state raises
FencedError: its writer must stop. Nothing here commits. Rows are locked environment first, operation second.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.sql.expression import cast

from programs.facts import Activity
from service.core.errors import FencedError
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.events.model import EventPayload, StateChanged
from service.events.tables import OperationEventRow
from service.operations.activity import STAYS_PAUSED, activity_of, has_a_word_to_say
from service.operations.model import (
    ChangeSummary,
    Epoch,
    Leftover,
    OperationFailure,
    OperationKind,
    OperationOptions,
)
from service.operations.repository import options_from_json
from service.operations.states import OperationState, check_transition
from service.operations.tables import OperationRow
from service.plans.resources import PlannedResource
from service.webhooks.outbox import publish_transitions

EVENTS_CHANNEL = "operation_events"

STATUS_DURING: dict[OperationKind, EnvironmentStatus] = {
    OperationKind.DEPLOY: EnvironmentStatus.DEPLOYING,
    OperationKind.DESTROY: EnvironmentStatus.DESTROYING,
}
# What stands afterwards; kinds and ends that are absent leave the environment as it was.
STATUS_AFTER: dict[tuple[OperationKind, OperationState], EnvironmentStatus] = {
    (OperationKind.DEPLOY, OperationState.SUCCEEDED): EnvironmentStatus.READY,
    (OperationKind.DEPLOY, OperationState.FAILED): EnvironmentStatus.FAILED,
    (OperationKind.DEPLOY, OperationState.CANCELLED): EnvironmentStatus.FAILED,
    (OperationKind.DEPLOY, OperationState.INTERRUPTED): EnvironmentStatus.INTERRUPTED,
    (OperationKind.DESTROY, OperationState.SUCCEEDED): EnvironmentStatus.DESTROYED,
    (OperationKind.DESTROY, OperationState.FAILED): EnvironmentStatus.DESTROY_FAILED,
    (OperationKind.DESTROY, OperationState.CANCELLED): EnvironmentStatus.DESTROY_FAILED,
    (OperationKind.DESTROY, OperationState.INTERRUPTED): EnvironmentStatus.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class Run:
    """The right to write about an operation: it holds as long as the epoch does."""

    operation_id: OperationId
    environment_id: EnvironmentId
    kind: OperationKind
    epoch: Epoch


@dataclass(frozen=True, slots=True)
class ClaimedOperation:
    """What a worker needs to run an operation that it has just claimed."""

    run: Run
    request: dict[str, object]
    options: OperationOptions
    team: str
    environment_name: str
    account: str
    region: str
    expires_at: datetime | None
    activity: Activity = Activity.RUNNING


@dataclass(frozen=True, slots=True)
class TimedPayload:
    """Something that happened, and when."""

    at: datetime
    payload: EventPayload


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How an operation ended; a preview's plan and what would stand; what a scan found after a destroy."""

    state: OperationState
    changes: ChangeSummary | None = None
    failure: OperationFailure | None = None
    plan: str | None = None
    leftovers: tuple[Leftover, ...] | None = None
    planned: tuple[PlannedResource, ...] = ()


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

    A repeated claim also takes what the same worker's unanswered one took.
    """
    environment = await _locked_environment_of(uow, operation_id)
    if environment is None:
        return None
    claimed = await uow.session.execute(
        update(OperationRow)
        .where(OperationRow.id == operation_id, _claimable(worker, is_repeated=is_repeated))
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
    environment.status = STATUS_DURING.get(run.kind, environment.status)
    environment.current_operation_id = operation_id
    environment.updated_at = await _database_now(uow)
    options = options_from_json(row.options)
    activity = activity_of(options, is_paused=environment.is_paused)
    begun = [await _state_change(uow, OperationState.RUNNING)]
    if has_a_word_to_say(run.kind, options, activity):
        begun.append(TimedPayload(begun[0].at, STAYS_PAUSED))
    await _insert_events(uow, run, begun)
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
        activity=activity,
    )


async def renew_lease(uow: UnitOfWork, run: Run, *, lease_seconds: int) -> None:
    """Hold the operation for another `lease_seconds` from now; raises FencedError when it is lost."""
    renewed = await uow.session.execute(
        update(OperationRow)
        .where(*_held(run))
        .values(lease_until=_lease_end(lease_seconds))
        .returning(OperationRow.id)
    )
    if renewed.one_or_none() is None:
        raise _fenced(run)


async def append_events(uow: UnitOfWork, run: Run, events: Sequence[TimedPayload]) -> int:
    """Record events in their order and wake readers once; return the last one's sequence.

    Raises FencedError when the run is lost.
    """
    await _lock_run(uow, run)
    return await _insert_events(uow, run, events)


async def find_event(uow: UnitOfWork, run: Run, event: TimedPayload, *, after_sequence: int) -> int | None:
    """Return the sequence of an event that was recorded already, or None: for a commit without an answer."""
    return await uow.session.scalar(
        select(func.max(OperationEventRow.sequence)).where(
            OperationEventRow.operation_id == run.operation_id,
            OperationEventRow.sequence > after_sequence,
            OperationEventRow.at == event.at,
            OperationEventRow.payload == event.payload.model_dump(mode="json"),
        )
    )


async def finish_operation(uow: UnitOfWork, run: Run, conclusion: Conclusion) -> None:
    """End the operation and say what stands of its environment; raises FencedError when the run is lost."""
    environment = await _locked_environment_of(uow, run.operation_id)
    await _lock_run(uow, run)
    check_transition(OperationState.RUNNING, conclusion.state)
    message = conclusion.failure.message if conclusion.failure else None
    found = conclusion.leftovers
    await _insert_events(uow, run, [await _state_change(uow, conclusion.state, message)])
    await uow.session.execute(
        update(OperationRow)
        .where(OperationRow.id == run.operation_id)
        .values(
            state=conclusion.state,
            finished_at=func.now(),
            lease_until=None,
            changes=asdict(conclusion.changes) if conclusion.changes else None,
            failure=asdict(conclusion.failure) if conclusion.failure else None,
            leftovers=None if found is None else [asdict(one) for one in found],
        )
    )
    if environment is not None:
        await _settle(uow, environment, run, conclusion.state)


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
    await _locked_environment_of(uow, run.operation_id)
    await _lock_run(uow, run, OperationRow.lease_until < func.now())


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


async def _settle(uow: UnitOfWork, environment: EnvironmentRow, run: Run, state: OperationState) -> None:
    now = await _database_now(uow)
    environment.status = STATUS_AFTER.get((run.kind, state), environment.status)
    if state is OperationState.SUCCEEDED and run.kind is OperationKind.DEPLOY:
        environment.is_paused = environment.is_paused and not await _has_resumed(uow, run)
    environment.current_operation_id = None
    environment.last_operation_id = run.operation_id
    environment.updated_at = now
    if environment.status == EnvironmentStatus.DESTROYED:
        environment.destroyed_at = now
    await uow.session.flush()


async def _has_resumed(uow: UnitOfWork, run: Run) -> bool:
    """Whether the run was to bring its environment back; a pause ends only once that is done."""
    options = await uow.session.scalar(
        select(OperationRow.options).where(OperationRow.id == run.operation_id)
    )
    return options is not None and options_from_json(options).pause is False


async def _locked_environment_of(uow: UnitOfWork, operation_id: OperationId) -> EnvironmentRow | None:
    owner = select(OperationRow.environment_id).where(OperationRow.id == operation_id).scalar_subquery()
    return await uow.session.scalar(
        select(EnvironmentRow).where(EnvironmentRow.id == owner).with_for_update(key_share=True)
    )


async def _lock_run(uow: UnitOfWork, run: Run, *conditions: ColumnElement[bool]) -> None:
    held = select(OperationRow.id).where(*_held(run), *conditions).with_for_update(key_share=True)
    if (await uow.session.execute(held)).one_or_none() is None:
        raise _fenced(run)


async def _insert_events(uow: UnitOfWork, run: Run, events: Sequence[TimedPayload]) -> int:
    highest = select(func.coalesce(func.max(OperationEventRow.sequence), 0)).where(
        OperationEventRow.operation_id == run.operation_id
    )
    last = (await uow.session.execute(highest)).scalar_one()
    rows = [
        {
            "operation_id": run.operation_id,
            "sequence": last + place,
            "at": event.at,
            "type": event.payload.type,
            "payload": event.payload.model_dump(mode="json"),
        }
        for place, event in enumerate(events, start=1)
    ]
    if rows:
        await uow.session.execute(insert(OperationEventRow), rows)
        await uow.session.execute(select(func.pg_notify(EVENTS_CHANNEL, run.operation_id)))
        await publish_transitions(uow.session, run.operation_id, [event.payload for event in events])
    return last + len(rows)


async def _state_change(uow: UnitOfWork, state: OperationState, message: str | None = None) -> TimedPayload:
    return TimedPayload(await _database_now(uow), StateChanged(state=state, message=message))


async def _database_now(uow: UnitOfWork) -> datetime:
    return (await uow.session.execute(select(func.now()))).scalar_one()


def _held(run: Run) -> tuple[ColumnElement[bool], ...]:
    return (
        OperationRow.id == run.operation_id,
        OperationRow.epoch == run.epoch,
        OperationRow.state == OperationState.RUNNING,
    )


def _claimable(worker: str, *, is_repeated: bool) -> ColumnElement[bool]:
    waits = OperationRow.state == OperationState.QUEUED
    taken = (OperationRow.state == OperationState.RUNNING) & (OperationRow.worker == worker)
    return waits | taken if is_repeated else waits


def _lease_end(lease_seconds: int) -> ColumnElement[datetime]:
    return func.now() + cast(timedelta(seconds=lease_seconds), INTERVAL)


def _fenced(run: Run) -> FencedError:
    return FencedError(
        f"operation {run.operation_id} is no longer run under epoch {run.epoch}",
        hint="another worker took over, or the lease ran out; this run must stop",
    )
