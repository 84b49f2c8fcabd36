"""What the program makes of services: their order, their alarms, their routes, their limits."""

from collections.abc import Mapping
from typing import cast

from tests.programs.ecs.plans import plan
from tests.programs.ecs.variants import Document, environment, public, worker

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
