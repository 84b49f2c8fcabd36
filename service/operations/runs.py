"""A run of an operation in SQL: who holds it, and the events that it writes, guarded by the run's epoch.

A write that finds another epoch or state raises FencedError: its writer must stop. Nothing here commits.
Rows are locked environment first, operation second. How a run begins is in `claims.py`, how it ends in
`endings.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select

from programs.facts import Activity
from service.core.errors import FencedError
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import EnvironmentStatus
from service.environments.tables import EnvironmentRow
from service.events.model import EventPayload, StateChanged
from service.events.tables import OperationEventRow
from service.operations.model import (
    ChangeSummary,
    Epoch,
    Leftover,
    OperationFailure,
    OperationKind,
    OperationOptions,
)
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.plans.resources import PlannedResource
from service.webhooks.outbox import publish_transitions

EVENTS_CHANNEL = "operation_events"
# Failures of runs that a process has ended, not a person, the engine or a provider.
CUT_OFF_CODES = frozenset({"worker_lost", "worker_stopped", "runner_died"})


@dataclass(frozen=True, slots=True)
class Run:
    """The right to write about an operation: it holds as long as the epoch does."""

    operation_id: OperationId
    environment_id: EnvironmentId
    kind: OperationKind
    epoch: Epoch


@dataclass(frozen=True, slots=True)
class Stood:
    """What an environment was before an operation was claimed."""

    status: EnvironmentStatus
    is_paused: bool


@dataclass(frozen=True, slots=True)
class ClaimedOperation:
    """What a worker needs to run an operation that it has just claimed.

    `was_claimed` says that it was this worker's already: an earlier claim stood, though its answer was lost.
    """

    run: Run
    request: dict[str, object]
    options: OperationOptions
    team: str
    environment_name: str
    account: str
    region: str
    expires_at: datetime | None
    before: Stood
    activity: Activity = Activity.RUNNING
    was_claimed: bool = False


@dataclass(frozen=True, slots=True)
class TimedPayload:
    """Something that happened, and when."""

    at: datetime
    payload: EventPayload


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How an operation ended; a preview's plan and what would stand; what a scan found after a destroy.

    `untouched` is what the environment was before, where the operation was not let near it.
    """

    state: OperationState
    changes: ChangeSummary | None = None
    failure: OperationFailure | None = None
    plan: str | None = None
    leftovers: tuple[Leftover, ...] | None = None
    planned: tuple[PlannedResource, ...] = ()
    untouched: Stood | None = None

    @property
    def was_cut_off(self) -> bool:
        """Whether the run ended with a process, through no fault of its own."""
        return self.failure is not None and self.failure.code in CUT_OFF_CODES


async def append_events(uow: UnitOfWork, run: Run, events: Sequence[TimedPayload]) -> int:
    """Record events in their order and wake readers once; return the last one's sequence.

    Raises FencedError when the run is lost.
    """
    await lock_run(uow, run)
    return await insert_events(uow, run, events)


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


async def locked_environment_of(uow: UnitOfWork, operation_id: OperationId) -> EnvironmentRow | None:
    """Lock the environment of an operation and return it; None where there is no such operation."""
    owner = select(OperationRow.environment_id).where(OperationRow.id == operation_id).scalar_subquery()
    return await uow.session.scalar(
        select(EnvironmentRow).where(EnvironmentRow.id == owner).with_for_update(key_share=True)
    )


async def lock_run(uow: UnitOfWork, run: Run, *conditions: ColumnElement[bool]) -> None:
    """Lock the operation of a run that still holds it, under further conditions; raise FencedError."""
    wanted = select(OperationRow.id).where(*held(run), *conditions).with_for_update(key_share=True)
    if (await uow.session.execute(wanted)).one_or_none() is None:
        raise fenced(run)


async def lock_held(uow: UnitOfWork, run: Run) -> EnvironmentRow | None:
    """Lock a run's environment, then its operation; raise FencedError when the run is lost."""
    environment = await locked_environment_of(uow, run.operation_id)
    await lock_run(uow, run)
    return environment


async def insert_events(uow: UnitOfWork, run: Run, events: Sequence[TimedPayload]) -> int:
    """Write events behind the present ones, wake readers, and return the last one's sequence."""
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


async def state_change(uow: UnitOfWork, state: OperationState, message: str | None = None) -> TimedPayload:
    """Return the event of a change of state, at the time of the database."""
    return TimedPayload(await database_now(uow), StateChanged(state=state, message=message))


async def database_now(uow: UnitOfWork) -> datetime:
    """Return the time of the database, which leases are measured by."""
    return (await uow.session.execute(select(func.now()))).scalar_one()


def held(run: Run) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a run holds its operation."""
    return (
        OperationRow.id == run.operation_id,
        OperationRow.epoch == run.epoch,
        OperationRow.state == OperationState.RUNNING,
    )


def fenced(run: Run) -> FencedError:
    """Return the error of a run that has lost its operation."""
    return FencedError(
        f"operation {run.operation_id} is no longer run under epoch {run.epoch}",
        hint="another worker took over, or the lease ran out; this run must stop",
    )
