"""What runs in a cluster by images of public registries, which nodes without a way out cannot pull.

EKS add-ons and Auto Mode come from Amazon's registries in the region, which the endpoints for images reach:
https://docs.aws.amazon.com/eks/latest/userguide/add-ons-images.html. Charts (programs/eks/charts.py) take
theirs from public.ecr.aws, ghcr.io, quay.io, registry.k8s.io, nvcr.io, or from a registry of one region.
"""

from collections.abc import Iterator

from programs.request.eks import Autoscaler, Delivery, EksCluster, Telemetry
from programs.request.mesh import MeshKind
from programs.request.observability import Tracing
from programs.request.rules.network import lacks_nat
from programs.request.rules.nodes import lacks_device_plugin
from programs.request.rules.problem import Place, Problem
from programs.request.shape import EksShape
from programs.request.workload import Workload

_Puller = tuple[Place, str]
"""What pulls such an image, and what to write in its place."""


def public_image_problems(request: EksShape) -> Iterator[Problem]:
    """Everything but the workloads' own images that a network without NAT gateways cannot pull.

    An existing network is not judged: nobody here knows its ways out.
    """
    if not lacks_nat(request):
        return
    for place, instead in _pullers(request):
        yield Problem(
            place,
            f"runs images from the internet, which needs a NAT gateway; write {instead}, or `nat_gateways: "
            "single`",
        )


def _pullers(request: EksShape) -> Iterator[_Puller]:
    yield from _of_cluster(request.cluster)
    if request.mesh.kind is not MeshKind.NONE:
        yield ("mesh", "kind"), "`kind: none`"
    if request.observability.tracing is Tracing.XRAY:
        yield ("observability", "tracing"), "a sidecar of your own with an image of `registry`"
    for index, workload in enumerate(request.workloads):
        yield from _of_workload(workload, ("workloads", index))


def _of_cluster(cluster: EksCluster) -> Iterator[_Puller]:
    place: Place = ("cluster",)
    if cluster.load_balancer_controller and not cluster.auto_mode:
        yield (*place, "load_balancer_controller"), "`auto_mode: true`, which brings its own, or `false`"
    if cluster.log_forwarding:
        yield (*place, "log_forwarding"), "`log_forwarding: false`"
    if cluster.telemetry is not Telemetry.NONE:
        yield (*place, "telemetry"), "`telemetry: none`"
    if cluster.autoscaler is not Autoscaler.NONE:
        yield (*place, "autoscaler"), "`auto_mode: true`, which brings its own, or `autoscaler: none`"
    if cluster.delivery is not Delivery.NONE:
        yield (*place, "delivery"), "`delivery: none`"
    if cluster.external_dns_zones:
        yield (*place, "external_dns_zones"), "`external_dns_zones: []`"
    for name, group in cluster.node_groups.items():
        if lacks_device_plugin(group):
            yield (
                (*place, "node_groups", name, "ami_type"),
                "one of BOTTLEROCKET with NVIDIA, which has the device plugin",
            )


def _of_workload(workload: Workload, place: Place) -> Iterator[_Puller]:
    if workload.all_secrets:
        yield (*place, "secrets"), "`permissions` by which the workload reads them itself"
    if workload.scaling is None:
        return
    if workload.scaling.requests_per_target is not None:
        yield (*place, "scaling", "requests_per_target"), "`cpu_percent`"
    if workload.scaling.schedule:
        yield (*place, "scaling", "schedule"), "`working_hours`, or leave it out"
