"""A worker as real processes: what it runs, what it records, and how it ends things."""

import asyncio
import signal

import psutil
import pytest

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.operations.model import OperationKind
from tests.service.worker.live import Live, descendants, eventually, gone
from tests.service.worker.rows import add_environment, add_operation


@pytest.fixture
def database_url(module_database_url: str) -> str:
    """The database that the API of these tests uses."""
    return module_database_url


BOXES: dict[str, object] = {"program": "boxes", "boxes": 3}
FAULTS = 12
FAULT_SECONDS = 0.5
WAITING: dict[str, object] = {"program": "waiting"}


def engines(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if any(part.startswith("--client=") for part in one.cmdline())]


async def test_life_of_an_environment(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """Preview, deploy, deploy again, refresh and destroy run in line and leave the records they should."""
    live.start_worker()
    environment_id = await add_environment(uow_factory)
    kinds = ["preview", "deploy", "deploy", "refresh", "destroy"]
    operations = [
        await add_operation(uow_factory, environment_id, OperationKind(kind), request=BOXES) for kind in kinds
    ]
    ended = [live.wait_for_end(operation_id) for operation_id in operations]
    assert [row["failure"] for row in ended] == [None] * 5
    changes = [row["changes"] for row in ended]
    nothing = {"create": 0, "update": 0, "replace": 0, "delete": 0, "same": 0}
    assert changes == [
        {**nothing, "create": 4},
        {**nothing, "create": 4},
        {**nothing, "same": 4},
        {**nothing, "same": 4},
        {**nothing, "delete": 4},
    ]
    assert [row["state_version"] for row in ended] == [None, 1, 2, 3, 4]
    assert live.records.environment(environment_id)["status"] == "destroyed"
    assert live.records.resources(environment_id) == []
    jobs = "SELECT id FROM procrastinate_jobs WHERE lock = %s"
    eventually(lambda: live.records.rows(jobs, environment_id) == [], "the line to be empty")


async def test_events_tell_the_run_in_order(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """Events count from one without gaps, begin with `running` and end with the last state."""
    live.start_worker()
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=BOXES)
    live.wait_for_end(operation_id)
    events = live.records.events(operation_id)
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    types = [event["type"] for event in events]
    assert types[0] == types[-1] == "state_changed"
    assert types.count("resource_started") == types.count("resource_finished") == 4
    assert types[-2] == "summary"


async def test_failure_is_recorded_with_its_cause(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """A program that raises fails its operation, and the environment's next one runs."""
    live.start_worker()
    environment_id = await add_environment(uow_factory)
    failing = await add_operation(uow_factory, environment_id, request={"program": "failing"})
    refused = await add_operation(uow_factory, environment_id, request={"program": "refused"})
    good = await add_operation(uow_factory, environment_id, request=BOXES)
    failures = [live.wait_for_end(operation_id)["failure"] for operation_id in (failing, refused)]
    assert [failure["code"] for failure in failures if isinstance(failure, dict)] == ["program_error"] * 2
    assert live.wait_for_end(good)["state"] == "succeeded"
    assert live.records.environment(environment_id)["status"] == "ready"


async def test_runner_knows_no_secret_of_the_service(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """Runner and engine have no variable of the worker's, no database address, and no token in argv."""
    worker = live.start_worker(BERTH_MARK="do-not-pass-on")
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    below = descendants(worker)
    assert engines(below)
    for process in below:
        variables = process.environ()
        assert not any(name.startswith("BERTH_") for name in variables if name != "BERTH_SANDBOX_PYTHON")
        assert not any("do-not-pass-on" in value or "postgres" in value for value in variables.values())
        assert not any("bst_" in part for part in process.cmdline())
    assert all(folder.stat().st_mode & 0o077 == 0 for folder in live.run_folders())


async def test_cancel_ends_gracefully(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """A cancelled operation ends as such; its environment's next one runs."""
    live.start_worker()
    environment_id = await add_environment(uow_factory)
    operation_id = await add_operation(uow_factory, environment_id, request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    live.records.ask_to_cancel(operation_id)
    ended = live.wait_for_end(operation_id)
    assert ended["state"] == "cancelled"
    assert (
        live.wait_for_end(await add_operation(uow_factory, environment_id, request=BOXES))["failure"] is None
    )


async def test_cancel_is_forced_after_the_grace(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """An engine that does not react is killed, and the operation is interrupted, not cancelled."""
    worker = live.start_worker(BERTH_CANCEL_GRACE_SECONDS="1")
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    (engine,) = engines(descendants(worker))
    engine.send_signal(signal.SIGSTOP)
    live.records.ask_to_cancel(operation_id)
    ended = live.wait_for_end(operation_id)
    assert (ended["state"], failure_code(ended)) == ("interrupted", "killed_after_grace")
    assert gone([engine])


async def test_killed_worker_takes_its_engines_along(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """After kill -9 runner and engine die, the operation is interrupted, and the next deploy goes through."""
    worker = live.start_worker()
    environment_id = await add_environment(uow_factory)
    operation_id = await add_operation(uow_factory, environment_id, request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    below = descendants(worker)
    worker.kill()
    worker.wait()
    eventually(lambda: gone(below), "runners and engines to die")
    live.start_worker()
    ended = live.wait_for_end(operation_id)
    assert (ended["state"], failure_code(ended)) == ("interrupted", "worker_lost")
    assert live.records.environment(environment_id)["status"] == "interrupted"
    following = live.wait_for_end(await add_operation(uow_factory, environment_id, request=BOXES))
    assert following["failure"] is None
    urns = live.records.resources(environment_id)
    assert len(urns) == len(set(urns)) == 4


async def test_killed_run_recovers_by_itself(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """After each of two deaths in a row the operation is put in line again; then a person decides."""
    environment_id = await add_environment(uow_factory)
    await add_operation(uow_factory, environment_id, request=WAITING)
    live.records.set_environment_request(environment_id, WAITING)
    for turn in range(3):
        worker = live.start_worker(BERTH_AUTOMATIC_RECOVERIES="2")
        running = live.wait_for_run(environment_id, turn + 1)
        assert running["created_by"] == ("tests" if turn == 0 else "berth-recovery")
        live.wait_for_event(OperationId(str(running["id"])), "resource_started", 2)
        worker.kill()
        worker.wait()
    live.start_worker(BERTH_AUTOMATIC_RECOVERIES="2")
    live.wait_for_end(OperationId(str(running["id"])))
    query = "SELECT id, state, retry_of FROM operations WHERE environment_id = %s ORDER BY id"
    rows = live.records.rows(query, environment_id)
    assert [row["state"] for row in rows] == ["interrupted"] * 3
    assert [row["retry_of"] for row in rows] == [None, rows[0]["id"], rows[1]["id"]]


async def test_run_that_takes_too_long_fails(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """A kind's timeout ends a run gracefully, and the operation has failed."""
    live.start_worker(BERTH_OPERATION_TIMEOUT_MINUTES='{"deploy": 0.05}')
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=WAITING)
    ended = live.wait_for_end(operation_id)
    assert (ended["state"], failure_code(ended)) == ("failed", "timed_out")


async def test_frozen_worker_does_no_harm(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """A worker stopped past its lease loses the operation; woken, it writes nothing and takes new work."""
    frozen = live.start_worker()
    environment_id = await add_environment(uow_factory)
    operation_id = await add_operation(uow_factory, environment_id, request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    busy = engines(descendants(frozen))
    frozen.send_signal(signal.SIGSTOP)
    other = live.start_worker()
    ended = live.wait_for_end(operation_id)
    assert ended["state"] == "interrupted"
    assert gone(busy)
    events = live.records.events(operation_id)
    following = live.wait_for_end(await add_operation(uow_factory, environment_id, request=BOXES))
    other.terminate()
    other.wait()
    frozen.send_signal(signal.SIGCONT)
    last = live.wait_for_end(await add_operation(uow_factory, environment_id, request=BOXES))
    assert (following["failure"], last["failure"]) == (None, None)
    assert live.records.operation(operation_id) == ended
    assert live.records.events(operation_id) == events


async def test_killed_runner_interrupts_its_operation(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """A runner that dies takes its engine along, and its operation is interrupted at once."""
    worker = live.start_worker()
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=WAITING)
    live.wait_for_event(operation_id, "resource_started", 2)
    (engine,) = engines(descendants(worker))
    runner = engine.parent()
    assert runner is not None
    runner.kill()
    ended = live.wait_for_end(operation_id)
    assert (ended["state"], failure_code(ended)) == ("interrupted", "runner_died")
    assert gone([engine])


@pytest.mark.parametrize("grace_seconds", ["60", "1"])
async def test_worker_stops_gracefully(
    live: Live, uow_factory: UnitOfWorkFactory, grace_seconds: str
) -> None:
    """On SIGTERM running operations may finish within the grace; then they are cancelled, never cut off."""
    worker = live.start_worker(BERTH_SHUTDOWN_GRACE_SECONDS=grace_seconds)
    request = BOXES if grace_seconds == "60" else WAITING
    operation_id = await add_operation(uow_factory, await add_environment(uow_factory), request=request)
    live.wait_for_state(operation_id, "running", "succeeded")
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=60) == 0
    ended = live.records.operation(operation_id)
    if grace_seconds == "60":
        assert ended["state"] == "succeeded"
    else:
        assert (ended["state"], failure_code(ended)) == ("cancelled", "worker_stopped")
    assert live.run_folders() == []


async def test_lost_connections_lose_nothing(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """While Postgres throws out clients again and again, every operation ends well, its events complete."""
    live.start_worker()
    environments = [await add_environment(uow_factory) for _ in range(2)]
    operations = [
        await add_operation(uow_factory, environment_id, request={**BOXES, "boxes": 40})
        for environment_id in environments
    ]
    for _ in range(FAULTS):
        live.records.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5"
        )
        await asyncio.sleep(FAULT_SECONDS)
    for operation_id in operations:
        live.wait_for_end(operation_id)
    for operation_id in operations:
        assert live.records.operation(operation_id)["state"] == "succeeded"
        sequences = [event["sequence"] for event in live.records.events(operation_id)]
        assert sequences == list(range(1, len(sequences) + 1))
        started = [
            event for event in live.records.events(operation_id) if event["type"] == "resource_started"
        ]
        assert len(started) == 41


async def test_many_workers_share_the_work(live: Live, uow_factory: UnitOfWorkFactory) -> None:
    """Over several workers each environment's operations run one after the other, first come first served."""
    for _ in range(2):
        live.start_worker(BERTH_WORKER_CONCURRENCY="2")
    operations: list[OperationId] = []
    for _ in range(3):
        environment_id = await add_environment(uow_factory)
        operations += [await add_operation(uow_factory, environment_id, request=BOXES) for _ in range(2)]
    assert {live.wait_for_end(one)["state"] for one in operations} == {"succeeded"}
    workers = {live.records.operation(one)["worker"] for one in operations}
    assert len(workers) > 1
    overlaps = live.records.rows(
        "SELECT a.id FROM operations a JOIN operations b USING (environment_id)"
        " WHERE a.id < b.id AND a.finished_at > b.started_at"
    )
    assert overlaps == []


def failure_code(row: dict[str, object]) -> object:
    failure = row["failure"]
    assert isinstance(failure, dict)
    return failure["code"]  # pyright: ignore[reportUnknownVariableType]
