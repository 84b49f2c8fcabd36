import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import create


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
async def test_nothing_written_is_changed(
    client: httpx.AsyncClient, rows: AsyncEngine, statement: str
) -> None:
    """The database itself refuses to change or remove what the audit log holds."""
    await create(client)
    with pytest.raises(DBAPIError, match="append-only"):
        async with rows.begin() as connection:
            await connection.execute(text(statement))


async def test_not_even_a_role_with_every_right_changes_it(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """A role that is granted everything on the table, and is no superuser, is refused as well."""
    await create(client)
    async with rows.begin() as connection:
        await connection.execute(text("CREATE ROLE berth_everything"))
        await connection.execute(text("GRANT ALL ON audit_log TO berth_everything"))
    try:
        for statement in ("UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log"):
            async with rows.begin() as connection:
                await connection.execute(text("SET LOCAL ROLE berth_everything"))
                with pytest.raises(DBAPIError, match="append-only"):
                    await connection.execute(text(statement))
                await connection.rollback()
    finally:
        async with rows.begin() as connection:
            await connection.execute(text("DROP OWNED BY berth_everything"))
            await connection.execute(text("DROP ROLE berth_everything"))


async def test_every_mutation_leaves_one_entry(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """Each accepted change is recorded once, in order; refused ones and reads are not."""
    environment, operation = await create(client)
    path = f"/v1/environments/{environment['id']}"
    await client.patch(path, json={"tags": {"a": "b"}}, headers={"If-Match": "*"})
    await client.patch(path, json={"tags": {"a": "b"}}, headers={"If-Match": '"9"'})
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    await client.post(f"/v1/operations/{operation['id']}/retry")
    await client.get(path)
    await client.post(f"{path}/operations", json={"kind": "refresh"})
    refused = await client.delete(path)
    assert refused.json()["code"] == "environment_busy"
    await client.post(f"/v1/operations/{operation['id']}/cancel")
    async with rows.connect() as connection:
        actions = (await connection.scalars(text("SELECT action FROM audit_log ORDER BY id"))).all()
    assert actions == [
        "environment.created",
        "environment.changed",
        "operation.cancelled",
        "operation.retried",
        "operation.requested",
    ]
