"""Plans to estimate: those that the programs register for a request, and small ones by hand."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from service.costs.planned import PlannedResource
from tests.programs.recording import plan

EXAMPLES = Path(__file__).parents[3] / "examples"


def example(name: str) -> dict[str, Any]:
    """Return an example document as it is written."""
    return yaml.safe_load((EXAMPLES / name).read_text(encoding="utf-8"))


def plan_of(document: dict[str, Any]) -> list[PlannedResource]:
    """Return what the request's program registers, as planned resources."""
    recording = plan(document)
    return [
        PlannedResource(
            type=resource.type,
            name=resource.name,
            urn=f"urn:pulumi:test::environments::{resource.type}::{resource.name}",
            inputs=resource.inputs,
            parent=_short(resource.parent),
        )
        for resource in recording.resources
    ]


def _short(urn: str) -> str | None:
    """Name a parent as `plan_of` names resources: by its own type and name, without its ancestors' types."""
    if not urn:
        return None
    *_, types, name = urn.split("::")
    return f"urn:pulumi:test::environments::{types.rpartition('$')[2]}::{name}"


@lru_cache
def plan_of_example(name: str) -> tuple[PlannedResource, ...]:
    """Return the plan of an example, made once."""
    return tuple(plan_of(example(name)))


def ecs_request(**changes: object) -> dict[str, Any]:
    """Return a small ECS request with some of its fields replaced."""
    return {
        "name": "shop",
        "team": "storefront",
        "orchestrator": "ecs",
        "region": "us-east-1",
        "workloads": [workload("web")],
        **changes,
    }


def workload(name: str, **changes: object) -> dict[str, Any]:
    """Return a small workload with some of its fields replaced."""
    return {"name": name, "image": "public.ecr.aws/nginx/nginx:1.27", **changes}


def service(
    name: str = "web", *, count: int = 1, cpu_units: int = 256, memory_mib: int = 512
) -> list[PlannedResource]:
    """Return an ECS service with its task definition, on Fargate."""
    parent = f"urn:{name}"
    return [
        PlannedResource("berth:ecs:Workload", name, parent),
        PlannedResource(
            "aws:ecs/service:Service",
            f"{name}-service",
            f"urn:{name}-service",
            {"name": name, "desiredCount": count},
            parent,
        ),
        PlannedResource(
            "aws:ecs/taskDefinition:TaskDefinition",
            f"{name}-task",
            f"urn:{name}-task",
            {"family": name, "cpu": str(cpu_units), "memory": str(memory_mib)},
            parent,
        ),
    ]
