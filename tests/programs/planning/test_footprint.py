"""How much a request can come to hold."""

import pytest

from programs.planning.footprint import Footprint, Machine, families_of, footprint_of
from programs.request import parse_request

MACHINES = {"m6i.large": Machine(2, 8), "m6i.xlarge": Machine(4, 16), "c6i.large": Machine(2, 4)}
WEB = {"name": "web", "image": "nginx:1.27", "cpu_units": 512, "memory_mib": 1024}
MANY = {**WEB, "replicas": {"min": 1, "desired": 2, "max": 10}}
BY_NIGHT = {
    **MANY,
    "scaling": {"cpu_percent": 70, "schedule": [{"cron": "0 6 * * ? *", "min": 2, "max": 20}]},
}


def ecs(*workloads: dict, **members: object) -> dict:
    return {"name": "shop", "team": "shop", "orchestrator": "ecs", "workloads": workloads or [WEB], **members}


def eks(*workloads: dict, **cluster: object) -> dict:
    members = {"orchestrator": "eks", "cluster": cluster}
    return {"name": "shop", "team": "shop", "workloads": workloads or [WEB], **members}


def ec2(*types: str, **members: object) -> dict:
    return {"ec2": {"instance_types": types, "max": 3, **members}}


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        pytest.param(ecs(), Footprint(0.5, 1), id="one copy on Fargate"),
        pytest.param(ecs(MANY), Footprint(5, 10), id="copies at their maximum"),
        pytest.param(ecs(BY_NIGHT), Footprint(10, 20), id="a schedule's maximum where it is larger"),
        pytest.param(
            ecs(MANY, capacity=ec2("m6i.large")), Footprint(6, 24), id="instances with all they have"
        ),
        pytest.param(
            ecs(MANY, capacity=ec2("m6i.large", "m6i.xlarge")),
            Footprint(12, 48),
            id="the largest of the types",
        ),
        pytest.param(
            ecs(MANY, capacity={**ec2("m6i.large"), "fargate": {"weight": 50}}),
            Footprint(11, 34),
            id="both where copies may be on Fargate too",
        ),
        pytest.param(
            ecs(capacity={**ec2("m6i.large", weight=0), "fargate": {"weight": 50}}),
            Footprint(0.5, 1),
            id="no instances without a weight",
        ),
        pytest.param(
            ecs(capacity={**ec2("m6i.large", weight=0, min=1), "fargate": {"weight": 50}}),
            Footprint(2.5, 9),
            id="the fewest instances without a weight",
        ),
        pytest.param(eks(MANY), Footprint(8, 32), id="nodes of the default group"),
        pytest.param(
            eks(node_groups={"a": {"instance_types": ["c6i.large"], "max": 5}}),
            Footprint(10, 20),
            id="nodes at their maximum",
        ),
        pytest.param(
            eks(node_groups={"a": {"instance_types": ["x9.huge"], "max": 5}}),
            Footprint(0, 0, frozenset({"x9.huge"})),
            id="a size that nobody knows is named",
        ),
        pytest.param(
            eks(autoscaler="karpenter", karpenter={"max_vcpus": 64, "max_memory_gib": 256}),
            Footprint(72, 288),
            id="what Karpenter may buy, beside the nodes",
        ),
        pytest.param(eks(MANY, auto_mode=True), Footprint(5, 10), id="pods where Auto Mode finds the nodes"),
        pytest.param(
            eks(MANY, fargate_profiles={"web": {"selectors": [{"namespace": "web"}]}}),
            Footprint(13, 42),
            id="pods that a Fargate profile takes",
        ),
    ],
)
def test_a_request_counts_at_its_largest(document: dict, expected: Footprint) -> None:
    """What is bought counts: nodes with all they have, copies where no node of one's own is under them."""
    assert footprint_of(parse_request(document), MACHINES.get) == expected


def test_families_that_others_choose_are_patterns() -> None:
    """Karpenter chooses within its categories, Auto Mode among all."""
    assert families_of(parse_request(ecs())) == set()
    assert families_of(parse_request(ecs(capacity=ec2("m6i.large", "c6i.large")))) == {"m6i", "c6i"}
    chosen = eks(autoscaler="karpenter", karpenter={"instance_categories": ["c", "r"]})
    assert families_of(parse_request(chosen)) == {"m6i", "c*", "r*"}
    assert families_of(parse_request(eks(auto_mode=True))) == {"*"}
