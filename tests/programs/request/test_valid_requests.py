"""Requests that are accepted, and what they become."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from programs.request import EcsEnvironment, EksEnvironment, parse_request
from tests.programs.strategies.documents import Document
from tests.programs.strategies.ecs import ecs_documents
from tests.programs.strategies.eks import eks_documents

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))


def read(name: str) -> Document:
    """An example's document."""
    path = next(path for path in EXAMPLES if path.name == name)
    return yaml.safe_load(path.read_text())


def assert_round_trips(document: Document) -> None:
    """What a request is written as makes an equal request again."""
    request = parse_request(document)
    assert parse_request(json.loads(json.dumps(request.model_dump(mode="json")))) == request


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_accepted_as_they_stand(path: Path) -> None:
    """Every example document makes a request, and that request written out makes it again."""
    assert_round_trips(yaml.safe_load(path.read_text()))


def test_there_are_examples_of_both() -> None:
    """Both orchestrators have examples, so that the test above cannot pass by finding none."""
    assert {path.suffixes[0] for path in EXAMPLES} == {".ecs", ".eks"}


@given(ecs_documents())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_generated_ecs_requests_are_accepted(document: Document) -> None:
    """The strategy for ECS makes requests that validation accepts."""
    assert_round_trips(document)


@given(eks_documents())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_generated_eks_requests_are_accepted(document: Document) -> None:
    """The strategy for EKS makes requests that validation accepts."""
    assert_round_trips(document)


def test_orchestrator_chooses_the_model() -> None:
    """The same document becomes an ECS or an EKS environment by its orchestrator alone."""
    document = read("minimal.ecs.yaml")
    assert isinstance(parse_request(document), EcsEnvironment)
    assert isinstance(parse_request({**document, "orchestrator": "eks"}), EksEnvironment)


@pytest.mark.parametrize(
    ("environment_class", "ttl", "protected", "nat_gateways", "retention_days", "alarms"),
    [
        ("ephemeral", timedelta(days=3), False, "single", 7, False),
        ("standard", None, False, "single", 30, False),
        ("production", None, True, "one_per_az", 90, True),
    ],
)
def test_class_sets_defaults(
    environment_class: str,
    ttl: timedelta | None,
    protected: bool,
    nat_gateways: str,
    retention_days: int,
    alarms: bool,
) -> None:
    """The class fills in time to live, protection, NAT gateways, retention and alarms."""
    request = parse_request({**read("minimal.ecs.yaml"), "class": environment_class})
    assert request.ttl == ttl
    assert request.protected is protected
    assert request.network.nat_gateways == nat_gateways
    assert request.observability.log_retention_days == retention_days
    assert request.observability.alarms is alarms


def test_production_makes_no_alarms_on_eks() -> None:
    """Alarms are refused on EKS, so that no class asks for them there."""
    document = {
        **read("minimal.ecs.yaml"),
        "orchestrator": "eks",
        "class": "production",
        "cluster": {"endpoint": {"public": False, "private": True}},
    }
    assert not parse_request(document).observability.alarms


def test_what_is_written_wins_over_the_class() -> None:
    """A value in the document is kept, whatever the class would have set."""
    document = {
        **read("minimal.ecs.yaml"),
        "class": "production",
        "protected": False,
        "network": {"nat_gateways": "single"},
        "observability": {"alarms": False},
    }
    request = parse_request(document)
    assert not request.protected
    assert request.network.nat_gateways == "single"
    assert not request.observability.alarms
    assert request.observability.log_retention_days == 90


def test_exec_turns_the_read_only_file_system_off_by_default_on_ecs() -> None:
    """The agent of ECS Exec must write, so a workload with `exec` is writable unless it says otherwise."""
    document = read("minimal.ecs.yaml")
    workload = {"name": "web", "image": "nginx:1.27"}
    plain = parse_request({**document, "workloads": [workload]})
    executable = parse_request({**document, "workloads": [{**workload, "exec": True}]})
    assert plain.workloads[0].read_only_root_filesystem
    assert not executable.workloads[0].read_only_root_filesystem


@pytest.mark.parametrize("given", [{}, {"read_only_root_filesystem": False}])
def test_exec_leaves_the_file_system_read_only_on_eks(given: Document) -> None:
    """`kubectl exec` puts nothing into a container; the file system is writable where the request says so."""
    document = {**read("minimal.ecs.yaml"), "orchestrator": "eks"}
    workload = {"name": "web", "image": "nginx:1.27", "exec": True, **given}
    request = parse_request({**document, "workloads": [workload]})
    assert request.workloads[0].read_only_root_filesystem is given.get("read_only_root_filesystem", True)


SCHEDULE = {"schedule": [{"cron": "0 6 * * ? *", "min": 1, "max": 1}]}


@pytest.mark.parametrize(
    ("delivery", "workload"),
    [
        ("argo_rollouts", {"rollout": {"strategy": "blue_green", "maximum_percent": 100}}),
        ("argo_rollouts", {"rollout": {"strategy": "blue_green"}, "scaling": SCHEDULE}),
        ("flagger", {"scaling": SCHEDULE}),
    ],
)
def test_what_a_delivery_does_not_touch_is_free(delivery: str, workload: Document) -> None:
    """Argo switches without replacing bit by bit, and follows schedules; Flagger leaves `rolling` alone."""
    document = read("minimal.eks.yaml")
    (web,) = document["workloads"]
    changed = {**document, "cluster": {"delivery": delivery}, "workloads": [{**web, **workload}]}
    assert parse_request(changed)


def test_one_dependency_may_stand_without_a_list() -> None:
    """`depends_on` takes one mapping as well as a list of them."""
    sidecar = {
        "name": "helper",
        "image": "busybox:1.37",
        "depends_on": {"container": "xray", "condition": "START"},
    }
    document = {
        **read("minimal.ecs.yaml"),
        "workloads": [{"name": "web", "image": "nginx:1.27", "sidecars": ["xray", sidecar]}],
    }
    assert parse_request(document).model_dump()["workloads"][0]["sidecars"][1]["depends_on"][0] == {
        "container": "xray",
        "condition": "START",
    }
