"""Rollouts on EKS: what each way of delivery can do."""

from collections.abc import Iterator

from programs.request.eks import Delivery, EksCluster, Telemetry
from programs.request.mesh import MeshKind
from programs.request.rollout import MEASURED_OF_COPIES, Rollout, RolloutController, RolloutStrategy
from programs.request.rules.problem import Place, Problem
from programs.request.rules.rollouts import room_problems
from programs.request.shape import EksShape
from programs.request.strict import is_default
from programs.request.workload import Workload


def has_insights(cluster: EksCluster) -> bool:
    """Return whether Container Insights measures pods."""
    return cluster.telemetry is Telemetry.CLOUDWATCH_AGENT


def delivery_problems(workload: Workload, request: EksShape, place: Place) -> Iterator[Problem]:
    """Rollouts that belong to ECS, or that the cluster's delivery cannot carry out."""
    rollout = workload.rollout
    if rollout.controller is RolloutController.CODEDEPLOY:
        yield Problem(
            (*place, "controller"), "CodeDeploy belongs to ECS; leave it out, and set `cluster.delivery`"
        )
    if rollout.hooks:
        yield Problem(
            (*place, "hooks"), "lifecycle hooks belong to ECS; write `rollback_alarms`, or leave it out"
        )
    if workload.public is not None and workload.public.test_port is not None:
        yield Problem((*place[:-1], "public", "test_port"), "test listeners belong to ECS; leave it out")
    yield from _alarm_problems(rollout, request.cluster, (*place, "rollback_alarms"))
    is_shifting = rollout.strategy is not RolloutStrategy.ROLLING
    if is_shifting and workload.public is None and request.mesh.kind is not MeshKind.APP_MESH:
        yield Problem(
            (*place, "strategy"),
            f"`{rollout.strategy}` shifts traffic of the load balancer; write `public: {{}}` or "
            f"`strategy: rolling`",
        )
    if is_shifting and not workload.ports:
        yield Problem(
            (*place, "strategy"), "has no port whose traffic could shift; write `ports` or `rolling`"
        )
    yield from _by_delivery(rollout, request, place)
    if is_shifting:
        yield from _shifting_problems(workload, request.cluster.delivery, place)


def _shifting_problems(workload: Workload, delivery: Delivery, place: Place) -> Iterator[Problem]:
    """What a Deployment cannot be told while versions shift, and what Flagger's copies would not hear of.

    Each version that shifts is a Deployment, but with Argo, whose canary replaces copies by the same bounds.
    """
    is_switched = workload.rollout.strategy is RolloutStrategy.BLUE_GREEN
    if not (delivery is Delivery.ARGO_ROLLOUTS and is_switched):
        yield from room_problems(workload.rollout, place)
    yield from _unkept_times(workload.rollout, delivery, place)
    has_schedule = workload.scaling is not None and workload.scaling.schedule
    if delivery is Delivery.FLAGGER and has_schedule:
        # https://docs.flagger.app/usage/how-it-works: it runs NAME-primary, and keeps the Deployment at 0.
        yield Problem(
            (*place[:-1], "scaling", "schedule"),
            "Flagger runs copies of its own, which a schedule would not reach; write `rollout: {strategy: "
            "rolling}`, `cluster: {delivery: argo_rollouts}`, or scale by `cpu_percent`",
        )


def _unkept_times(rollout: Rollout, delivery: Delivery, place: Place) -> Iterator[Problem]:
    """A time that nobody would keep: Flagger ends with its last step. A team that promotes takes its own."""
    is_by_steps = delivery is Delivery.FLAGGER and rollout.strategy is not RolloutStrategy.BLUE_GREEN
    if is_by_steps and not is_default(rollout, "bake_minutes"):
        yield Problem(
            (*place, "bake_minutes"),
            f"nobody would keep this time; leave it out, or write a longer `{rollout.strategy}_bake_minutes`",
        )


def _alarm_problems(rollout: Rollout, cluster: EksCluster, place: Place) -> Iterator[Problem]:
    """Alarms that nobody would watch, or that nobody would measure: the rollout would pass in silence."""
    if not rollout.rollback_alarms:
        return
    if cluster.delivery is Delivery.NONE:
        yield Problem(
            place, "nobody would watch the alarms; write `cluster: {delivery: argo_rollouts}` or flagger"
        )
    elif rollout.strategy is RolloutStrategy.ROLLING:
        yield Problem(
            place,
            f"{cluster.delivery} leaves `rolling` to Kubernetes, which watches no alarm; write `strategy: "
            f"blue_green` or `canary`, or leave it out",
        )
    for number, alarm in enumerate(rollout.rollback_alarms):
        if alarm in MEASURED_OF_COPIES and not has_insights(cluster):
            yield Problem(
                (*place, number),
                f"nobody would measure `{alarm}` of pods; write `cluster: {{telemetry: cloudwatch_agent}}`, "
                f"or leave it out",
            )


def _by_delivery(rollout: Rollout, request: EksShape, place: Place) -> Iterator[Problem]:
    strategy, delivery = rollout.strategy, request.cluster.delivery
    if rollout.stable_image is not None and delivery is not Delivery.NONE:
        yield Problem((*place, "stable_image"), f"{delivery} keeps the old version itself; leave it out")
    if delivery is Delivery.NONE and strategy is RolloutStrategy.LINEAR:
        yield Problem(
            (*place, "strategy"),
            "nobody would move the steps; write `cluster: {delivery: argo_rollouts}`, or `canary`",
        )
    if delivery is Delivery.NONE and rollout.steps:
        yield Problem((*place, "steps"), "nobody would move them; write `cluster: {delivery: argo_rollouts}`")
    shifts_weights = strategy in {RolloutStrategy.CANARY, RolloutStrategy.LINEAR}
    if delivery is Delivery.FLAGGER and shifts_weights and request.mesh.kind is MeshKind.NONE:
        yield Problem(
            (*place, "strategy"),
            "Flagger shifts weights of a mesh, not of this load balancer; write `blue_green`, "
            "`cluster: {delivery: argo_rollouts}`, or `mesh: {kind: vpc_lattice}`",
        )
