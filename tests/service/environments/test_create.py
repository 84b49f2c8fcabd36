import asyncio
import json

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.service.documents import EXAMPLES, create, example, shop


async def count(rows: AsyncEngine, table: str) -> int:
    async with rows.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 -- our own tables


async def test_environment_and_all_that_belongs_to_it_are_written_together(
    client: httpx.AsyncClient, rows: AsyncEngine
) -> None:
    """One request writes the environment, its stack, operation, event, job and audit entry."""
    response = await client.post("/v1/environments", json=example("shop.ecs.yaml"))
    assert response.status_code == 202
    accepted = response.json()
    environment, operation = accepted["environment"], accepted["operation"]
    assert response.headers["location"] == f"/v1/environments/{environment['id']}"
    assert response.headers["operation-location"] == f"/v1/operations/{operation['id']}"
    assert response.headers["etag"] == '"1"'
    assert int(response.headers["retry-after"]) > 0
    assert (environment["status"], operation["kind"], operation["state"]) == ("requested", "deploy", "queued")
    assert environment["request"] == example("shop.ecs.yaml")
    for table in (
        "environments",
        "stacks",
        "operations",
        "operation_events",
        "procrastinate_jobs",
        "audit_log",
    ):
        assert await count(rows, table) == 1, table


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.name)
async def test_every_example_is_accepted(client: httpx.AsyncClient, path: object) -> None:
    """The documents of examples/ are accepted as they stand."""
    response = await client.post("/v1/environments", json=example(str(path)))
    assert response.status_code == 202, response.text


async def test_preview_first(client: httpx.AsyncClient) -> None:
    """An environment can begin with a preview; nothing is deployed until asked for."""
    response = await client.post("/v1/environments", params={"operation": "preview"}, json=shop())
    assert response.json()["operation"]["kind"] == "preview"
    assert response.json()["environment"]["status"] == "requested"


async def test_class_decides_expiry_and_protection(client: httpx.AsyncClient) -> None:
    """What the request leaves open comes from its class: ephemeral expires, production is protected."""
    short, _ = await create(client, name="short", **{"class": "ephemeral"})
    solid, _ = await create(client, name="solid", **{"class": "production"})
    assert short["expires_at"] is not None
    assert not short["protected"]
    assert solid["expires_at"] is None
    assert solid["protected"]


async def test_name_is_taken(client: httpx.AsyncClient) -> None:
    """A second living environment of the same team and name is refused, naming the first."""
    environment, _ = await create(client)
    response = await client.post("/v1/environments", json=shop())
    assert response.status_code == 409
    assert response.json()["code"] == "environment_exists"
    assert response.json()["context"]["environment_id"] == environment["id"]


async def test_name_is_free_again_after_destroy(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """The name of a destroyed environment can be used anew."""
    environment, _ = await create(client)
    async with rows.begin() as connection:
        await connection.execute(
            text("UPDATE environments SET status = 'destroyed' WHERE id = :id"), {"id": environment["id"]}
        )
    again, _ = await create(client)
    assert again["id"] != environment["id"]


BAD_DOCUMENTS = {
    "unknown key": (shop(colour="red"), "/colour"),
    "missing team": ({key: value for key, value in shop().items() if key != "team"}, "/team"),
    "no such orchestrator": (shop(orchestrator="nomad"), "/orchestrator"),
    "unknown account": (shop(account="nowhere"), "/account"),
    "wrong Fargate pair": (
        shop(workloads=[{"name": "web", "image": "nginx:1.27", "cpu_units": 256, "memory_mib": 8192}]),
        "/workloads/0",
    ),
    "duplicate workload": (
        shop(workloads=[{"name": "web", "image": "nginx:1.27"}, {"name": "web", "image": "nginx:1.27"}]),
        "/workloads/1/name",
    ),
    "U+0000": (shop(tags={"a": "b\0"}), "/tags/a"),
}


@pytest.mark.parametrize(("document", "pointer"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
async def test_bad_input_names_the_place(
    client: httpx.AsyncClient, rows: AsyncEngine, document: dict[str, object], pointer: str
) -> None:
    """A document that breaks a rule is refused with a pointer to each place, and nothing is written."""
    response = await client.post("/v1/environments", json=document)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert any(error["pointer"].startswith(pointer) for error in problem["errors"]), problem
    assert problem["request_id"] == response.headers["x-request-id"]
    assert await count(rows, "environments") == await count(rows, "audit_log") == 0


UNREADABLE = {
    "not JSON": (b"{", "application/json", 400, "malformed_body"),
    "not a number": (b'{"name": NaN}', "application/json", 400, "malformed_body"),
    "lone surrogate": (b'{"name": "\\ud800"}', "application/json", 400, "malformed_body"),
    "endlessly nested": (b"[" * 100_000, "application/json", 400, "malformed_body"),
    "nothing": (b"", "application/json", 400, "malformed_body"),
    "a list": (b"[]", "application/json", 422, "invalid_input"),
    "YAML": (b"name: shop", "application/yaml", 415, "unsupported_media_type"),
    "2 MB": (b'"' + b"x" * 2_000_000 + b'"', "application/json", 413, "body_too_large"),
}


@pytest.mark.parametrize(("body", "media_type", "status", "code"), UNREADABLE.values(), ids=UNREADABLE)
async def test_unreadable_bodies(
    client: httpx.AsyncClient, body: bytes, media_type: str, status: int, code: str
) -> None:
    """A body that is not a JSON document is refused with a problem that says so."""
    response = await client.post("/v1/environments", content=body, headers={"Content-Type": media_type})
    assert (response.status_code, response.json()["code"]) == (status, code)


async def test_app_mesh_is_refused_on_aws(settings: object) -> None:
    """What AWS has ended is refused at the request, with the way out."""
    from service.environments.errors import InvalidRequestError  # noqa: PLC0415
    from service.environments.requested import read_request  # noqa: PLC0415
    from service.settings import Cloud  # noqa: PLC0415

    aws = settings.model_copy(update={"cloud": Cloud.AWS})  # type: ignore[attr-defined]
    with pytest.raises(InvalidRequestError) as refused:
        read_request(example("app_mesh.ecs.yaml"), aws)  # type: ignore[arg-type]
    assert refused.value.fields[0].pointer == "/mesh/kind"
    assert "service_connect" in refused.value.message


async def test_twins_without_a_key_make_one(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """Of concurrent requests for one name, one is accepted and the others are told that it exists."""
    answers = await asyncio.gather(*(client.post("/v1/environments", json=shop()) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202, *[409] * 9]
    assert await count(rows, "environments") == await count(rows, "operations") == 1


async def test_audit_tells_who_and_what(client: httpx.AsyncClient, rows: AsyncEngine) -> None:
    """The audit entry carries actor, action, subject and the request's id."""
    response = await client.post("/v1/environments", json=shop(), headers={"X-Request-Id": "my-own-id"})
    environment_id = response.json()["environment"]["id"]
    async with rows.connect() as connection:
        row = (await connection.execute(text("SELECT * FROM audit_log"))).mappings().one()
    assert row["actor"] == "local-developer"
    assert row["action"] == "environment.created"
    assert (row["environment_id"], row["team"], row["request_id"]) == (
        environment_id,
        "storefront",
        "my-own-id",
    )
    assert json.loads(json.dumps(row["detail"]))["after"] == shop()
