import httpx

from tests.service.documents import example


async def test_list(client: httpx.AsyncClient) -> None:
    """Both blueprints are listed with version and title."""
    page = (await client.get("/v1/blueprints")).json()
    assert [item["name"] for item in page["items"]] == ["ecs", "eks"]
    assert all(item["version"] and item["title"] and item["description"] for item in page["items"])


async def test_one_has_schema_and_examples(client: httpx.AsyncClient) -> None:
    """A blueprint comes with the JSON Schema of its request and whole documents."""
    blueprint = (await client.get("/v1/blueprints/ecs")).json()
    assert "workloads" in blueprint["json_schema"]["properties"]
    documents = {one["name"]: one["document"] for one in blueprint["examples"]}
    assert documents["shop"] == example("shop.ecs.yaml")


async def test_unknown_one_names_those_there_are(client: httpx.AsyncClient) -> None:
    """A blueprint that does not exist answers 404 and tells which do."""
    response = await client.get("/v1/blueprints/nomad")
    assert (response.status_code, response.json()["code"]) == (404, "blueprint_not_found")
    assert "ecs, eks" in response.json()["detail"]
