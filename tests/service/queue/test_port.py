"""Jobs are part of the transaction that makes them."""

import psycopg
import pytest
from procrastinate.exceptions import AlreadyEnqueued

from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.queue.port import enqueue_operation, release_operation

ENVIRONMENT = EnvironmentId("env_1")


def job_operation_ids(database_url: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute("SELECT args->>'operation_id' FROM procrastinate_jobs ORDER BY id")
        return [str(row[0]) for row in rows]


async def test_committed_job_is_in_line(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A job is in the queue once its transaction has committed."""
    async with uow_factory() as uow:
        await enqueue_operation(uow, operation_id=OperationId("op_1"), environment_id=ENVIRONMENT)
        assert job_operation_ids(database_url) == []
        await uow.commit()
    assert job_operation_ids(database_url) == ["op_1"]


async def test_rolled_back_job_never_was(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """A transaction that rolls back leaves no job."""
    async with uow_factory() as uow:
        await enqueue_operation(uow, operation_id=OperationId("op_1"), environment_id=ENVIRONMENT)
    assert job_operation_ids(database_url) == []


async def test_operation_waits_once(uow_factory: UnitOfWorkFactory) -> None:
    """An operation that waits already cannot be put in line again."""
    async with uow_factory() as uow:
        await enqueue_operation(uow, operation_id=OperationId("op_1"), environment_id=ENVIRONMENT)
        with pytest.raises(AlreadyEnqueued):
            await enqueue_operation(uow, operation_id=OperationId("op_1"), environment_id=ENVIRONMENT)


async def test_release_frees_the_line(uow_factory: UnitOfWorkFactory, database_url: str) -> None:
    """Releasing an operation removes its job, one that a dead worker was doing too, and no other."""
    async with uow_factory() as uow:
        for operation_id in ("op_1", "op_2"):
            await enqueue_operation(uow, operation_id=OperationId(operation_id), environment_id=ENVIRONMENT)
        await uow.commit()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'operation_id' = 'op_1'"
        )
    async with uow_factory() as uow:
        await release_operation(uow, operation_id=OperationId("op_1"), environment_id=ENVIRONMENT)
        await uow.commit()
    assert job_operation_ids(database_url) == ["op_2"]
