"""Rules of ECS: sizes, capacity, rollouts and what Express Mode carries."""

from collections.abc import Iterator

from programs.planning.codedeploy import nearest_configuration, predefined_configuration
from programs.planning.sizes import is_fargate_size, nearest_fargate_sizes
from programs.request.containers import UlimitName
from programs.request.mesh import MeshKind
from programs.request.rollout import Rollout, RolloutController, RolloutStrategy
from programs.request.rules.capacity import capacity_problems
from programs.request.rules.ecs_network import ecs_network_problems
from programs.request.rules.express import express_problems
from programs.request.rules.host_references import host_references
from programs.request.rules.meshes import mesh_problems
from programs.request.rules.pausing import pausing_problems
from programs.request.rules.problem import Place, Problem
from programs.request.rules.rolling_room import rolling_room_problems
from programs.request.rules.sharing import sharing_problems
from programs.request.rules.uniqueness import reserved_name_problems
from programs.request.shape import EcsShape, Orchestrator
from programs.request.workload import Workload


def ecs_problems(request: EcsShape) -> Iterator[Problem]:
    """Everything about a request that cannot be on ECS."""
    yield from reserved_name_problems(request)
    yield from capacity_problems(request)
    yield from mesh_problems(request.mesh, Orchestrator.ECS)
    yield from express_problems(request)
    yield from pausing_problems(request)
    yield from ecs_network_problems(request)
    yield from rolling_room_problems(request)
    yield from _called_while_shifting(request)
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index)
        yield from sharing_problems(workload, request.observability, place)
        yield from _exec_problems(workload, place)
        yield from _rollout_problems(workload, request.mesh.kind, (*place, "rollout"))
        if request.capacity.runs_on_fargate:
            yield from _fargate_problems(workload, place)


def _called_while_shifting(request: EcsShape) -> Iterator[Problem]:
    """Workloads that others reach past the load balancer, where a shift of traffic cannot be seen."""
    if request.mesh.kind is not MeshKind.NONE:
        return
    rollouts = {workload.name: workload.rollout.strategy for workload in request.workloads}
    for reference in host_references(request.workloads):
        called = reference.called
        if rollouts.get(called, RolloutStrategy.ROLLING) is not RolloutStrategy.ROLLING:
            yield Problem(
                reference.place,
                f"`{called}` rolls out by `{rollouts[called]}`, which service discovery would not follow; "
                f"roll `{called}` out by `rolling`, or write `mesh: {{kind: service_connect}}`",
            )


def _fargate_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if not is_fargate_size(workload.cpu_units, workload.memory_mib):
        nearest = nearest_fargate_sizes(workload.cpu_units, workload.memory_mib)
        yield Problem(
            (*place, "memory_mib"),
            f"Fargate has no {workload.cpu_units}/{workload.memory_mib} (cpu_units/memory_mib); "
            f"the nearest are {', '.join(str(size) for size in nearest)}",
        )
    for number, ulimit in enumerate(workload.ulimits):
        if ulimit.name is not UlimitName.NOFILE:
            yield Problem(
                (*place, "ulimits", number, "name"),
                f"Fargate cannot change `{ulimit.name}`; write `nofile`, or run on `capacity.ec2` alone",
            )


def _exec_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.exec and workload.read_only_root_filesystem:
        yield Problem(
            (*place, "read_only_root_filesystem"),
            "the agent of ECS Exec must write; write false, or `exec: false`",
        )


def _rollout_problems(workload: Workload, mesh: MeshKind, place: Place) -> Iterator[Problem]:
    rollout = workload.rollout
    if rollout.steps:
        yield Problem((*place, "steps"), "belongs to EKS; write `canary_percent` and `canary_bake_minutes`")
    if rollout.stable_image is not None:
        yield Problem(
            (*place, "stable_image"), "belongs to EKS; ECS keeps the old version itself: leave it out"
        )
    if rollout.controller is RolloutController.CODEDEPLOY:
        yield from _codedeploy_problems(rollout, mesh, place)
    if rollout.strategy is RolloutStrategy.ROLLING:
        return
    if mesh is MeshKind.APP_MESH:
        yield from _app_mesh_rollout_problems(workload, place)
    elif workload.public is None:
        yield Problem(
            (*place, "strategy"),
            f"`{rollout.strategy}` shifts traffic of the load balancer; write `public: {{}}` or "
            f"`strategy: rolling`",
        )


def _app_mesh_rollout_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.rollout.strategy is not RolloutStrategy.CANARY:
        yield Problem(
            (*place, "strategy"),
            "App Mesh shifts traffic by the weights of a route; write `canary` or `rolling`",
        )
    if not workload.ports:
        yield Problem(
            (*place, "strategy"), "has no port whose traffic could shift; write `ports` or `rolling`"
        )


def _codedeploy_problems(rollout: Rollout, mesh: MeshKind, place: Place) -> Iterator[Problem]:
    if rollout.strategy is RolloutStrategy.ROLLING:
        yield Problem(
            (*place, "controller"), "CodeDeploy has no rolling strategy; write `ecs`, or blue_green"
        )
    if mesh is not MeshKind.NONE:
        yield Problem((*place, "controller"), f"CodeDeploy does not go with {mesh}; write `controller: ecs`")
    if rollout.hooks:
        yield Problem((*place, "hooks"), "hooks belong to ECS's own rollouts; write `controller: ecs`")
    shift = {
        RolloutStrategy.CANARY: ("canary_percent", rollout.canary_percent, rollout.canary_bake_minutes),
        RolloutStrategy.LINEAR: ("linear_percent", rollout.linear_percent, rollout.linear_bake_minutes),
    }.get(rollout.strategy)
    if shift is not None and predefined_configuration(rollout.strategy, shift[1], shift[2]) is None:
        nearest = nearest_configuration(rollout.strategy, shift[1], shift[2])
        yield Problem(
            (*place, shift[0]),
            f"CodeDeploy has no {rollout.strategy} of {shift[1]} percent and {shift[2]} minutes; the "
            f"nearest is "
            f"{nearest.percent} percent and {nearest.minutes} minutes ({nearest.configuration_name})",
        )
