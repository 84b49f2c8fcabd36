from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import create


async def patch(
    client: httpx.AsyncClient, environment: dict, body: object, *, if_match: str | None = '"1"', **params: str
) -> httpx.Response:
    headers = {"Content-Type": "application/merge-patch+json"} | ({"If-Match": if_match} if if_match else {})
    return await client.patch(
        f"/v1/environments/{environment['id']}", json=body, headers=headers, params=params
    )


async def test_change_makes_a_new_revision_and_a_deploy(client: httpx.AsyncClient) -> None:
    """A merge patch changes the request, raises the revision and puts a deploy of it in line."""
    environment, _ = await create(client)
    response = await patch(client, environment, {"tags": {"owner": "ann"}})
    assert response.status_code == 202
    assert response.headers["etag"] == '"2"'
    changed = response.json()
    assert changed["environment"]["request"]["tags"] == {"owner": "ann"}
    assert changed["environment"]["revision"] == 2
    assert changed["operation"]["kind"] == "deploy"
    operation = (await client.get(f"/v1/operations/{changed['operation']['id']}")).json()
    assert operation["request"]["tags"] == {"owner": "ann"}


async def test_a_change_that_is_repeated_with_its_key_happens_once(client: httpx.AsyncClient) -> None:
    """A change whose answer was lost gets that answer again instead of a second revision."""
    environment, _ = await create(client)
    headers = {"If-Match": "*", "Idempotency-Key": "change-1", "Content-Type": "application/merge-patch+json"}
    answers = [
        await client.patch(
            f"/v1/environments/{environment['id']}", json={"tags": {"a": "b"}}, headers=headers
        )
        for _ in range(2)
    ]
    assert answers[0].content == answers[1].content
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true"]


async def test_null_removes_and_preview_is_possible(client: httpx.AsyncClient) -> None:
    """Null removes a member (RFC 7396), and a change can be previewed before it is deployed."""
    environment, _ = await create(client, tags={"owner": "ann"})
    response = await patch(client, environment, {"tags": None}, operation="preview")
    assert "tags" not in response.json()["environment"]["request"]
    assert response.json()["operation"]["kind"] == "preview"


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "if_match_required"),
        ('"2"', 412, "revision_changed"),
        ('W/"1"', 412, "revision_changed"),
        ("1", 412, "revision_changed"),
        ("*", 202, None),
        ('"1"', 202, None),
    ],
)
async def test_changes_are_conditional(
    client: httpx.AsyncClient, if_match: str | None, status: int, code: str | None
) -> None:
    """A change without If-Match, or based on another revision, is refused; a weak ETag never matches."""
    environment, _ = await create(client)
    response = await patch(client, environment, {"protected": True}, if_match=if_match)
    assert (response.status_code, response.json().get("code")) == (status, code)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("name", "other"),
        ("team", "other"),
        ("orchestrator", "eks"),
        ("region", "eu-west-1"),
        ("account", "other"),
    ],
)
async def test_identity_does_not_change(client: httpx.AsyncClient, member: str, value: str) -> None:
    """Name, team, orchestrator, region and account of a living environment cannot change."""
    environment, _ = await create(client)
    response = await patch(client, environment, {member: value})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == f"/{member}"
    assert response.json()["errors"][0]["code"] == "immutable"


async def test_refused_change_changes_nothing(client: httpx.AsyncClient) -> None:
    """A patch whose outcome is not a valid request leaves request and revision as they were."""
    environment, _ = await create(client)
    response = await patch(client, environment, {"workloads": []})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/workloads"
    assert (await client.get(f"/v1/environments/{environment['id']}")).json() == environment


async def test_time_to_live_counts_from_creation(client: httpx.AsyncClient) -> None:
    """A changed ttl moves the expiry, counted from creation; other changes leave it alone."""
    environment, _ = await create(client)
    response = await patch(client, environment, {"ttl": "P2D"})
    changed = response.json()["environment"]
    created_at = datetime.fromisoformat(environment["created_at"])
    assert datetime.fromisoformat(changed["expires_at"]) == created_at + timedelta(days=2)
    again = await patch(client, environment, {"tags": {"a": "b"}}, if_match='"2"')
    assert again.json()["environment"]["expires_at"] == changed["expires_at"]


async def test_time_to_live_that_is_over_is_refused(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """A ttl that would have ended already is refused instead of destroying the environment at once."""
    environment, _ = await create(client)
    async with rows.begin() as connection:
        await connection.execute(text("UPDATE environments SET ttl_counts_from = now() - interval '3 days'"))
    response = await patch(client, environment, {"ttl": "P2D"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "/ttl")


async def test_audit_holds_before_and_after(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """The audit entry of a change tells the request before and after it."""
    environment, _ = await create(client)
    await patch(client, environment, {"tags": {"owner": "ann"}})
    async with rows.connect() as connection:
        detail = await connection.scalar(
            text("SELECT detail FROM audit_log WHERE action = 'environment.changed'")
        )
    assert "tags" not in detail["before"]
    assert detail["after"]["tags"] == {"owner": "ann"}
