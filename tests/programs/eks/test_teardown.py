"""The order in which an environment on EKS is taken down, as the engine's events tell it."""

from collections.abc import Callable

import pytest

from tests.programs.eks.variants import EFS, Document, api, request, web
from tests.programs.lab import EventLog, Lab, Step, cloud

MAKERS = {
    "Canary": "flagger",
    "EC2NodeClass": "karpenter",
    "Gateway": "lattice",
    "HTTPRoute": "lattice",
    "Ingress": "load-balancer-controller",
    "NodePool": "karpenter",
    "VirtualNode": "app-mesh",
}
"""What makes something outside the cluster, and the release that cleans up after it."""

ADDON, CLUSTER, NODES = "aws:eks/addon:Addon", "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
FOUNDATION = (ADDON, CLUSTER, NODES)

LIVES: dict[str, tuple[Document, set[str]]] = {
    "karpenter, lattice and a file system": (
        request(
            web(volumes=[{"name": "data", "mount_path": "/data", "efs": EFS}]),
            cluster={"autoscaler": "karpenter"},
            mesh={"kind": "vpc_lattice"},
        ),
        {"EC2NodeClass", "Gateway", "HTTPRoute", "Ingress", "NodePool"},
    ),
    "Flagger on VPC Lattice": (
        request(
            web(rollout={"strategy": "canary"}),
            cluster={"delivery": "flagger"},
            mesh={"kind": "vpc_lattice"},
        ),
        {"Canary", "Gateway", "Ingress"},
    ),
    "App Mesh": (request(web(), api(), mesh={"kind": "app_mesh"}), {"Ingress", "VirtualNode"}),
    "auto mode": (request(cluster={"auto_mode": True}), {"Ingress"}),
}


@pytest.fixture(scope="module", params=LIVES)
def taken_down(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, EventLog]:
    """What happened when an environment was destroyed, by the name of its life."""
    folder = tmp_path_factory.mktemp("life")
    with cloud(folder / "cloud") as providers:
        lab = Lab("sandbox", folder, providers)
        document, _ = LIVES[request.param]
        lab.changes(document)
        log = lab.destroy(document)
        assert not lab.standing()
    return request.param, log


def _kind(step: Step) -> str:
    return step.type.rpartition(":")[2]


def _moments(log: EventLog, moment: str, is_meant: Callable[[Step], bool]) -> list[int]:
    return [n for n, (when, step) in enumerate(log.order) if when == moment and is_meant(step)]


def _first(log: EventLog, moment: str, *types: str) -> int:
    return min(_moments(log, moment, lambda step: step.type in types))


def _last(log: EventLog, moment: str, *types: str) -> int:
    return max(_moments(log, moment, lambda step: step.type in types))


def test_what_reaches_out_ends_before_anything_it_stands_on(taken_down: tuple[str, EventLog]) -> None:
    """Ingresses, gateways and node pools are gone before the first add-on, node or cluster is touched."""
    name, log = taken_down
    outward = _moments(log, "ended", lambda step: _kind(step) in MAKERS)
    assert {_kind(log.order[n][1]) for n in outward} == LIVES[name][1]
    assert max(outward) < _first(log, "begun", *FOUNDATION)


@pytest.mark.parametrize(("kind", "controller"), MAKERS.items())
def test_a_controller_outlives_what_it_cleans_up(
    taken_down: tuple[str, EventLog], kind: str, controller: str
) -> None:
    """Whoever made things outside for an object is there until the object is gone."""
    name, log = taken_down
    gone = _moments(log, "ended", lambda step: _kind(step) == kind)
    assert bool(gone) is (kind in LIVES[name][1])
    ends = _moments(log, "begun", lambda step: _kind(step) == "Release" and step.name == controller)
    assert all(last < end for last in gone for end in ends)


def test_the_cluster_is_the_last_of_its_parts(taken_down: tuple[str, EventLog]) -> None:
    """Nodes and add-ons are gone before the cluster goes, and the network stands until it is gone."""
    _, log = taken_down
    cluster = _first(log, "begun", CLUSTER)
    parts = {step.type for step in log.begun} & {NODES, ADDON}
    assert all(_last(log, "ended", part) < cluster for part in parts)
    gone = _last(log, "ended", CLUSTER)
    assert gone < _first(log, "begun", "aws:ec2/subnet:Subnet")
    assert gone < _first(log, "begun", "aws:ec2/vpc:Vpc")


def test_nodes_keep_their_network_until_they_are_gone(taken_down: tuple[str, EventLog]) -> None:
    """The network add-on outlives the nodes, which could not drain without it."""
    name, log = taken_down
    if name == "auto mode":
        assert not any(step.name == "vpc-cni" for step in log.begun)
        return
    nodes = _last(log, "ended", NODES)
    network = _moments(log, "begun", lambda step: step.type == ADDON and step.name == "vpc-cni")
    assert network
    assert nodes < min(network)
