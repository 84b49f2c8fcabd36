from pathlib import Path

import httpx
import pytest
import yaml

from programs.catalogue import BLUEPRINTS

EXAMPLES = Path(__file__).parents[3] / "examples" / "backstage"


@pytest.mark.parametrize("name", ["ecs", "eks"])
async def test_the_example_is_what_the_api_answers(client: httpx.AsyncClient, name: str) -> None:
    """The templates in examples/ are those that this version makes."""
    made = (await client.get(f"/v1/blueprints/{name}/backstage")).json()
    assert yaml.safe_load((EXAMPLES / f"{name}-template.yaml").read_text()) == made


@pytest.mark.parametrize("name", ["ecs", "eks"])
async def test_the_form_asks_for_every_member_of_the_request(client: httpx.AsyncClient, name: str) -> None:
    """Each member of the request stands on a page with what it needs, and goes into the action."""
    spec = (await client.get(f"/v1/blueprints/{name}/backstage")).json()["spec"]
    asked = [member for page in spec["parameters"] for member in page["properties"]]
    schema = BLUEPRINTS[name].json_schema()
    assert sorted([*asked, "orchestrator"]) == sorted(schema["properties"])
    assert set(spec["steps"][0]["input"]["request"]) == set(schema["properties"])
    required = [member for page in spec["parameters"] for member in page.get("required", [])]
    assert sorted([*required, "orchestrator"]) == sorted(schema["required"])
    for page in spec["parameters"]:
        assert _references(page) <= set(page.get("$defs", {}))


async def test_an_unknown_blueprint_has_no_template(client: httpx.AsyncClient) -> None:
    """A template of a blueprint that does not exist answers 404."""
    assert (await client.get("/v1/blueprints/nomad/backstage")).json()["code"] == "blueprint_not_found"


def _references(value: object) -> set[str]:
    if isinstance(value, list):
        return {name for one in value for name in _references(one)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"].rsplit("/", 1)[-1]} if isinstance(value.get("$ref"), str) else set()
    return own | {name for one in value.values() for name in _references(one)}
