import asyncio

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import create


async def start(client: httpx.AsyncClient, environment: dict, kind: str = "deploy") -> httpx.Response:
    return await client.post(f"/v1/environments/{environment['id']}/operations", json={"kind": kind})


async def set_state(rows: AsyncEngine, operation_id: str, state: str) -> None:
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE operations SET state = :state WHERE id = :id"), {"state": state, "id": operation_id}
        )


@pytest.mark.parametrize("kind", ["preview", "deploy", "refresh", "destroy", "detect_drift", "repair"])
async def test_start(client: httpx.AsyncClient, kind: str) -> None:
    """Each kind can be started and waits in line behind what came before."""
    environment, _ = await create(client)
    response = await start(client, environment, kind)
    assert response.status_code == 202
    operation = response.json()["operation"]
    assert response.headers["location"] == response.headers["operation-location"]
    assert (operation["kind"], operation["state"]) == (kind, "queued")
    assert (operation["blueprint"], operation["blueprint_version"]) == ("ecs", "1.0.0")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "explode"},
        {"kind": "deploy", "force": True},
        {"kind": "restore"},
        {"kind": "deploy", "state_version": 1},
        {"kind": "destroy", "refresh": True},
        {"kind": "deploy", "adopt": [{"type": "aws:ecs/cluster:Cluster", "name": "cluster"}]},
        [],
    ],
)
async def test_bad_wishes_are_refused(client: httpx.AsyncClient, body: object) -> None:
    """A kind that does not exist, or a member that is not known or not of that kind, is refused."""
    environment, _ = await create(client)
    response = await client.post(f"/v1/environments/{environment['id']}/operations", json=body)
    assert response.status_code == 422
    assert response.json()["errors"]


async def test_line_has_an_end(client: httpx.AsyncClient) -> None:
    """When as many wait as may, the next is refused and told who is first since when."""
    environment, first = await create(client)
    for _ in range(2):
        assert (await start(client, environment)).status_code == 202
    refused = await start(client, environment)
    assert refused.status_code == 409
    problem = refused.json()
    assert (problem["code"], problem["retryable"]) == ("environment_busy", True)
    assert problem["context"]["operation_id"] == first["id"]
    assert problem["context"]["held_by"] == "local-developer"
    assert problem["context"]["since"]
    assert refused.headers["retry-after"]


async def test_running_operation_holds_the_line(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """The one that runs takes no place in line, and is the one that is named."""
    environment, first = await create(client)
    await set_state(rows, first["id"], "running")
    for _ in range(3):
        assert (await start(client, environment)).status_code == 202
    refused = await start(client, environment)
    assert refused.json()["context"]["operation_id"] == first["id"]


async def test_list_is_newest_first_and_filtered(client: httpx.AsyncClient) -> None:
    """An environment's operations are listed newest first, narrowed by kind and state."""
    environment, first = await create(client)
    preview = (await start(client, environment, "preview")).json()["operation"]
    path = f"/v1/environments/{environment['id']}/operations"
    listed = (await client.get(path)).json()["items"]
    assert [one["id"] for one in listed] == [preview["id"], first["id"]]
    by_kind = (await client.get(path, params={"kind": "preview", "state": "queued"})).json()["items"]
    assert [one["id"] for one in by_kind] == [preview["id"]]
    assert (await client.get(path, params={"state": "running"})).json()["items"] == []
    first_page = (await client.get(path, params={"page_size": 1})).json()
    second_page = (
        await client.get(path, params={"page_size": 1, "page_token": first_page["next_page_token"]})
    ).json()
    assert [one["id"] for one in second_page["items"]] == [first["id"]]
    assert second_page["next_page_token"] is None


async def test_cancel_one_that_waits(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """Cancelling a waiting operation ends it at once, takes it out of the queue and tells its followers."""
    _, operation = await create(client)
    response = await client.post(f"/v1/operations/{operation['id']}/cancel")
    assert response.status_code == 202
    assert response.json()["operation"]["state"] == "cancelled"
    events = (await client.get(f"/v1/operations/{operation['id']}/events")).json()
    assert [event["payload"]["state"] for event in events["items"]] == ["queued", "cancelled"]
    assert events["is_complete"]
    async with rows.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


async def test_cancel_one_that_runs(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """Cancelling a running operation asks its worker to; asking twice is no error."""
    _, operation = await create(client)
    await set_state(rows, operation["id"], "running")
    for _ in range(2):
        response = await client.post(f"/v1/operations/{operation['id']}/cancel")
        assert response.status_code == 202
        assert response.json()["operation"]["state"] == "running"
        assert response.json()["operation"]["cancel_requested_at"]
    async with rows.connect() as connection:
        actions = (await connection.scalars(text("SELECT action FROM audit_log ORDER BY id"))).all()
    assert actions == ["environment.created", "operation.cancelled"]


async def test_ended_operation_is_not_cancelled(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """What has ended cannot be cancelled any more."""
    _, operation = await create(client)
    await set_state(rows, operation["id"], "succeeded")
    response = await client.post(f"/v1/operations/{operation['id']}/cancel")
    assert (response.status_code, response.json()["code"]) == (409, "operation_state")


@pytest.mark.parametrize("state", ["failed", "cancelled", "interrupted"])
async def test_retry(client: httpx.AsyncClient, rows: AsyncEngine, state: str) -> None:
    """What failed can be started anew; the new operation names the one that it repeats."""
    _, operation = await create(client)
    await set_state(rows, operation["id"], state)
    response = await client.post(f"/v1/operations/{operation['id']}/retry")
    assert response.status_code == 202
    again = response.json()["operation"]
    assert (again["kind"], again["state"], again["retry_of"]) == ("deploy", "queued", operation["id"])


@pytest.mark.parametrize("state", ["queued", "running", "succeeded"])
async def test_only_failures_are_retried(client: httpx.AsyncClient, rows: AsyncEngine, state: str) -> None:
    """What did not fail is not started twice."""
    _, operation = await create(client)
    await set_state(rows, operation["id"], state)
    response = await client.post(f"/v1/operations/{operation['id']}/retry")
    assert (response.status_code, response.json()["code"]) == (409, "operation_state")


async def test_wait_answers_when_the_operation_ends(client: httpx.AsyncClient) -> None:
    """A long poll answers as soon as the operation has ended."""
    _, operation = await create(client)
    path = f"/v1/operations/{operation['id']}"
    waiting = asyncio.create_task(client.get(path, params={"wait": 30}))
    assert (await client.get(path)).headers["retry-after"]
    await client.post(f"{path}/cancel")
    answer = await asyncio.wait_for(waiting, timeout=10)
    assert answer.json()["state"] == "cancelled"
    assert "retry-after" not in answer.headers


async def test_wait_gives_up_in_time(client: httpx.AsyncClient) -> None:
    """A long poll of an operation that goes on answers with its present state when the time is over."""
    _, operation = await create(client)
    answer = await client.get(f"/v1/operations/{operation['id']}", params={"wait": 0.2})
    assert answer.json()["state"] == "queued"


async def test_unknown_operations_are_not_found(client: httpx.AsyncClient) -> None:
    """Every address of an operation that does not exist answers 404."""
    path = "/v1/operations/op_" + "0" * 32
    for response in (
        await client.get(path),
        await client.get(path, params={"wait": 5}),
        await client.get(f"{path}/events"),
        await client.post(f"{path}/cancel"),
        await client.post(f"{path}/retry"),
    ):
        assert (response.status_code, response.json()["code"]) == (404, "operation_not_found")


async def test_concurrent_starts_respect_the_line(client: httpx.AsyncClient) -> None:
    """Of many starts at the same moment no more are accepted than may wait."""
    environment, _ = await create(client)
    answers = await asyncio.gather(*(start(client, environment) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [202, 202, *[409] * 10]


async def test_restore_of_a_version_that_is_not_there_is_refused(client: httpx.AsyncClient) -> None:
    """A restore names a state version of this environment, or is refused at once."""
    environment, _ = await create(client)
    body = {"kind": "restore", "state_version": 7}
    refused = await client.post(f"/v1/environments/{environment['id']}/operations", json=body)
    assert (refused.status_code, refused.json()["code"]) == (404, "state_version_not_found")


async def test_options_go_with_the_operation_and_its_retry(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """What was asked besides the kind is shown, and asked again by a retry."""
    environment, _ = await create(client)
    adopted = {"type": "aws:ecs/cluster:Cluster", "name": "cluster", "id": "shop"}
    body = {"kind": "deploy", "refresh": True, "adopt": [adopted]}
    accepted = await client.post(f"/v1/environments/{environment['id']}/operations", json=body)
    operation = accepted.json()["operation"]
    asked = {"refresh": True, "adopt": [adopted], "state_version": None, "upload_id": None}
    assert operation["options"] == asked
    await set_state(rows, operation["id"], "failed")
    retried = await client.post(f"/v1/operations/{operation['id']}/retry")
    assert retried.json()["operation"]["options"] == asked
