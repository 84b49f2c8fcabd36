"""What a workload's pods are given, without a plan around them."""

from typing import Any, cast

import pytest
from pulumi_kubernetes.core.v1 import ResourceRequirementsArgs

from programs.eks.resources import workload_resources
from programs.eks.waiting import waiting_annotations
from programs.request.workload import Workload


def _workload(**parts: object) -> Workload:
    return Workload.model_validate({"name": "web", "image": "nginx:1", **parts})


def _given(resources: ResourceRequirementsArgs, what: str) -> tuple[object, object]:
    requests, limits = (cast("dict[str, Any]", one) for one in (resources.requests, resources.limits))
    return requests.get(what), limits.get(what)


@pytest.mark.parametrize(
    ("parts", "given"),
    [({}, None), ({"ephemeral_storage_gib": 20}, None), ({"ephemeral_storage_gib": 50}, "50Gi")],
)
def test_a_nodes_disk_is_set_aside_only_where_more_is_asked_for(
    parts: dict[str, object], given: str | None
) -> None:
    """Copies with the default share a node's disk, as many as fit otherwise; who asks for more has it."""
    resources = workload_resources(_workload(**parts), known_sidecar_count=0)
    assert _given(resources, "ephemeral-storage") == (given, given)


@pytest.mark.parametrize(
    "parts",
    [
        {"image": {"repository": "web", "tag": "v1"}},
        {"sidecars": [{"name": "proxy", "image": {"repository": "proxy", "tag": "v1"}}]},
        {"rollout": {"strategy": "canary", "stable_image": {"repository": "web", "tag": "v0"}}},
    ],
)
def test_nothing_waits_for_an_image_that_nobody_can_have_pushed(parts: dict[str, object]) -> None:
    """With an image of the own registry, pods come up when it is there; a deployment ends before."""
    assert waiting_annotations(_workload(**parts)) == {"pulumi.com/skipAwait": "true"}


def test_pods_of_images_from_elsewhere_are_waited_for() -> None:
    """A deployment ends in truth: when pods whose image is there are up."""
    assert waiting_annotations(_workload(sidecars=["xray"])) is None
