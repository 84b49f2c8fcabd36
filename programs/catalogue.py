"""The blueprints that can be deployed: what each is, what it takes, and examples of it.

Nothing here imports Pulumi: the API shows the catalogue and must start in under a second.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

import yaml
from pydantic import BaseModel

from programs.request import EcsEnvironment, EksEnvironment


@dataclass(frozen=True, slots=True)
class Example:
    """A request document that is accepted as it stands."""

    name: str
    summary: str
    document: dict[str, object]


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A kind of environment: its request model and what a person should know of it."""

    name: str
    version: str
    title: str
    description: str
    request_model: type[BaseModel]
    examples: tuple[Example, ...]

    def json_schema(self) -> dict[str, object]:
        """The JSON Schema (draft 2020-12) of the request, as a form needs it."""
        return self.request_model.model_json_schema()


def _example_folder() -> Traversable:
    """In a wheel the examples lie beside this module, in the repository beside its package."""
    packaged = files("programs") / "examples"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "examples"


def _leading_comment(text: str) -> str:
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def _read_examples(orchestrator: str) -> Iterator[Example]:
    suffix = f".{orchestrator}.yaml"
    for file in sorted(_example_folder().iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(suffix):
            text = file.read_text(encoding="utf-8")
            yield Example(
                name=file.name.removesuffix(suffix),
                summary=_leading_comment(text),
                document=cast("dict[str, object]", yaml.safe_load(text)),
            )


BLUEPRINTS: dict[str, Blueprint] = {
    "ecs": Blueprint(
        name="ecs",
        version="1.0.0",
        title="Environment on Amazon ECS",
        description="Network, image repositories, cluster, services, one load balancer, autoscaling, "
        "discovery, rollouts, logs, alarms and least-privilege roles on ECS: Fargate, Fargate Spot and EC2.",
        request_model=EcsEnvironment,
        examples=tuple(_read_examples("ecs")),
    ),
    "eks": Blueprint(
        name="eks",
        version="1.0.0",
        title="Environment on Amazon EKS",
        description="Network, image repositories, cluster, nodes, add-ons, controllers and the same "
        "workloads "
        "on Kubernetes, behind one load balancer.",
        request_model=EksEnvironment,
        examples=tuple(_read_examples("eks")),
    ),
}
"""Every blueprint, by the value of `orchestrator`."""
