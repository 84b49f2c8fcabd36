"""What ECS needs of a network: endpoints where there is no way out, and the file systems' own VPC."""

from collections.abc import Iterator

from programs.request.mesh import MeshKind
from programs.request.observability import Tracing
from programs.request.rules.network import lacks_nat, missing_endpoint_problems
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape

INSTANCE_ENDPOINTS = ("ecs", "ecs-agent", "ecs-telemetry")
"""What an instance registers and reports by (Amazon ECS developer guide, 'Interface VPC endpoints')."""


def ecs_network_problems(request: EcsShape) -> Iterator[Problem]:
    """Endpoints and images that a network without NAT lacks, file systems that no task could reach."""
    yield from missing_endpoint_problems(request, _required_endpoints(request))
    if lacks_nat(request):
        yield from _added_images(request)
    if request.network.existing is None:
        yield from _file_system_problems(request)


def _required_endpoints(request: EcsShape) -> tuple[str, ...]:
    wanted: list[str] = []
    if request.capacity.ec2 is not None:
        wanted.extend(INSTANCE_ENDPOINTS)
    if any(workload.exec for workload in request.workloads):
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
        wanted.append("ssmmessages")
        if request.cluster.exec.encrypt:
            wanted.append("kms")
    return tuple(wanted)


def _added_images(request: EcsShape) -> Iterator[Problem]:
    """Images that the program adds itself, from a registry that only the internet leads to."""
    if request.observability.tracing is Tracing.XRAY:
        yield Problem(
            ("observability", "tracing"),
            "the X-Ray daemon is pulled from the internet, which needs a NAT gateway; write `none` and a "
            "container of your own with an image of `registry`, or `nat_gateways: single`",
        )
    if request.mesh.kind is MeshKind.APP_MESH:
        yield Problem(
            ("mesh", "kind"),
            "Envoy is pulled from the internet, which needs a NAT gateway; write `service_connect`, or "
            "`nat_gateways: single`",
        )


def _file_system_problems(request: EcsShape) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/efs/latest/ug/manage-fs-access.html: mount targets in one VPC at a time."""
    for index, workload in enumerate(request.workloads):
        if workload.volumes:
            yield Problem(
                ("workloads", index, "volumes"),
                "a file system is mounted in its own VPC, which the one made here is not; write `network: "
                "{existing: ...}` with that VPC",
            )
