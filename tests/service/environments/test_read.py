import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import create, shop


async def names(client: httpx.AsyncClient, **filters: object) -> list[str]:
    response = await client.get("/v1/environments", params=filters)
    assert response.status_code == 200, response.text
    return [item["name"] for item in response.json()["items"]]


async def test_get_shows_the_request_and_its_etag(client: httpx.AsyncClient) -> None:
    """An environment is read with the document as it was written and its revision as ETag."""
    environment, _ = await create(client)
    response = await client.get(f"/v1/environments/{environment['id']}")
    assert response.headers["etag"] == '"1"'
    assert response.json() == environment
    assert response.json()["request"] == shop()


async def test_unknown_ids_are_not_found(client: httpx.AsyncClient) -> None:
    """An id that does not exist, or is none, answers 404."""
    for unknown in ("env_" + "0" * 32, "shop", "env_%00", "env_" + "z" * 32):
        response = await client.get(f"/v1/environments/{unknown}")
        assert (response.status_code, response.json()["type"][:17]) == (404, "urn:berth:problem")


async def test_filters_narrow_the_list(client: httpx.AsyncClient) -> None:
    """Team, name, status and orchestrator each narrow the list."""
    await create(client, name="one")
    await create(client, name="two", team="payments")
    await create(client, name="three", orchestrator="eks")
    assert await names(client) == ["three", "two", "one"]
    assert await names(client, team="payments") == ["two"]
    assert await names(client, name="one") == ["one"]
    assert await names(client, orchestrator="eks") == ["three"]
    assert await names(client, status="requested", team="storefront") == ["three", "one"]
    assert await names(client, status="ready") == []


async def test_destroyed_ones_are_hidden_until_asked_for(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """Destroyed environments stay on record and show with their status or on request."""
    await create(client, name="old")
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE environments SET status = 'destroyed'"))
    await create(client, name="new")
    assert await names(client) == ["new"]
    assert await names(client, status="destroyed") == ["old"]
    assert await names(client, include_destroyed=True) == ["new", "old"]


async def test_pages_show_each_once(client: httpx.AsyncClient) -> None:
    """Following next_page_token shows every environment once, also while new ones are made."""
    for number in range(5):
        await create(client, name=f"env-{number}")
    seen: list[str] = []
    token: str | None = None
    while True:
        params = {"page_size": 2} | ({"page_token": token} if token else {})
        page = (await client.get("/v1/environments", params=params)).json()
        seen += [item["name"] for item in page["items"]]
        token = page["next_page_token"]
        if token is None:
            break
        await create(client, name=f"late-{len(seen)}")
    assert seen == ["env-4", "env-3", "env-2", "env-1", "env-0"]


async def test_bad_parameters_are_named(client: httpx.AsyncClient) -> None:
    """A parameter out of bounds, or a page token of another list, is refused by name."""
    for number in range(2):
        await create(client, name=f"env-{number}")
    token = (await client.get("/v1/environments", params={"page_size": 1})).json()["next_page_token"]
    for params, parameter in (
        ({"page_size": 0}, "page_size"),
        ({"page_size": "many"}, "page_size"),
        ({"status": "asleep"}, "status"),
        ({"page_token": "nonsense"}, "page_token"),
        ({"page_token": token, "team": "storefront"}, "page_token"),
    ):
        response = await client.get("/v1/environments", params=params)
        assert response.status_code == 422
        assert [error["parameter"] for error in response.json()["errors"]] == [parameter]
