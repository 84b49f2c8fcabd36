"""Names that the environment's own parts have, and lists that say the same twice."""

import pytest

from programs.request import parse_request
from tests.programs.request.refusals import API, ECS, EKS, WEB, Refusal, assert_refused, refusals
from tests.programs.strategies.arns import CERTIFICATE
from tests.programs.strategies.documents import Document


def _named(name: str, **parts: object) -> Document:
    """A request for a private workload of this name, with these parts."""
    return {**ECS, "workloads": [{**API, "name": name}], **parts}


def _two(first: Document, second: str, **parts: object) -> Document:
    """A request for a workload, and a private one of the second name."""
    return {**ECS, "workloads": [first, {**API, "name": second}], **parts}


_BOTH = {"fargate": {"weight": 50}, "ec2": {"weight": 50}}
_TRACED = {"observability": {"tracing": "xray"}}
_BLOCKS = [f"203.0.113.{number}/32" for number in range(21)]
_TESTED = {"certificate_arn": CERTIFICATE, "test_port": 8443}
_BLUE_GREEN = {**WEB, "public": _TESTED, "rollout": {"strategy": "blue_green"}}

NAMES: list[Refusal] = [
    ("exec", _named("exec"), ("workloads", 0, "name"), "exec sessions"),
    ("flow log", _named("flow", network={"flow_logs": True}), ("workloads", 0, "name"), "flow log"),
    (
        "endpoints",
        _named("endpoints", network={"endpoints": ["sts"]}),
        ("workloads", 0, "name"),
        "VPC endpoints",
    ),
    ("load balancer", _two(WEB, "load-balancer"), ("workloads", 1, "name"), "load balancer"),
    ("instances", _named("instances", capacity=_BOTH), ("workloads", 0, "name"), "instances"),
    (
        "gateway",
        _named("mesh-gateway", mesh={"kind": "app_mesh", "gateway": True}),
        ("workloads", 0, "name"),
        "gateway",
    ),
    ("second service", _two(WEB, "web-ec2", capacity=_BOTH), ("workloads", 1, "name"), "workload `web`"),
    (
        "canary",
        _two({**WEB, "rollout": {"strategy": "canary"}}, "web-canary", mesh={"kind": "app_mesh"}),
        ("workloads", 1, "name"),
        "workload `web`",
    ),
    ("the daemon", {**_named("xray"), **_TRACED}, ("workloads", 0, "name"), "tracing"),
    (
        "a sidecar as the daemon",
        {**ECS, **_TRACED, "workloads": [{**API, "sidecars": [{"name": "xray", "image": "xray:1"}]}]},
        ("workloads", 0, "sidecars", 0),
        "there already",
    ),
]

BLOCKS: list[Refusal] = [
    (
        "a block twice",
        {**ECS, "load_balancer": {"allowed_cidrs": ["203.0.113.0/24", "203.0.113.0/24"]}},
        ("load_balancer", "allowed_cidrs", 1),
        "already",
    ),
    (
        "more rules than a group has",
        {**ECS, "workloads": [_BLUE_GREEN], "load_balancer": {"allowed_cidrs": _BLOCKS}},
        ("load_balancer", "allowed_cidrs"),
        "20 blocks",
    ),
]


@refusals(NAMES)
def test_names_that_are_taken(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """A workload named as another part of its environment is refused, naming that part."""
    assert_refused(document, place, fragment)


@refusals(BLOCKS)
def test_blocks_that_a_security_group_does_not_take(
    document: object, place: tuple[int | str, ...], fragment: str
) -> None:
    """AWS takes each rule once, and a number of them."""
    assert_refused(document, place, fragment)


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(_named("flow"), id="no flow log"),
        pytest.param(_named("endpoints", network={"endpoints": ["s3"]}), id="gateway endpoints"),
        pytest.param(_named("load-balancer"), id="no load balancer"),
        pytest.param(_named("instances"), id="no instances"),
        pytest.param(_two(WEB, "web-ec2"), id="one service each"),
        pytest.param(
            {**ECS, **_TRACED, "workloads": [{**API, "sidecars": ["xray"]}]}, id="the daemon itself"
        ),
        pytest.param({**EKS, "workloads": [{**API, "name": "exec"}]}, id="another orchestrator"),
        pytest.param({**ECS, "load_balancer": {"allowed_cidrs": _BLOCKS}}, id="one listener"),
    ],
)
def test_names_and_blocks_that_are_free(document: object) -> None:
    """Only what is made in the same environment takes a name."""
    parse_request(document)
