"""What ECS Express Mode cannot carry (Amazon ECS developer guide, 'Express Mode services')."""

from collections.abc import Iterator

from programs.request.containers import Protocol
from programs.request.mesh import MeshKind
from programs.request.rollout import Rollout, RolloutStrategy
from programs.request.rules.problem import Place, Problem
from programs.request.shape import EcsShape
from programs.request.workload import Architecture, Workload

_ORDINARY = "or `cluster: {express: false}`"


def express_problems(request: EcsShape) -> Iterator[Problem]:
    """Settings of public workloads, capacity and mesh that an Express Mode service has no place for."""
    if not request.cluster.express:
        return
    if request.mesh.kind is not MeshKind.NONE:
        yield Problem(("mesh", "kind"), f"Express Mode has no mesh; write `kind: none`, {_ORDINARY}")
    if request.capacity.ec2_weight or request.capacity.fargate_spot_weight:
        yield Problem(
            ("capacity",),
            f"Express Mode runs on Fargate alone; write `fargate: {{weight: 100}}`, {_ORDINARY}",
        )
    for index, workload in enumerate(request.workloads):
        if workload.public is not None:
            yield from _workload_problems(workload, ("workloads", index))


def _workload_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    for name in ("sidecars", "volumes", "ulimits", "depends_on", "entry_point", "health_check"):
        if getattr(workload, name):
            yield Problem((*place, name), f"Express Mode cannot carry it; leave it out, {_ORDINARY}")
    yield from _rollout_problems(workload.rollout, (*place, "rollout"))
    if workload.architecture is not Architecture.X86_64:
        yield Problem((*place, "architecture"), f"Express Mode runs x86_64; write x86_64, {_ORDINARY}")
    if workload.exec:
        yield Problem((*place, "exec"), f"Express Mode has no ECS Exec; write false, {_ORDINARY}")
    if len(workload.ports) > 1:
        yield Problem((*place, "ports"), f"Express Mode serves one port; leave the others out, {_ORDINARY}")
    if workload.ports and workload.ports[0].protocol is not Protocol.HTTP:
        yield Problem(
            (*place, "ports", 0, "protocol"), f"Express Mode serves http alone; write http, {_ORDINARY}"
        )
    yield from _route_problems(workload, place)


def _rollout_problems(rollout: Rollout, place: Place) -> Iterator[Problem]:
    if rollout.strategy is not RolloutStrategy.ROLLING:
        yield Problem(
            (*place, "strategy"),
            f"Express Mode has a rollout of its own; leave `rollout` out, {_ORDINARY}",
        )
    if rollout.rollback_alarms:
        yield Problem(
            (*place, "rollback_alarms"),
            f"Express Mode watches an alarm of its own; leave it out, {_ORDINARY}",
        )


def _route_problems(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.public is None:
        return
    for name in (
        "host",
        "certificate_arn",
        "priority",
        "stickiness_seconds",
        "slow_start_seconds",
        "test_port",
    ):
        if getattr(workload.public, name) is not None:
            yield Problem(
                (*place, "public", name),
                f"Express Mode brings its own address and certificate; leave it out, {_ORDINARY}",
            )
