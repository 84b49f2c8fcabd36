"""Collectors of metrics: they write to a group that is there, which ends and is encrypted like any other."""

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from tests.programs.eks.plans import Document, of_kind
from tests.programs.eks.variants import request, web
from tests.programs.recording import Recording, plan

_GROUP = "/berth/storefront/shop/otel/metrics"
_SIDECAR = request(web(sidecars=["otel"]))
_ON_NODES = request(cluster={"telemetry": "adot"})


def _groups(recording: Recording) -> list[object]:
    return [one.inputs["name"] for one in recording.of_type("aws:cloudwatch/logGroup:LogGroup")]


def _of_sidecar(recording: Recording) -> dict[str, Any]:
    (deployment,) = of_kind(recording, "Deployment")
    containers = deployment["spec"]["template"]["spec"]["initContainers"]
    (config,) = [
        variable["value"]
        for container in containers
        for variable in container.get("env", [])
        if variable["name"] == "AOT_CONFIG_CONTENT"
    ]
    return cast("dict[str, Any]", json.loads(config))


def _of_nodes(recording: Recording) -> dict[str, Any]:
    (release,) = [one for one in recording.of_type("kubernetes:helm.sh/v3:Release") if one.name == "adot"]
    return cast("dict[str, Any]", cast("dict[str, Any]", release.inputs["values"])["config"])


def _written_to(recording: Recording, policy_name: str) -> list[str]:
    (policy,) = [one for one in recording.of_type("aws:iam/rolePolicy:RolePolicy") if one.name == policy_name]
    statements = json.loads(str(policy.inputs["policy"]))["Statement"]
    writing = [one for one in statements if "logs:PutLogEvents" in one["Action"]]
    assert not any("logs:CreateLogGroup" in one["Action"] for one in writing)
    return [resource for one in writing for resource in one["Resource"]]


@pytest.mark.parametrize(
    ("document", "config_of", "policy"),
    [
        (_SIDECAR, _of_sidecar, "web-identity-pods-policy"),
        (_ON_NODES, _of_nodes, "adot-controller-policy"),
    ],
    ids=["beside a workload", "on every node"],
)
def test_a_collector_writes_to_the_environments_group(
    document: Document, config_of: Callable[[Recording], dict[str, Any]], policy: str
) -> None:
    """The group that it names is the one that is made, and the only one that its role may write to."""
    recording = plan(document)
    assert config_of(recording)["exporters"]["awsemf"]["log_group_name"] == _GROUP
    assert _GROUP in _groups(recording)
    (resource,) = _written_to(recording, policy)
    assert resource.endswith(":*")
    assert "*" not in resource.removesuffix(":*")


def test_both_kinds_share_one_group() -> None:
    """A group of one name is made once."""
    both = request(web(sidecars=["otel"]), cluster={"telemetry": "adot"})
    assert _groups(plan(both)).count(_GROUP) == 1


def test_no_collector_no_group() -> None:
    """Nothing is made for nobody."""
    assert _GROUP not in _groups(plan(request()))


def test_fluent_bit_writes_to_its_workloads_group_alone() -> None:
    """A workload's sidecar has no rights to another workload's logs."""
    (resource,) = _written_to(plan(request(web(sidecars=["fluent_bit"]))), "web-identity-pods-policy")
    assert resource.endswith("log-group:/berth/storefront/shop/web:*")
