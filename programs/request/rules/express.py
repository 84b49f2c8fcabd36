"""What ECS Express Mode cannot carry (Amazon ECS developer guide, 'Express Mode services').

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateExpressGatewayService.html lists all that
it takes of a service: whatever else a request sets itself would be left aside in silence.
"""

from collections.abc import Iterable, Iterator

from programs.request.class_defaults import DEFAULTS
from programs.request.containers import Protocol
from programs.request.exposure import Exposure, LoadBalancer
from programs.request.mesh import MeshKind
from programs.request.observability import Tracing
from programs.request.rollout import Rollout
from programs.request.rules.host_references import host_references
from programs.request.rules.problem import Place, Problem
from programs.request.scaling import Scaling
from programs.request.shape import EcsShape
from programs.request.strict import StrictModel, is_default
from programs.request.workload import Architecture, Workload

_ORDINARY = "or `cluster: {express: false}`"
_LARGEST_CPU_UNITS = 4096
_LARGEST_MEMORY_MIB = 8192
_OF_THE_WORKLOAD = (
    "sidecars",
    "volumes",
    "ulimits",
    "depends_on",
    "entry_point",
    "health_check",
    "user",
    "writable_paths",
    "stop_timeout_seconds",
    "ephemeral_storage_gib",
)
_OF_THE_BALANCER = tuple(name for name in LoadBalancer.model_fields if name != "internal")
_OF_THE_ROUTE = tuple(name for name in Exposure.model_fields if name != "health_path")
# In the order in which one is taken.
_TARGETS = ("cpu_percent", "memory_percent", "requests_per_target")
_OF_THE_SCALING = tuple(name for name in Scaling.model_fields if name not in _TARGETS)


def express_problems(request: EcsShape) -> Iterator[Problem]:
    """Settings that an Express Mode service has no place for, and references to its host."""
    if not request.cluster.express:
        return
    yield from _platform_problems(request)
    if not request.express_workloads:
        return
    yield from _balancer_problems(request)
    yield from _observability_problems(request)
    yield from _reference_problems(request)
    for index, workload in enumerate(request.workloads):
        if workload.public is not None:
            yield from _workload_problems(workload, ("workloads", index))


def _platform_problems(request: EcsShape) -> Iterator[Problem]:
    if request.mesh.kind is not MeshKind.NONE:
        yield Problem(("mesh", "kind"), f"Express Mode has no mesh; write `kind: none`, {_ORDINARY}")
    if request.capacity.ec2_weight or request.capacity.fargate_spot_weight:
        yield Problem(
            ("capacity",),
            f"Express Mode runs on Fargate alone; write `fargate: {{weight: 100}}`, {_ORDINARY}",
        )


def _balancer_problems(request: EcsShape) -> Iterator[Problem]:
    for name in _changed(request.load_balancer, _OF_THE_BALANCER):
        if name == "access_logs" and DEFAULTS[request.environment_class].access_logs:
            # What the class sets is not what the request asked for.
            continue
        yield Problem(
            ("load_balancer", name),
            f"Express Mode brings a load balancer of its own, without it; leave it out, {_ORDINARY}",
        )


def _observability_problems(request: EcsShape) -> Iterator[Problem]:
    settings = request.observability
    if settings.tracing is not Tracing.NONE:
        yield Problem(
            ("observability", "tracing"),
            "Express Mode runs no daemon beside its container; write `none`, and `sidecars: [xray]` at "
            f"private workloads, {_ORDINARY}",
        )
    if len(request.express_workloads) < len(request.workloads):
        return
    is_asked = settings.alarms and not DEFAULTS[request.environment_class].alarms
    for name, is_set in (("alarms", is_asked), ("dashboard", settings.dashboard)):
        if is_set:
            yield Problem(
                ("observability", name),
                f"every workload here is in Express Mode, which AWS watches; leave it out, {_ORDINARY}",
            )


def _reference_problems(request: EcsShape) -> Iterator[Problem]:
    names = {workload.name for workload in request.express_workloads}
    for reference in host_references(request.workloads):
        if reference.called in names:
            yield Problem(
                reference.place,
                f"Express Mode gives `{reference.called}` no name in the environment; "
                f"leave it out, {_ORDINARY}",
            )


def _workload_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    for name in _changed(workload, _OF_THE_WORKLOAD):
        yield Problem((*place, name), f"Express Mode cannot carry it; leave it out, {_ORDINARY}")
    if workload.read_only_root_filesystem and "read_only_root_filesystem" in workload.model_fields_set:
        yield Problem(
            (*place, "read_only_root_filesystem"),
            f"Express Mode's container may write anywhere; write false, {_ORDINARY}",
        )
    yield from _size_problems(workload, place)
    yield from _port_problems(workload, place)
    yield from _rollout_problems(workload, place)
    if workload.public is not None:
        yield from _route_problems(workload.public, (*place, "public"))
    if workload.scaling is not None:
        yield from _scaling_problems(workload.scaling, (*place, "scaling"))
    if workload.architecture is not Architecture.X86_64:
        yield Problem((*place, "architecture"), f"Express Mode runs x86_64; write x86_64, {_ORDINARY}")
    if workload.exec:
        yield Problem((*place, "exec"), f"Express Mode has no ECS Exec; write false, {_ORDINARY}")
    if workload.replicas.min == 0:
        yield Problem(
            (*place, "replicas", "min"), f"Express Mode keeps one task at least; write 1, {_ORDINARY}"
        )


def _size_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/express-service-work.html: up to 4 vCPU."""
    if workload.cpu_units > _LARGEST_CPU_UNITS:
        yield Problem(
            (*place, "cpu_units"),
            f"Express Mode takes {_LARGEST_CPU_UNITS} units at most; write less, {_ORDINARY}",
        )
    if workload.memory_mib > _LARGEST_MEMORY_MIB:
        yield Problem(
            (*place, "memory_mib"),
            f"Express Mode takes 512 to {_LARGEST_MEMORY_MIB} MiB; write less, {_ORDINARY}",
        )


def _port_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if len(workload.ports) > 1:
        yield Problem((*place, "ports"), f"Express Mode serves one port; leave the others out, {_ORDINARY}")
    for port in workload.ports[:1]:
        if port.protocol is not Protocol.HTTP:
            yield Problem(
                (*place, "ports", 0, "protocol"),
                f"Express Mode serves http alone; write http, {_ORDINARY}",
            )


def _rollout_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    for name in _changed(workload.rollout, Rollout.model_fields):
        yield Problem(
            (*place, "rollout", name),
            f"Express Mode has a rollout and alarms of its own; leave `rollout` out, {_ORDINARY}",
        )


def _route_problems(route: Exposure, place: Place) -> Iterator[Problem]:
    for name in _changed(route, _OF_THE_ROUTE):
        yield Problem(
            (*place, name),
            f"Express Mode brings its own address, certificate and route; leave it out, {_ORDINARY}",
        )


def _scaling_problems(scaling: Scaling, place: Place) -> Iterator[Problem]:
    """Express Mode follows one measure, at its own pace (Amazon ECS API, ExpressGatewayScalingTarget)."""
    for name in _changed(scaling, _OF_THE_SCALING):
        yield Problem(
            (*place, name), f"Express Mode scales at its own pace, by no clock; leave it out, {_ORDINARY}"
        )
    targets = [name for name in _TARGETS if getattr(scaling, name) is not None]
    for name in targets[1:]:
        yield Problem(
            (*place, name),
            f"Express Mode follows one target, here `{targets[0]}`; leave out all but one, {_ORDINARY}",
        )


def _changed(model: StrictModel, names: Iterable[str]) -> Iterator[str]:
    """Those of `names` that the request itself sets to something else than what they are without it."""
    return (name for name in names if name in model.model_fields_set and not is_default(model, name))
