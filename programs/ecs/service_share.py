"""The services that a workload becomes: pure, from its replicas and the capacity."""

from collections.abc import Sequence
from dataclasses import dataclass

from programs.ecs.app_mesh.naming import CANARY_SUFFIX
from programs.ecs.capacity_plan import CapacityPlan, FamilyShare
from programs.ecs.rollout import service_rollout, shifts_traffic
from programs.planning.shares import is_one_service, split_count
from programs.request.mesh import MeshKind
from programs.request.rollout import RolloutStrategy
from programs.request.workload import Workload

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most tasks of a service."""

    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class ServiceShare:
    """One service of a workload: its capacity and its part of the tasks.

    `is_canary` marks the service that takes a new version first in App Mesh. `scheduled` are its bounds from
    each scheduled change on, in the request's order.
    """

    suffix: str
    family: FamilyShare
    minimum: int
    desired: int
    maximum: int
    scheduled: tuple[Bounds, ...] = ()
    is_canary: bool = False


def service_shares(workload: Workload, plan: CapacityPlan, mesh: MeshKind) -> Sequence[ServiceShare]:
    """Return one service; two where its tasks are split by capacity; a canary's first."""
    replicas = workload.replicas
    scheduled = _scheduled(workload)
    whole = ServiceShare("", plan.main, replicas.min, replicas.desired, replicas.max, scheduled)
    if has_mesh_canary(workload, mesh):
        count = -(
            -replicas.desired * workload.rollout.canary_percent // _PERCENT
        )  # 0 of none, else 1 or more
        return [ServiceShare(CANARY_SUFFIX, plan.main, count, count, count, is_canary=True), whole]
    if plan.second is None or not can_be_split(workload, mesh):
        return [whole]
    return _split(workload, plan.main, plan.second)


def has_mesh_canary(workload: Workload, mesh: MeshKind) -> bool:
    """Return whether a route of the mesh holds back a share of requests for a canary."""
    return mesh is MeshKind.APP_MESH and workload.rollout.strategy is RolloutStrategy.CANARY


def can_be_split(workload: Workload, mesh: MeshKind) -> bool:
    """Return whether two services can share a workload's traffic.

    Not during a traffic shift, which ECS runs for one service at a time, and not under Service Connect,
    where a name belongs to one service.
    """
    return not shifts_traffic(service_rollout(workload, mesh)) and not is_one_service(workload, mesh)


def _split(workload: Workload, main: FamilyShare, second: FamilyShare) -> Sequence[ServiceShare]:
    replicas = workload.replicas
    # Each family's ceiling leaves room for one task at least.
    counts = [
        split_count(count, main.weight, second.weight)
        for count in (replicas.min, replicas.desired, max(replicas.max, 2))
    ]
    (main_min, second_min), (main_desired, second_desired), (main_max, second_max) = counts
    suffix = f"-{second.family.value.lower()}"
    parts = [_split_bounds(bounds, main, second) for bounds in _scheduled(workload)]
    main_scheduled, second_scheduled = tuple(one for one, _ in parts), tuple(other for _, other in parts)
    return [
        ServiceShare("", main, main_min, main_desired, main_max, main_scheduled),
        ServiceShare(suffix, second, second_min, second_desired, second_max, second_scheduled),
    ]


def _scheduled(workload: Workload) -> tuple[Bounds, ...]:
    schedule = workload.scaling.schedule if workload.scaling is not None else ()
    return tuple(Bounds(action.min, action.max) for action in schedule)


def _split_bounds(bounds: Bounds, main: FamilyShare, second: FamilyShare) -> tuple[Bounds, Bounds]:
    main_min, second_min = split_count(bounds.minimum, main.weight, second.weight)
    main_max, second_max = split_count(bounds.maximum, main.weight, second.weight)
    return Bounds(main_min, main_max), Bounds(second_min, second_max)
