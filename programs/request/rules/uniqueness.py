"""Names that must be unique where they stand."""

from collections.abc import Iterable, Iterator

from programs.request.mesh import MeshKind
from programs.request.observability import Tracing
from programs.request.rollout import RolloutStrategy
from programs.request.rules.problem import Place, Problem
from programs.request.shape import EcsShape, SharedShape
from programs.request.sidecars import KnownSidecar, container_name
from programs.request.workload import Workload

RESERVED_CONTAINER_NAMES = frozenset({"envoy", "log-router", "ecs-service-connect"})
"""Containers that the programs and AWS add themselves."""

_GATEWAY_ENDPOINTS = frozenset({"s3", "dynamodb"})
"""Endpoints that no security group stands before (AWS PrivateLink guide, 'Gateway endpoints')."""


def repeated(names: Iterable[object], place: Place, what: str, key: str | None = None) -> Iterator[Problem]:
    """A problem at each name that stands earlier in the same list; `key` is the field that holds it."""
    first_at: dict[object, int] = {}
    for index, name in enumerate(names):
        if name in first_at:
            loc = (*place, index) if key is None else (*place, index, key)
            yield Problem(loc, f"{what} `{name}` is already at position {first_at[name]}; write another name")
        first_at.setdefault(name, index)


def uniqueness_problems(request: SharedShape) -> Iterator[Problem]:
    """Duplicate names among workloads, repositories, and inside each workload."""
    yield from repeated((w.name for w in request.workloads), ("workloads",), "workload", "name")
    yield from repeated(request.registry.repositories, ("registry", "repositories"), "repository")
    yield from repeated(request.registry.pull_accounts, ("registry", "pull_accounts"), "account")
    yield from repeated(request.network.endpoints, ("network", "endpoints"), "endpoint")
    yield from repeated(request.load_balancer.allowed_cidrs, ("load_balancer", "allowed_cidrs"), "block")
    has_tracing = request.observability.tracing is Tracing.XRAY
    for index, workload in enumerate(request.workloads):
        yield from _within(workload, ("workloads", index))
        yield from _container_names(workload, has_tracing, ("workloads", index))


def reserved_name_problems(request: EcsShape) -> Iterator[Problem]:
    """Workloads on ECS named as a part that the environment has besides: two logs, groups or services."""
    taken = dict(_names_of_parts(request))
    for index, workload in enumerate(request.workloads):
        if workload.name in taken:
            yield Problem(
                ("workloads", index, "name"), f"{taken[workload.name]} has this name; write another name"
            )


def _names_of_parts(request: EcsShape) -> Iterator[tuple[str, str]]:
    yield "exec", "the log of exec sessions"
    network = request.network
    if network.existing is None and network.flow_logs:
        yield "flow", "the flow log"
    if network.existing is None and not _GATEWAY_ENDPOINTS.issuperset(network.endpoints):
        yield "endpoints", "the security group of the VPC endpoints"
    if request.mesh.gateway or (request.public_workloads and not request.cluster.express):
        yield "load-balancer", "the security group of the load balancer"
    if request.capacity.ec2 is not None:
        yield "instances", "the security group of the instances"
    if request.mesh.gateway:
        yield "mesh-gateway", "the gateway of the mesh"
    for workload in request.workloads:
        for suffix in _further_services(request, workload):
            yield f"{workload.name}-{suffix}", f"a service of workload `{workload.name}`"


def _further_services(request: EcsShape, workload: Workload) -> Iterator[str]:
    """Ends of the names of services beside a workload's first: by capacity, or for a mesh's canary."""
    capacity = request.capacity
    if capacity.ec2_weight and capacity.runs_on_fargate:
        yield from ("ec2", "fargate")
    if request.mesh.kind is MeshKind.APP_MESH and workload.rollout.strategy is RolloutStrategy.CANARY:
        yield "canary"


def _within(workload: Workload, place: Place) -> Iterator[Problem]:
    yield from repeated((p.name for p in workload.ports), (*place, "ports"), "port", "name")
    numbers = ((p.port, p.protocol == "udp") for p in workload.ports)
    seen: set[tuple[int, bool]] = set()
    for index, number in enumerate(numbers):
        if number in seen:
            yield Problem(
                (*place, "ports", index, "port"), f"port {number[0]} stands twice; write each port once"
            )
        seen.add(number)
    yield from repeated((v.name for v in workload.volumes), (*place, "volumes"), "volume", "name")
    yield from repeated(
        (v.mount_path for v in workload.volumes), (*place, "volumes"), "mount path", "mount_path"
    )
    yield from repeated(workload.writable_paths, (*place, "writable_paths"), "path")
    yield from repeated((u.name.value for u in workload.ulimits), (*place, "ulimits"), "limit", "name")
    yield from repeated((s.name for s in workload.secrets), (*place, "secrets"), "variable", "name")


def _container_names(workload: Workload, has_tracing: bool, place: Place) -> Iterator[Problem]:
    taken = {workload.name} | RESERVED_CONTAINER_NAMES
    daemon = container_name(KnownSidecar.XRAY)
    if has_tracing and KnownSidecar.XRAY not in workload.sidecars:
        if workload.name == daemon:
            yield Problem(
                (*place, "name"), f"tracing puts a container `{daemon}` beside it; write another name"
            )
        taken |= {daemon}
    for index, sidecar in enumerate(workload.sidecars):
        name = container_name(sidecar)
        if name in taken:
            yield Problem(
                (*place, "sidecars", index), f"a container `{name}` is there already; write another name"
            )
        taken.add(name)
