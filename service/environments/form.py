"""What the OpenAPI document says of environment requests: the schema and the blueprints' examples."""

from typing import cast

from pydantic import JsonValue, TypeAdapter

from programs.catalogue import BLUEPRINTS
from programs.request import EnvironmentRequest
from service.core.openapi import SCHEMA_REFERENCE, JsonSchema


def request_schemas() -> dict[str, JsonSchema]:
    """Return the component schemas of the environment request, `EnvironmentRequest` among them."""
    schema = TypeAdapter[object](EnvironmentRequest).json_schema(ref_template=SCHEMA_REFERENCE)
    parts = cast("dict[str, JsonSchema]", schema.pop("$defs"))
    return {"EnvironmentRequest": {"title": "Environment request", **schema}, **parts}


def request_body() -> dict[str, JsonValue]:
    """Describe the body of a new environment, with every blueprint's examples, the simplest first."""
    documents = [(blueprint, example) for blueprint in BLUEPRINTS.values() for example in blueprint.examples]
    examples: dict[str, JsonValue] = {
        f"{example.name}.{blueprint.name}": {
            "summary": f"{example.name} ({blueprint.name.upper()}): {example.summary}",
            "value": cast("JsonValue", example.document),
        }
        for blueprint, example in sorted(documents, key=lambda pair: len(str(pair[1].document)))
    }
    reference = SCHEMA_REFERENCE.format(model="EnvironmentRequest")
    return {
        "required": True,
        "description": "The environment that is wanted. Pick an example above the editor to begin with.",
        "content": {"application/json": {"schema": {"$ref": reference}, "examples": examples}},
    }


def patch_body() -> dict[str, JsonValue]:
    """Describe the body of a change: a JSON merge patch of the request document."""
    media: dict[str, JsonValue] = {
        "schema": {"type": "object", "title": "JSON merge patch of the request"},
        "examples": {
            "tags": {"summary": "Add a tag", "value": {"tags": {"cost-centre": "4711"}}},
            "protect": {"summary": "Protect from being destroyed", "value": {"protected": True}},
            "extend": {"summary": "Live for 30 days from creation", "value": {"ttl": "P30D"}},
            "for good": {"summary": "No time to live any more", "value": {"ttl": None}},
        },
    }
    return {
        "required": True,
        "description": "JSON merge patch (RFC 7396): what is given replaces, null removes, lists are whole.",
        "content": {"application/merge-patch+json": media, "application/json": media},
    }
