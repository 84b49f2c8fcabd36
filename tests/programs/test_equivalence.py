"""The same request on both orchestrators."""

from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from tests.programs.equivalences import EQUIVALENCES, Equivalence, table_text
from tests.programs.recording import Recording, plan

_ROOT = Path(__file__).parents[2]
_OWN_PARTS = ("capacity", "cluster", "mesh")
_OWN_KEYS = ("exec", "rollout")
"""The agent of ECS Exec must write to the container; nothing on EKS must."""
_PERMISSIONS = [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::shop-uploads/*"]}]


def _portable(name: str) -> dict[str, Any]:
    """An example without the parts that one orchestrator alone has, and with some permissions."""
    document = cast("dict[str, Any]", yaml.safe_load((_ROOT / "examples" / name).read_text()))
    kept = {key: value for key, value in document.items() if key not in _OWN_PARTS}
    workloads = [
        {**{key: value for key, value in one.items() if key not in _OWN_KEYS}, "permissions": _PERMISSIONS}
        for one in document["workloads"]
    ]
    return {**kept, "workloads": workloads}


EXAMPLES = sorted(path.name for path in (_ROOT / "examples").glob("*.yaml"))


@cache
def _made(name: str, orchestrator: str) -> Recording:
    document = {**_portable(name), "orchestrator": orchestrator}
    if orchestrator == "eks":
        # Class production opens the Kubernetes API to nobody by default.
        document["cluster"] = {"endpoint": {"public": False}}
    return plan(document)


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("row", EQUIVALENCES, ids=lambda row: row.fields)
def test_a_request_means_the_same_on_both(example: str, row: Equivalence) -> None:
    """Flipping the orchestrator of a portable request changes how, not what."""
    for workload in _portable(example)["workloads"]:
        on_ecs = row.read_ecs(_made(example, "ecs"), workload["name"])
        on_eks = row.read_eks(_made(example, "eks"), workload["name"])
        assert on_ecs == on_eks, workload["name"]


def test_the_page_has_the_table() -> None:
    """docs/eks.md shows the table that the test above goes by."""
    assert table_text() in (_ROOT / "docs" / "eks.md").read_text()
