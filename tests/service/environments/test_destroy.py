import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import create


async def test_destroy_is_an_operation(client: httpx.AsyncClient) -> None:
    """DELETE puts a destroy in line; the record stays."""
    environment, _ = await create(client)
    response = await client.delete(f"/v1/environments/{environment['id']}")
    assert response.status_code == 202
    assert response.json()["operation"]["kind"] == "destroy"
    assert (await client.get(f"/v1/environments/{environment['id']}")).status_code == 200


async def test_protected_environment_is_not_destroyed(client: httpx.AsyncClient) -> None:
    """A protected environment refuses its destroy, by either way, until the protection is lifted."""
    environment, _ = await create(client, protected=True)
    path = f"/v1/environments/{environment['id']}"
    for refused in (
        await client.delete(path),
        await client.post(f"{path}/operations", json={"kind": "destroy"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "environment_protected")
    lifted = await client.patch(path, json={"protected": False}, headers={"If-Match": "*"})
    assert lifted.status_code == 202
    assert (await client.delete(path)).status_code == 202


async def test_destroying_twice_gives_the_same_operation(client: httpx.AsyncClient) -> None:
    """A destroy that waits already is answered again."""
    environment, _ = await create(client)
    path = f"/v1/environments/{environment['id']}"
    first = (await client.delete(path)).json()["operation"]
    second = (await client.delete(path)).json()["operation"]
    assert first["id"] == second["id"]


async def test_nothing_starts_behind_a_destroy(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """While a destroy waits, and after it, no other operation and no change is accepted."""
    environment, _ = await create(client)
    path = f"/v1/environments/{environment['id']}"
    await client.delete(path)
    for _ in range(2):
        deploy = await client.post(f"{path}/operations", json={"kind": "deploy"})
        change = await client.patch(path, json={"tags": {"a": "b"}}, headers={"If-Match": "*"})
        assert {deploy.json()["code"], change.json()["code"]} == {"environment_destroyed"}
        async with rows.begin() as connection:
            await connection.execute(text("UPDATE environments SET status = 'destroyed'"))
            await connection.execute(text("UPDATE operations SET state = 'succeeded'"))
    assert (await client.delete(path)).status_code == 409
