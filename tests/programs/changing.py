"""One workload of a document changed, as a team does it: another image, one copy more."""

from copy import deepcopy
from typing import Any, cast

from tests.programs.lab import Step
from tests.programs.strategies.documents import Document

_CARRIERS = frozenset(
    {
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:ecs/expressGatewayService:ExpressGatewayService",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:argoproj.io/v1alpha1:Rollout",
    }
)
"""The types that name a workload's image."""


def change_of(document: Document) -> tuple[Document, str]:
    """Return the document with its first workload changed, and that workload's name."""
    changed: Any = deepcopy(document)
    workload = changed["workloads"][0]
    workload["image"] = _another(workload["image"])
    if "scaling" not in workload:
        replicas = {"min": 1, "desired": 1, "max": 1, **workload.get("replicas", {})}
        desired = replicas["desired"] + 1
        workload["replicas"] = {**replicas, "desired": desired, "max": max(desired, replicas["max"])}
    return changed, cast("str", workload["name"])


def _another(image: Any) -> Any:  # noqa: ANN401 -- as a document has it
    if isinstance(image, str):
        return f"{image.partition('@')[0]}-next" if "@" not in image else f"{image.partition('@')[0]}:next"
    return {"repository": image["repository"], "tag": f"{image.get('tag', 'v0')}-next"}


def assert_only(workload: str, steps: list[Step]) -> None:
    """Check that a deployment changed what carries the workload's image, and nothing of anything else."""
    changed = {(step.type, step.name) for step in steps}
    strangers = {
        (type_, name) for type_, name in changed if name != workload and not name.startswith(f"{workload}-")
    }
    assert strangers == set()
    assert {type_ for type_, _ in changed} & _CARRIERS
    assert {step.operation for step in steps} <= {
        "update",
        "replace",
        "create-replacement",
        "delete-replaced",
    }
