"""Environments on ECS deployed for real, changed and destroyed."""

from pathlib import Path

import pytest

from tests.programs.ecs.plans import DOCUMENTS
from tests.programs.ecs.variants import environment, public, worker
from tests.programs.lab import Lab, Step, cloud
from tests.programs.living import live_through


def test_an_environment_is_made_kept_changed_and_destroyed(tmp_path: Path) -> None:
    """The second deployment keeps everything; another image changes one task definition and one service."""
    before = environment(worker())
    after = environment(worker(image="public.ecr.aws/nginx/nginx:1.28"))
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        created = lab.changes(before)["create"]
        assert lab.changes(before) == {"same": created}
        changed = lab.changes(after)
        assert changed["same"] == created - 2
        assert set(changed) <= {"same", "update", "replace"}
        lab.destroy(after)


def test_other_capacity_weights_update_the_service(tmp_path: Path) -> None:
    """The service that runs is moved to its other capacity, not deleted and made anew."""
    spot = environment(worker(), capacity={"fargate": {"weight": 1}, "fargate_spot": {"weight": 1}})
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        lab.changes(environment(worker()))
        assert {(step.operation, step.name) for step in lab.steps(spot)} == {
            ("update", "capacity-providers"),
            ("update", "worker-service"),
        }


def test_instances_leave_by_way_of_weight_0(tmp_path: Path) -> None:
    """The cluster gives up the instances' provider only after its services have."""
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        lab.changes(environment(worker(), capacity={"ec2": {"weight": 1}}))
        lab.changes(environment(worker(), capacity={"fargate": {"weight": 1}, "ec2": {"weight": 0}}))
        lab.changes(environment(worker()))
        lab.destroy(environment(worker()))


@pytest.mark.parametrize(("controller", "also"), [("ecs", set[str]()), ("codedeploy", {"web-service"})])
def test_another_port_of_a_workload_that_shifts_traffic_takes_its_rule_along(
    controller: str, also: set[str], tmp_path: Path
) -> None:
    """The rule, whose weights are the rollout's, is made anew with the target groups that it leads to.

    So is a service of CodeDeploy's, which takes no others.
    """
    rollout = {"strategy": "blue_green", "controller": controller}
    moved = environment(public(rollout=rollout, ports=[{"name": "http", "port": 9090}]))
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        lab.changes(environment(public()))
        assert "web-rule" in _replaced(lab.steps(environment(public(rollout=rollout))))
        assert _replaced(lab.steps(moved)) >= {"web-rule", "web-targets", "web-alternate-targets", *also}
        assert lab.changes(moved).keys() == {"same"}
        lab.destroy(moved)


def _replaced(steps: list[Step]) -> set[str]:
    return {step.name for step in steps if step.operation == "replace"}


def test_an_existing_network_stands_untouched(tmp_path: Path) -> None:
    """An environment in a network that was there lives like any other, and leaves the network as it was."""
    live_through("sandbox", tmp_path, DOCUMENTS["existing_network"])


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_lives_in_the_sandbox(name: str, tmp_path: Path) -> None:
    """Each example and each knob is planned, deployed, kept, changed and destroyed by our own engine."""
    live_through("sandbox", tmp_path, DOCUMENTS[name])


@pytest.mark.slow
@pytest.mark.official_engine
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_lives_on_the_official_engine(name: str, tmp_path: Path) -> None:
    """Each example and each knob is planned, deployed, kept, changed and destroyed by the official engine."""
    live_through("official", tmp_path, DOCUMENTS[name])
