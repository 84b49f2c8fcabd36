"""What the OpenAPI document says of applications: the blueprints' examples, without their orchestrator."""

from typing import cast

from pydantic import JsonValue

from programs.catalogue import BLUEPRINTS
from service.core.openapi import SCHEMA_REFERENCE

PORTABLE = ("minimal", "shop", "production")
"""The examples that both orchestrators have; their ECS documents are shown."""


def portable_applications() -> dict[str, dict[str, object]]:
    """Return the portable examples as applications, by name."""
    documents = {example.name: example.document for example in BLUEPRINTS["ecs"].examples}
    return {
        name: {key: value for key, value in documents[name].items() if key != "orchestrator"}
        for name in PORTABLE
    }


def comparison_body() -> dict[str, JsonValue]:
    """Describe the body of a new comparison, with an example of each portable application."""
    answers: JsonValue = {
        "kubernetes_experience": "some",
        "operations_capacity": "part_time",
        "time_to_production": "weeks",
    }
    examples: dict[str, JsonValue] = {
        name: {
            "summary": f"{name}, on ECS and on EKS",
            "value": {"application": cast("JsonValue", application), "answers": answers},
        }
        for name, application in portable_applications().items()
    }
    reference = SCHEMA_REFERENCE.format(model="ComparisonWanted")
    return {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": reference}, "examples": examples}},
    }
