"""The queue agrees with the operations again after a worker died between the two."""

import pytest

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.queue.reconcile import reconcile_jobs
from tests.service.worker.rows import Records, add_environment, add_operation


@pytest.fixture
def records(database_url: str) -> Records:
    """A look from outside."""
    return Records(database_url)


async def reconcile(uow_factory: UnitOfWorkFactory) -> None:
    async with uow_factory() as uow:
        await reconcile_jobs(uow, settling_seconds=0)
        await uow.commit()


async def queued(uow_factory: UnitOfWorkFactory) -> OperationId:
    return await add_operation(uow_factory, await add_environment(uow_factory))


def job_states(records: Records) -> list[object]:
    return [row["status"] for row in records.rows("SELECT status::text FROM procrastinate_jobs ORDER BY id")]


async def test_agreement_is_left_alone(uow_factory: UnitOfWorkFactory, records: Records) -> None:
    """A queued operation with its job in line is as it should be."""
    await queued(uow_factory)
    await reconcile(uow_factory)
    assert job_states(records) == ["todo"]


async def test_job_of_an_ended_operation_goes(uow_factory: UnitOfWorkFactory, records: Records) -> None:
    """A job still being done for an operation that has ended is dropped, and the line is free."""
    operation_id = await queued(uow_factory)
    records.rows("UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    records.rows(
        "UPDATE operations SET state = 'failed', finished_at = now() - interval '1 s'"
        " WHERE id = %s RETURNING id",
        operation_id,
    )
    await reconcile(uow_factory)
    assert job_states(records) == []


async def test_unclaimed_job_returns_to_the_line(uow_factory: UnitOfWorkFactory, records: Records) -> None:
    """A job whose worker died before it claimed the operation is fetched again."""
    await queued(uow_factory)
    records.rows("UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    records.rows("UPDATE procrastinate_events SET at = now() - interval '1 s' RETURNING id")
    await reconcile(uow_factory)
    assert job_states(records) == ["todo"]


async def test_running_job_is_left_alone(uow_factory: UnitOfWorkFactory, records: Records) -> None:
    """A job whose operation runs is nobody else's business."""
    operation_id = await queued(uow_factory)
    records.rows("UPDATE procrastinate_jobs SET status = 'doing' RETURNING id")
    records.rows("UPDATE operations SET state = 'running' WHERE id = %s RETURNING id", operation_id)
    await reconcile(uow_factory)
    assert job_states(records) == ["doing"]


async def test_forgotten_operation_is_put_in_line(uow_factory: UnitOfWorkFactory, records: Records) -> None:
    """A queued operation whose job is gone gets a new one, once."""
    operation_id = await queued(uow_factory)
    records.rows("DELETE FROM procrastinate_jobs RETURNING id")
    records.rows("UPDATE operations SET created_at = now() - interval '1 s' RETURNING id")
    await reconcile(uow_factory)
    await reconcile(uow_factory)
    jobs = records.rows("SELECT args->>'operation_id' AS operation_id, lock FROM procrastinate_jobs")
    environment_id = records.operation(operation_id)["environment_id"]
    assert jobs == [{"operation_id": operation_id, "lock": environment_id}]
