"""What a change of a request changes, and what it leaves alone."""

from collections.abc import Mapping
from copy import deepcopy
from typing import cast

import pytest

from tests.programs.ecs.plans import EXAMPLES
from tests.programs.ecs.variants import Document, environment, private, public, worker
from tests.programs.recording import Recording, plan


def _pictures(recording: Recording) -> dict[str, object]:
    """Return each resource's properties, but those that the program says are not its own any more."""
    pictures: dict[str, object] = {}
    for resource in recording.custom():
        inputs = {key: value for key, value in resource.inputs.items() if key not in resource.ignored_changes}
        pictures[f"{resource.type}::{resource.name}"] = inputs
    return pictures


def _changed(before: Document, after: Document) -> set[str]:
    """Return the names of resources that come, go or change."""
    old, new = _pictures(plan(before)), _pictures(plan(after))
    keys = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    return {key.split("::")[1] for key in keys}


def _with(document: Document, workload: str, **parts: object) -> Document:
    """Return a copy of the document in which a workload has other parts."""
    copied = deepcopy(document)
    for one in cast("list[dict[str, object]]", copied["workloads"]):
        if one["name"] == workload:
            one.update(parts)
    return copied


def test_a_new_tag_changes_its_own_task_definition_alone() -> None:
    """Deploying a version changes one task definition, and through its ARN one service."""
    shop = EXAMPLES["shop"]
    changed = _changed(shop, _with(shop, "backend", image={"repository": "backend", "tag": "v2.1.4"}))
    assert changed == {"backend-task"}


def test_a_changed_workload_touches_no_other_workloads_resources() -> None:
    """Ports, rollout, scaling, secrets and size of one workload are nobody else's business."""
    shop = EXAMPLES["shop"]
    changes: list[dict[str, object]] = [
        {"ports": [{"name": "http", "port": 9090}]},
        {"rollout": {"minimum_healthy_percent": 50, "rollback_alarms": ["cpu"]}},
        {"scaling": {"memory_percent": 50}},
        {"secrets": []},
        {"cpu_units": 2048, "memory_mib": 4096},
        {"exec": True},
        {"sidecars": ["otel"]},
        {"public": {"path": "/other"}},
    ]
    for parts in changes:
        for name in _changed(shop, _with(shop, "backend", **parts)):
            assert name.startswith("backend"), (parts, name)


def test_a_workload_that_comes_or_goes_moves_no_other() -> None:
    """Adding a public workload leaves rules, groups and services of the others as they stand."""
    before = environment(public("web"), private("api"))
    after = environment(public("web"), private("api"), public("shop", public={"path": "/shop/*"}))
    assert all(name.startswith("shop") for name in _changed(before, after))


def test_a_new_caller_adds_a_rule_and_changes_nothing() -> None:
    """Letting another workload call one adds one security group rule."""
    before = environment(private("api"), worker("jobs"))
    after = environment(private("api", allow_from=["jobs"]), worker("jobs"))
    assert _changed(before, after) == {"api-from-jobs-8080-tcp-ingress"}


def test_replicas_under_an_autoscaler_change_the_bounds_alone() -> None:
    """The desired count is the autoscaler's: another one in the request changes nothing."""
    scaling = {"cpu_percent": 60}
    before = environment(worker(scaling=scaling, replicas={"min": 1, "desired": 1, "max": 9}))
    after = environment(worker(scaling=scaling, replicas={"min": 1, "desired": 5, "max": 9}))
    assert _changed(before, after) == set()


def test_replicas_without_an_autoscaler_change_the_service_alone() -> None:
    """The desired count is the request's where nothing scales."""
    before = environment(worker(), private())
    after = environment(worker(replicas={"min": 3, "desired": 3, "max": 3}), private())
    assert _changed(before, after) == {"worker-service"}


def test_another_nat_mode_changes_gateways_and_routes_alone() -> None:
    """Subnets and route tables stay when the way out changes."""
    before = environment(worker(), network={"nat_gateways": "single"})
    after = environment(worker(), network={"nat_gateways": "one_per_az"})
    assert _changed(before, after) == {"network-nat-2", "network-nat-2-address", "network-private-2-internet"}


@pytest.mark.slow
def test_equal_requests_make_equal_plans() -> None:
    """A program is a function of request and facts: a second run registers the same."""
    for document in EXAMPLES.values():
        assert _changed(document, deepcopy(document)) == set()


def test_what_a_rollout_moves_is_left_to_it() -> None:
    """Rules whose weights a rollout shifts, and what CodeDeploy replaces, are not put back."""
    recording = plan(EXAMPLES["production"])
    rule = recording.one("aws:lb/listenerRule:ListenerRule", "my-app-rule")
    assert rule.ignored_changes == ("actions",)
    document = environment(public(rollout={"strategy": "blue_green", "controller": "codedeploy"}))
    service = plan(document).one("aws:ecs/service:Service", "web-service")
    assert set(service.ignored_changes) == {
        "taskDefinition",
        "loadBalancers",
        "networkConfiguration",
        "capacityProviderStrategies",
        "enableExecuteCommand",
    }
    assert cast("Mapping[str, object]", service.inputs["deploymentController"])["type"] == "CODE_DEPLOY"
