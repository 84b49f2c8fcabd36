"""The audit log as callers read it."""

from datetime import UTC, datetime, timedelta

import httpx

from tests.service.documents import create


async def test_entries_are_filtered_and_paged(client: httpx.AsyncClient) -> None:
    """By action, team, environment, request and time; newest first, page after page."""
    environment, operation = await create(client)
    await create(client, name="other", team="payments")
    await client.post(f"/v1/operations/{operation['id']}/cancel", headers={"X-Request-Id": "req_mine"})

    async def found(**filters: object) -> list[str]:
        response = await client.get("/v1/audit", params=filters)
        assert response.status_code == 200, response.text
        return [entry["action"] for entry in response.json()["items"]]

    assert await found() == ["operation.cancelled", "environment.created", "environment.created"]
    assert await found(team="payments") == ["environment.created"]
    assert await found(action="operation.cancelled") == ["operation.cancelled"]
    assert await found(environment_id=environment["id"], actor="local-developer") == [
        "operation.cancelled",
        "environment.created",
    ]
    assert await found(request_id="req_mine") == ["operation.cancelled"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert await found(since=tomorrow) == []
    assert len(await found(until=tomorrow)) == 3

    first = (await client.get("/v1/audit", params={"page_size": 2})).json()
    second = (
        await client.get("/v1/audit", params={"page_size": 2, "page_token": first["next_page_token"]})
    ).json()
    ids = [entry["id"] for entry in first["items"] + second["items"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), second["next_page_token"]) == (3, None)


async def test_entry_says_who_what_and_by_which_request(client: httpx.AsyncClient) -> None:
    """An entry holds the actor, the request's id and what there was afterwards."""
    environment, operation = await create(client)
    (entry,) = (await client.get("/v1/audit")).json()["items"]
    assert entry["actor"] == "local-developer"
    assert (entry["environment_id"], entry["operation_id"]) == (environment["id"], operation["id"])
    assert entry["request_id"]
    assert entry["detail"]["after"]["name"] == "shop"


async def test_wrong_filter_is_refused(client: httpx.AsyncClient) -> None:
    """An action that does not exist, a time without a zone and an unknown filter are named."""
    for filters in ({"action": "sing"}, {"since": "2026-11-23T08:00:00"}, {"colour": "blue"}):
        refused = await client.get("/v1/audit", params=filters)
        assert refused.status_code == 422, refused.text
        assert [error["parameter"] for error in refused.json()["errors"]] == list(filters)
