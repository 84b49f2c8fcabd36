"""Documents and what the program makes of them, each recorded once."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml

from tests.programs.eks.variants import VARIANTS, Document
from tests.programs.recording import Recording, Registered, plan

_EXAMPLES = Path(__file__).parents[3] / "examples"

EXAMPLES: dict[str, Document] = {
    path.name.removesuffix(".eks.yaml"): cast("Document", yaml.safe_load(path.read_text()))
    for path in sorted(_EXAMPLES.glob("*.eks.yaml"))
}
DOCUMENTS = {**EXAMPLES, **VARIANTS}


@cache
def plan_of(name: str) -> Recording:
    """Return what the program makes of a named document."""
    return plan(DOCUMENTS[name])


def in_cluster(recording: Recording) -> list[Registered]:
    """Return what is made inside the cluster."""
    return [one for one in recording.custom() if one.type.startswith("kubernetes:")]


def pod_specs(recording: Recording) -> Iterator[tuple[Registered, Mapping[str, Any]]]:
    """Return the pods that the program itself describes, whoever makes them."""
    for one in in_cluster(recording):
        spec = cast("Mapping[str, Any]", one.inputs.get("spec") or {})
        if one.inputs.get("kind") == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        template = spec.get("template")
        if isinstance(template, dict) and "containers" in template.get("spec", {}):
            yield one, template["spec"]


def of_kind(recording: Recording, kind: str) -> list[dict[str, Any]]:
    """Return the manifests of a kind."""
    return [
        cast("dict[str, Any]", one.inputs) for one in in_cluster(recording) if one.inputs.get("kind") == kind
    ]
