"""What ECS needs of a network: endpoints where there is no way out, rules enough, file systems in reach."""

from collections.abc import Iterator

from programs.request.mesh import MeshKind
from programs.request.observability import Tracing
from programs.request.rules.network import lacks_nat, missing_endpoint_problems
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape

INSTANCE_ENDPOINTS = ("ecs", "ecs-agent", "ecs-telemetry")
"""What an instance registers and reports by (Amazon ECS developer guide, 'Interface VPC endpoints')."""

MAX_GROUP_RULES = 60
"""Inbound rules of a security group (Amazon VPC user guide, 'Amazon VPC quotas'), unless AWS raised it."""


def ecs_network_problems(request: EcsShape) -> Iterator[Problem]:
    """What a network without NAT lacks, what AWS does not admit, and what no task could reach."""
    yield from missing_endpoint_problems(request, _required_endpoints(request))
    if lacks_nat(request):
        yield from _added_images(request)
    yield from _rule_quota_problems(request)
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


def _rule_quota_problems(request: EcsShape) -> Iterator[Problem]:
    """The load balancer's group has a rule for each block at each listener."""
    routes = [workload.public for workload in request.workloads if workload.public is not None]
    is_secure = any(route.certificate_arn is not None for route in routes)
    test_ports = {route.test_port for route in routes if route.test_port is not None}
    listeners = 1 + is_secure + len(test_ports)
    blocks = len(request.load_balancer.allowed_cidrs)
    if routes and blocks * listeners > MAX_GROUP_RULES:
        yield Problem(
            ("load_balancer", "allowed_cidrs"),
            f"{blocks} blocks at {listeners} listeners are more than the {MAX_GROUP_RULES} rules that a "
            f"security group has; write {MAX_GROUP_RULES // listeners} blocks at most, or fewer test ports",
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
