"""The page on ECS: every setting of a request is on it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from programs.request import EcsEnvironment
from programs.request.workload import Workload

_PAGE = (Path(__file__).parents[3] / "docs" / "ecs.md").read_text()
# The service's own, told elsewhere: docs/schedules.md, docs/cost.md, docs/request.md.
_OF_THE_SERVICE = frozenset({"cost_assumptions", "orchestrator", "protected", "ttl", "working_hours"})
# Refused on ECS: they belong to EKS.
_OF_EKS = frozenset({"stable_image", "steps"})


def _settings(model: type[BaseModel], depth: int) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name in _OF_THE_SERVICE | _OF_EKS:
            continue
        parts = list(_parts(field.annotation)) if depth else []
        if parts and name != "workloads":
            for part in parts:
                yield from _settings(part, depth - 1)
        elif name != "workloads":
            yield field.alias or name


def _parts(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


@pytest.mark.parametrize("name", sorted({*_settings(EcsEnvironment, 1), *_settings(Workload, 1)}))
def test_every_setting_is_on_the_page(name: str) -> None:
    """A field that a request can have is named in the page's tables, with what it becomes on AWS."""
    rows = [line for line in _PAGE.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"\b{name}\b", row) for row in rows)
