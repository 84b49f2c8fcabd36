"""Networks in which an environment on ECS could not run: endpoints, images and file systems out of reach."""

import pytest

from programs.request import parse_request
from tests.programs.existing import EXISTING
from tests.programs.request.refusals import API, ECS, Refusal, assert_refused, refusals
from tests.programs.strategies.documents import Document

_ENDPOINTS = ["ecr.api", "ecr.dkr", "s3", "logs", "ssmmessages"]
_OF_INSTANCES = ["ecs", "ecs-agent", "ecs-telemetry"]
_VOLUME = {"name": "data", "mount_path": "/data", "efs": {"file_system_id": "fs-0123456789abcdef0"}}


def _shut_in(endpoints: list[str], *, exec_: bool = False, **parts: object) -> Document:
    """A request that needs nothing from the internet, but for these parts."""
    workload = {**API, "image": {"repository": "api", "tag": "v1"}, "exec": exec_}
    network = {"nat_gateways": "none", "endpoints": endpoints}
    return {
        **ECS,
        "registry": {"repositories": ["api"]},
        "network": network,
        "workloads": [workload],
        **parts,
    }


NETWORKS: list[Refusal] = [
    (
        "instances that cannot register",
        _shut_in(_ENDPOINTS, capacity={"ec2": {"weight": 100}}),
        ("network", "endpoints"),
        "ecs, ecs-agent, ecs-telemetry",
    ),
    ("sessions that cannot be decrypted", _shut_in(_ENDPOINTS, exec_=True), ("network", "endpoints"), "kms"),
    (
        "the X-Ray daemon",
        _shut_in(_ENDPOINTS, observability={"tracing": "xray"}),
        ("observability", "tracing"),
        "image of `registry`",
    ),
    ("Envoy", _shut_in(_ENDPOINTS, mesh={"kind": "app_mesh"}), ("mesh", "kind"), "service_connect"),
    (
        "a file system in another VPC",
        {**ECS, "workloads": [{**API, "volumes": [_VOLUME]}]},
        ("workloads", 0, "volumes"),
        "existing",
    ),
]


@refusals(NETWORKS)
def test_what_the_network_leaves_out_of_reach(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """It is refused where it is asked for, saying what to write."""
    assert_refused(document, place, fragment)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(_shut_in(_ENDPOINTS), id="Fargate"),
        pytest.param(
            _shut_in([*_ENDPOINTS, *_OF_INSTANCES], capacity={"ec2": {"weight": 100}}), id="instances"
        ),
        pytest.param(_shut_in([*_ENDPOINTS, "kms"], exec_=True), id="exec"),
        pytest.param(
            _shut_in(_ENDPOINTS, exec_=True, cluster={"exec": {"encrypt": False}}), id="exec without a key"
        ),
        pytest.param(
            {**ECS, "network": {"existing": EXISTING}, "workloads": [{**API, "volumes": [_VOLUME]}]},
            id="a file system in its own VPC",
        ),
    ],
)
def test_what_is_within_reach(document: object) -> None:
    """With the endpoints it needs, or in the network it is in, it is taken."""
    parse_request(document)
