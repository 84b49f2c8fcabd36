"""Builds request documents and talks about them to the API."""

from pathlib import Path

import httpx
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"


def shop(**changes: object) -> dict[str, object]:
    """A small valid request; arguments replace or add top-level members."""
    document: dict[str, object] = {
        "name": "shop",
        "team": "storefront",
        "orchestrator": "ecs",
        "workloads": [{"name": "web", "image": "nginx:1.27", "ports": [{"port": 8080}], "public": {}}],
    }
    return {**document, **changes}


def example(name: str) -> dict[str, object]:
    """A document of the examples folder."""
    return yaml.safe_load((EXAMPLES / name).read_text())


async def create(client: httpx.AsyncClient, **changes: object) -> tuple[dict, dict]:
    """Create an environment and return it with its first operation."""
    response = await client.post("/v1/environments", json=shop(**changes))
    assert response.status_code == 202, response.text
    accepted = response.json()
    return accepted["environment"], accepted["operation"]
