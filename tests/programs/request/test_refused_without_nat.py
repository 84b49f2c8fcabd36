"""Clusters whose nodes have no way out: whatever runs a public image is refused where it is asked for."""

import pytest

from programs.request import parse_request
from tests.programs.existing import EXISTING
from tests.programs.request.refusals import API, EKS, Refusal, errors_of, refusals

_ENDPOINTS = [
    "ecr.api",
    "ecr.dkr",
    "s3",
    "logs",
    "ec2",
    "eks",
    "eks-auth",
    "elasticloadbalancing",
    "sts",
    "ssm",
]
_NETWORK = {"nat_gateways": "none", "endpoints": _ENDPOINTS}
_IMAGE = {"repository": "api", "tag": "v1"}
_BARE = {"load_balancer_controller": False, "log_forwarding": False}


def _shut_in(cluster: dict[str, object] | None = None, **changes: object) -> dict[str, object]:
    """A request that needs nothing from the internet, but for these parts of its cluster and workload."""
    workload = {**API, "image": _IMAGE, **changes}
    base = {**EKS, "registry": {"repositories": ["api"]}, "network": _NETWORK, "workloads": [workload]}
    return {**base, "cluster": {**_BARE, **(cluster or {})}}


_GPU_GROUP = {"instance_types": ["g5.xlarge"], "taints": [{"key": "nvidia.com/gpu"}]}
_SCHEDULE = [{"cron": "0 6 * * ? *", "min": 1, "max": 1}]

PULLERS: list[Refusal] = [
    (
        "load balancer controller",
        _shut_in({"load_balancer_controller": True}),
        ("cluster", "load_balancer_controller"),
        "auto_mode",
    ),
    ("Fluent Bit", _shut_in({"log_forwarding": True}), ("cluster", "log_forwarding"), "false"),
    ("telemetry", _shut_in({"telemetry": "adot"}), ("cluster", "telemetry"), "telemetry: none"),
    ("Karpenter", _shut_in({"autoscaler": "karpenter"}), ("cluster", "autoscaler"), "auto_mode"),
    ("Argo Rollouts", _shut_in({"delivery": "argo_rollouts"}), ("cluster", "delivery"), "delivery: none"),
    (
        "ExternalDNS",
        _shut_in({"external_dns_zones": ["example.com"]}),
        ("cluster", "external_dns_zones"),
        "nat_gateways: single",
    ),
    (
        "the device plugin",
        _shut_in({"node_groups": {"general": {}, "gpu": _GPU_GROUP}}),
        ("cluster", "node_groups", "gpu", "ami_type"),
        "BOTTLEROCKET",
    ),
    ("a mesh", {**_shut_in(), "mesh": {"kind": "vpc_lattice"}}, ("mesh", "kind"), "kind: none"),
    (
        "the X-Ray daemon",
        {**_shut_in(), "observability": {"tracing": "xray"}},
        ("observability", "tracing"),
        "of your own",
    ),
    (
        "External Secrets",
        _shut_in(secrets=[{"name": "FLAGS", "parameter": "/flags"}]),
        ("workloads", 0, "secrets"),
        "permissions",
    ),
    (
        "KEDA",
        _shut_in({"auto_mode": True}, public={}, scaling={"requests_per_target": 5}),
        ("workloads", 0, "scaling", "requests_per_target"),
        "cpu_percent",
    ),
    (
        "kubectl by the clock",
        _shut_in(scaling={"schedule": _SCHEDULE}),
        ("workloads", 0, "scaling", "schedule"),
        "working_hours",
    ),
]


@refusals(PULLERS)
def test_what_no_node_could_pull(document: object, place: tuple[int | str, ...], fragment: str) -> None:
    """It is refused at its place, and nothing else is."""
    assert {place: fragment in message for place, message in errors_of(document).items()} == {place: True}


@pytest.mark.parametrize(
    "document",
    [
        _shut_in(),
        _shut_in({"auto_mode": True}, public={}),
        _shut_in({"node_groups": {"gpu": {**_GPU_GROUP, "ami_type": "BOTTLEROCKET_x86_64_NVIDIA"}}}, gpus=1),
        {**EKS, "network": {"existing": EXISTING}},
    ],
    ids=["plain nodes", "Auto Mode", "Bottlerocket with GPUs", "an existing network, which nobody judges"],
)
def test_what_needs_no_way_out(document: object) -> None:
    """Add-ons and Auto Mode come from the region's own registries, workloads from the account's."""
    parse_request(document)
