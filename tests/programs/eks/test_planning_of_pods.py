"""What a workload's pods are given, without a plan around them."""

from typing import Any, cast

import pytest
from pulumi_kubernetes.core.v1 import (
    PodSecurityContextArgs,
    PodSpecArgs,
    ResourceRequirementsArgs,
    SysctlArgs,
)

from programs.eks.containers import PodContext
from programs.eks.pods import pod_template
from programs.eks.resources import workload_resources
from programs.eks.waiting import waiting_annotations
from programs.request.workload import Workload
from tests.programs.eks.scopes import SCOPE


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


@pytest.mark.parametrize(
    ("parts", "opened"),
    [
        ({"ports": [{"port": 8080}]}, False),
        ({"ports": [{"port": 80}]}, True),
        ({"sidecars": [{"name": "proxy", "image": "nginx:1", "ports": [{"port": 443}]}]}, True),
        ({"sidecars": [{"name": "proxy", "image": "nginx:1", "ports": [{"port": 8443}]}]}, False),
    ],
)
def test_low_ports_are_open_to_ordinary_users(parts: dict[str, object], *, opened: bool) -> None:
    """A port below 1024 of any container of the pod is one that its user, who is not root, may open."""
    pod = cast("PodSpecArgs", pod_template(_workload(**parts), PodContext(SCOPE, {}, ())).spec)
    security = cast("PodSecurityContextArgs", pod.security_context)
    sysctls = cast("list[SysctlArgs]", security.sysctls or [])
    assert [one.name for one in sysctls] == ["net.ipv4.ip_unprivileged_port_start"] * opened
