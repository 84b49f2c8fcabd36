"""Builders of the rows that a worker finds."""

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from programs.catalogue import BLUEPRINTS
from service.core.ids import EnvironmentId, OperationId, new_environment_id, new_operation_id
from service.core.unit_of_work import UnitOfWorkFactory
from service.environments.tables import EnvironmentRow
from service.operations.model import OperationKind
from service.operations.states import OperationState
from service.operations.tables import OperationRow
from service.queue.port import enqueue_operation


async def add_environment(
    uow_factory: UnitOfWorkFactory, *, name: str | None = None, team: str = "shop"
) -> EnvironmentId:
    """Record an environment that nothing was done to yet, of a name of its own where none is given."""
    environment_id = new_environment_id()
    async with uow_factory() as uow:
        uow.session.add(
            EnvironmentRow(
                id=environment_id,
                team=team,
                name=name or f"dev-{environment_id[-20:]}",
                orchestrator="ecs",
                environment_class="standard",
                account="default",
                region="us-east-1",
                request={},
                status="requested",
                is_protected=False,
                created_by="tests",
            )
        )
        await uow.commit()
    return environment_id


async def add_operation(
    uow_factory: UnitOfWorkFactory,
    environment_id: EnvironmentId,
    kind: OperationKind = OperationKind.DEPLOY,
    *,
    request: dict[str, object] | None = None,
) -> OperationId:
    """Record a queued operation and put it in line."""
    operation_id = new_operation_id()
    async with uow_factory() as uow:
        uow.session.add(
            OperationRow(
                id=operation_id,
                environment_id=environment_id,
                kind=kind,
                state=OperationState.QUEUED,
                blueprint="ecs",
                blueprint_version=BLUEPRINTS["ecs"].version,
                request=request or {},
                created_by="tests",
            )
        )
        await uow.session.flush()
        await enqueue_operation(uow, operation_id=operation_id, environment_id=environment_id)
        await uow.commit()
    return operation_id


class Records:
    """Looks at the records from outside, over a connection of its own."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url

    def rows(self, query: str, *values: object) -> list[dict[str, object]]:
        with psycopg.connect(self._database_url, row_factory=dict_row, autocommit=True) as connection:
            return connection.execute(query, values).fetchall()  # pyright: ignore -- literal queries

    def operation(self, operation_id: OperationId) -> dict[str, object]:
        return self.rows("SELECT * FROM operations WHERE id = %s", operation_id)[0]

    def environment(self, environment_id: EnvironmentId) -> dict[str, object]:
        return self.rows("SELECT * FROM environments WHERE id = %s", environment_id)[0]

    def events(self, operation_id: OperationId) -> list[dict[str, object]]:
        return self.rows(
            "SELECT sequence, type, payload FROM operation_events WHERE operation_id = %s ORDER BY id",
            operation_id,
        )

    def resources(self, environment_id: EnvironmentId) -> list[str]:
        rows = self.rows(
            "SELECT urn FROM resources JOIN stacks ON stacks.id = stack_id WHERE environment_id = %s",
            environment_id,
        )
        return [str(row["urn"]) for row in rows]

    def ask_to_cancel(self, operation_id: OperationId) -> None:
        self.rows(
            "UPDATE operations SET cancel_requested_at = now() WHERE id = %s RETURNING id", operation_id
        )

    def expire(self, operation_id: OperationId) -> None:
        self.rows(
            "UPDATE operations SET lease_until = now() - interval '1 second' WHERE id = %s RETURNING id",
            operation_id,
        )

    def set_environment_request(self, environment_id: EnvironmentId, request: dict[str, object]) -> None:
        self.rows(
            "UPDATE environments SET request = %s WHERE id = %s RETURNING id", Jsonb(request), environment_id
        )
