"""What the program makes of services: their order, their alarms, their routes, their limits."""

import json
from collections.abc import Mapping
from typing import cast

from tests.programs.ecs.variants import Document, environment, private, public, worker
from tests.programs.recording import plan

_OWN = {"repository": "app", "tag": "v1"}
_REGISTRY = {"repositories": ["app", "tools"]}


def _commands_after_a_push(document: Document, repository: str) -> list[str]:
    commands = cast("Mapping[str, list[str]]", plan(document).outputs["push_commands"])[repository]
    return commands[3:]


def test_the_last_of_the_push_commands_starts_what_waits_for_the_image() -> None:
    """Each service that runs images of a repository is deployed anew after a push there, and no other."""
    capacity = {"fargate": {"weight": 1}, "ec2": {"weight": 1}}
    shared = environment(worker(image=_OWN), worker("other"), registry=_REGISTRY, capacity=capacity)
    start = "aws ecs update-service --region us-east-1 --cluster ops-knobs --service"
    assert _commands_after_a_push(shared, "app") == [
        f"{start} worker --force-new-deployment",
        f"{start} worker-ec2 --force-new-deployment",
    ]
    assert _commands_after_a_push(shared, "tools") == []


def test_codedeploys_services_are_not_told_to_deploy() -> None:
    """CodeDeploy's services have no circuit breaker, and refuse to be deployed by ECS."""
    rollout = {"strategy": "blue_green", "controller": "codedeploy"}
    document = environment(public(image=_OWN, rollout=rollout), registry=_REGISTRY)
    assert _commands_after_a_push(document, "app") == []


def test_a_rollout_of_codedeploy_brings_network_and_capacity() -> None:
    """ECS changes neither in such a service: the command that starts a rollout names them."""
    rollout = {"strategy": "blue_green", "controller": "codedeploy"}
    document = environment(public(rollout=rollout), capacity={"fargate": {"weight": 3}})
    commands = cast("Mapping[str, str]", plan(document).outputs["deploy_commands"])
    revision = json.loads(commands["web"].partition("--revision '")[2].rstrip("'"))
    (resource,) = json.loads(revision["appSpecContent"]["content"])["Resources"]
    properties = resource["TargetService"]["Properties"]
    assert properties["NetworkConfiguration"]["AwsvpcConfiguration"] == {
        "Subnets": ["network-private-1-id", "network-private-2-id"],
        "SecurityGroups": ["web-group-id"],
        "AssignPublicIp": "DISABLED",
    }
    assert properties["CapacityProviderStrategy"] == [{"CapacityProvider": "FARGATE", "Base": 0, "Weight": 3}]


def test_under_service_connect_services_come_after_those_that_they_call() -> None:
    """A task resolves the names that were there when its service was deployed, and no later ones."""
    chain = [
        public("web", env={"API": "http://${workloads.api.host}"}),
        private("api", allow_from=["jobs"]),
        worker("jobs"),
    ]
    assert _services_awaited(environment(*chain, mesh={"kind": "service_connect"})) == {
        "web-service": {"api-service"},
        "jobs-service": {"api-service"},
        "api-service": set(),
    }
    assert not any(_services_awaited(environment(*chain)).values())


def test_services_that_call_each_other_are_made_none_the_less() -> None:
    """Of a circle the first by name waits for the other, which cannot wait for it as well."""
    circle = [private("shop", allow_from=["cart"]), private("cart", allow_from=["shop"])]
    assert _services_awaited(environment(*circle, mesh={"kind": "service_connect"})) == {
        "cart-service": {"shop-service"},
        "shop-service": set(),
    }


def _services_awaited(document: Document) -> dict[str, set[str]]:
    services = plan(document).of_type("aws:ecs/service:Service")
    awaited = {one.name: {urn.rpartition("::")[2] for urn in one.dependencies} for one in services}
    return {name: found & awaited.keys() for name, found in awaited.items()}


def test_each_service_of_a_split_workload_is_watched() -> None:
    """Each has alarms over itself; those over its traffic are made once and end either's rollout."""
    rollout = {"rollback_alarms": ["http_5xx", "cpu"]}
    capacity = {"fargate": {"weight": 1}, "ec2": {"weight": 1}}
    recording = plan(environment(public(rollout=rollout), capacity=capacity))
    alarms = {one.inputs["name"] for one in recording.of_type("aws:cloudwatch/metricAlarm:MetricAlarm")}
    assert alarms == {"ops-knobs-web-http-5xx", "ops-knobs-web-cpu", "ops-knobs-web-ec2-cpu"}
    ending = {
        one.name: set(cast("Mapping[str, list[str]]", one.inputs["alarms"])["alarmNames"])
        for one in recording.of_type("aws:ecs/service:Service")
    }
    assert ending == {
        "web-service": {"ops-knobs-web-http-5xx", "ops-knobs-web-cpu"},
        "web-ec2-service": {"ops-knobs-web-http-5xx", "ops-knobs-web-ec2-cpu"},
    }
