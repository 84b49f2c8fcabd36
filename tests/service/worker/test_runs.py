"""Claim, lease, events and end of a run: every write is fenced by the epoch."""

from dataclasses import replace
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.core.errors import FencedError
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.events.model import Diagnostic
from service.operations.claims import (
    claim_operation,
    find_cancel_requests,
    find_expired,
    renew_lease,
    take_over_expired,
)
from service.operations.endings import finish_operation
from service.operations.model import ChangeSummary, Epoch, OperationFailure, OperationKind
from service.operations.runs import (
    EVENTS_CHANNEL,
    ClaimedOperation,
    Conclusion,
    Run,
    TimedPayload,
    append_events,
    find_event,
)
from service.operations.states import OperationState
from service.worker.records import close_update
from tests.service.worker.rows import Records, add_environment, add_operation


async def claim(uow_factory: UnitOfWorkFactory, operation_id: OperationId) -> ClaimedOperation | None:
    async with uow_factory() as uow:
        claimed = await claim_operation(
            uow,
            operation_id=operation_id,
            worker="here:1",
            engine="sandbox",
            engine_version="3.260.0",
            lease_seconds=30,
        )
        await uow.commit()
    return claimed


async def claimed_run(uow_factory: UnitOfWorkFactory, kind: OperationKind = OperationKind.DEPLOY) -> Run:
    environment_id = await add_environment(uow_factory)
    claimed = await claim(uow_factory, await add_operation(uow_factory, environment_id, kind))
    assert claimed is not None
    return claimed.run


def said(message: str) -> TimedPayload:
    return TimedPayload(datetime.now(UTC), Diagnostic(severity="info", message=message))


async def test_claim_takes_lease_and_environment(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A claim sets epoch, lease, worker and engine, and the environment shows what is being done to it."""
    run = await claimed_run(uow_factory)
    records = Records(database_url)
    operation = records.operation(run.operation_id)
    assert (operation["state"], operation["epoch"], operation["worker"]) == ("running", 1, "here:1")
    assert operation["lease_until"] is not None
    environment = records.environment(run.environment_id)
    assert (environment["status"], environment["current_operation_id"]) == ("deploying", run.operation_id)
    assert [event["payload"] for event in records.events(run.operation_id)] == [
        {"type": "state_changed", "state": "running", "message": None}
    ]


async def test_operation_is_claimed_once(uow_factory: UnitOfWorkFactory) -> None:
    """A second worker finds nothing to claim."""
    run = await claimed_run(uow_factory)
    assert await claim(uow_factory, run.operation_id) is None
    assert await claim(uow_factory, OperationId("op_unknown")) is None


async def test_one_operation_runs_per_environment(uow_factory: UnitOfWorkFactory) -> None:
    """A second operation of an environment cannot be claimed while the first runs."""
    run = await claimed_run(uow_factory)
    second = await add_operation(uow_factory, run.environment_id)
    with pytest.raises(IntegrityError):
        await claim(uow_factory, second)


async def test_stale_epoch_writes_nothing(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A run that lost its epoch can neither renew, nor tell, nor end."""
    run = await claimed_run(uow_factory)
    stale = replace(run, epoch=Epoch(run.epoch - 1))
    async with uow_factory() as uow:
        with pytest.raises(FencedError):
            await renew_lease(uow, stale, lease_seconds=30)
        with pytest.raises(FencedError):
            await append_events(uow, stale, [said("from the grave")])
        with pytest.raises(FencedError):
            await finish_operation(uow, stale, Conclusion(OperationState.SUCCEEDED))
        await uow.commit()
    assert Records(database_url).operation(run.operation_id)["state"] == "running"


async def test_events_are_numbered_without_gaps(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """Batches continue where the last event ended, and each wakes readers once."""
    run = await claimed_run(uow_factory)
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute(f"LISTEN {EVENTS_CHANNEL}")  # pyright: ignore -- our constant
        async with uow_factory() as uow:
            assert await append_events(uow, run, [said("one"), said("two")]) == 3
            await uow.commit()
        async with uow_factory() as uow:
            assert await append_events(uow, run, [said("three")]) == 4
            await uow.commit()
        heard = [notification.payload for notification in listener.notifies(timeout=5, stop_after=2)]
    assert heard == [run.operation_id, run.operation_id]
    events = Records(database_url).events(run.operation_id)
    assert [event["sequence"] for event in events] == [1, 2, 3, 4]


async def test_recorded_event_is_found_again(uow_factory: UnitOfWorkFactory) -> None:
    """Whether a batch was written can be asked after its commit went unanswered."""
    run = await claimed_run(uow_factory)
    event = said("once")
    async with uow_factory() as uow:
        assert await find_event(uow, run, event, after_sequence=0) is None
        sequence = await append_events(uow, run, [event])
        assert await find_event(uow, run, event, after_sequence=0) == sequence
        assert await find_event(uow, run, event, after_sequence=sequence) is None


@pytest.mark.parametrize(
    ("kind", "state", "status"),
    [
        (OperationKind.DEPLOY, OperationState.SUCCEEDED, "ready"),
        (OperationKind.DEPLOY, OperationState.FAILED, "failed"),
        (OperationKind.DEPLOY, OperationState.INTERRUPTED, "interrupted"),
        (OperationKind.DESTROY, OperationState.SUCCEEDED, "destroyed"),
        (OperationKind.DESTROY, OperationState.FAILED, "destroy_failed"),
        (OperationKind.DESTROY, OperationState.CANCELLED, "destroy_failed"),
        (OperationKind.PREVIEW, OperationState.SUCCEEDED, "requested"),
        (OperationKind.PREVIEW, OperationState.INTERRUPTED, "requested"),
    ],
)
async def test_end_says_what_stands(
    uow_factory: UnitOfWorkFactory,
    database_url: str,
    kind: OperationKind,
    state: OperationState,
    status: str,
) -> None:
    """How a run of each kind ends decides what its environment is afterwards."""
    run = await claimed_run(uow_factory, kind)
    failure = OperationFailure(code="provider_error", message="refused")
    async with uow_factory() as uow:
        await finish_operation(uow, run, Conclusion(state, ChangeSummary(create=2), failure))
        await uow.commit()
    records = Records(database_url)
    environment = records.environment(run.environment_id)
    assert environment["status"] == status
    assert (environment["current_operation_id"], environment["last_operation_id"]) == (None, run.operation_id)
    assert (environment["destroyed_at"] is not None) == (status == "destroyed")
    operation = records.operation(run.operation_id)
    assert (operation["state"], operation["lease_until"]) == (state, None)
    assert records.events(run.operation_id)[-1]["payload"] == {
        "type": "state_changed",
        "state": state,
        "message": "refused",
    }


async def test_expired_lease_is_taken_over_once(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A run is found when its lease has run out, and a renewal in between saves it."""
    run = await claimed_run(uow_factory)
    async with uow_factory() as uow:
        assert await find_expired(uow, limit=10) == []
    Records(database_url).expire(run.operation_id)
    async with uow_factory() as uow:
        assert await find_expired(uow, limit=10) == [run]
        await take_over_expired(uow, run)
    async with uow_factory() as uow:
        await renew_lease(uow, run, lease_seconds=30)
        await uow.commit()
    async with uow_factory() as uow:
        with pytest.raises(FencedError):
            await take_over_expired(uow, run)


async def test_cancel_requests_reach_their_worker(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A worker sees the requests to cancel its own running operations, and no others."""
    run = await claimed_run(uow_factory)
    Records(database_url).rows("UPDATE operations SET cancel_requested_at = now() RETURNING id")
    async with uow_factory() as uow:
        assert await find_cancel_requests(uow, worker="here:1") == [run.operation_id]
        assert await find_cancel_requests(uow, worker="elsewhere:2") == []


async def test_lost_run_touches_no_stack(uow_factory: UnitOfWorkFactory) -> None:
    """A run holds its environment and its operation before it closes what its engine left open."""
    run = await claimed_run(uow_factory)
    async with uow_factory() as uow:
        with pytest.raises(FencedError):
            await close_update(uow, replace(run, epoch=Epoch(run.epoch - 1)))
    async with uow_factory() as uow:
        await close_update(uow, run)
        limit = await uow.session.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert limit == "2min"
