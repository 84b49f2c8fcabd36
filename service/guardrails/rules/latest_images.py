"""Images that may be another thing tomorrow."""

from collections.abc import Iterator
from typing import cast

import pydantic_core

from service.costs.reading import objects_at, text_at
from service.guardrails.model import Guardrail, RuleName, Subject, Violation
from service.plans.resources import PlannedResource
from service.state.json_values import JsonObject, JsonValue

TASK = "aws:ecs/taskDefinition:TaskDefinition"
LATEST = "latest"


def find(subject: Subject) -> Iterator[Violation]:
    """Yield containers whose image is named `latest`, or not named at all."""
    for resource in subject.resources:
        for container in _containers(resource):
            image = text_at(container, "image")
            if image is not None and _is_latest(image):
                name = text_at(container, "name") or resource.name
                yield Violation(f"{resource.name}: container {name} runs {image}", resource.urn)


def _containers(resource: PlannedResource) -> list[JsonObject]:
    if resource.type == TASK:
        definitions = text_at(resource.inputs, "containerDefinitions")
        return objects_at({"list": _parsed(definitions)}, "list")
    if not resource.type.startswith("kubernetes:"):
        return []
    pod = ("spec", "template", "spec")
    batch = ("spec", "jobTemplate", "spec", "template", "spec")
    kinds = ("containers", "initContainers")
    return [
        item for path in (pod, batch) for kind in kinds for item in objects_at(resource.inputs, *path, kind)
    ]


def _parsed(text: str | None) -> JsonValue:
    try:
        return cast("JsonValue", pydantic_core.from_json(text or "[]"))
    except ValueError:
        return []  # not known yet


def _is_latest(image: str) -> bool:
    if "@" in image:
        return False
    _, _, tag = image.rpartition("/")[2].partition(":")
    return tag in {"", LATEST}


RULE = Guardrail(
    name=RuleName.LATEST_IMAGES,
    title="An image has a tag that stays",
    text="No container runs an image tagged `latest` or without a tag: what runs tomorrow was planned today.",
    hint="name a version or a digest",
    find=find,
)
