"""How a new version takes over: rolling, by weights, by Argo Rollouts, by Flagger."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from programs.request.eks import Delivery
from programs.request.rollout import Rollout, RolloutStep, RolloutStrategy
from programs.request.shape import EksShape
from programs.request.workload import Workload

_WHOLE = 100


class DeliveryKind(StrEnum):
    """Who makes a workload's pods and moves its traffic."""

    ROLLING = "rolling"
    WEIGHTED = "weighted"
    ARGO = "argo"
    FLAGGER = "flagger"


def delivery_of(workload: Workload, delivery: Delivery) -> DeliveryKind:
    """Return who delivers a workload; a rolling one needs nobody but the Deployment itself."""
    if workload.rollout.strategy is RolloutStrategy.ROLLING:
        return DeliveryKind.ROLLING
    by_controller = {Delivery.ARGO_ROLLOUTS: DeliveryKind.ARGO, Delivery.FLAGGER: DeliveryKind.FLAGGER}
    return by_controller.get(delivery, DeliveryKind.WEIGHTED)


def flagger_delivered(request: EksShape) -> frozenset[str]:
    """Return the names of the workloads that Flagger delivers."""
    delivery = request.cluster.delivery
    return frozenset(
        workload.name
        for workload in request.workloads
        if delivery_of(workload, delivery) is DeliveryKind.FLAGGER
    )


@dataclass(frozen=True, slots=True)
class TrafficStep:
    """A share of traffic for the new version, then a wait (as Argo writes it; empty: none)."""

    weight: int
    pause: str


def traffic_steps(rollout: Rollout) -> tuple[TrafficStep, ...]:
    """Return the steps of a canary or linear rollout, without the last one that gives it everything."""
    if rollout.steps:
        return tuple(_requested(rollout.steps))
    if rollout.strategy is RolloutStrategy.LINEAR:
        weights = range(rollout.linear_percent, _WHOLE, rollout.linear_percent)
        return tuple(TrafficStep(weight, minutes(rollout.linear_bake_minutes)) for weight in weights)
    return (TrafficStep(rollout.canary_percent, minutes(rollout.canary_bake_minutes)),)


def _requested(steps: tuple[RolloutStep, ...]) -> Iterator[TrafficStep]:
    return (TrafficStep(step.weight, step.pause or "") for step in steps if step.weight < _WHOLE)


def minutes(count: int) -> str:
    """Return a duration as Argo and Flagger write it; empty for none."""
    return f"{count}m" if count else ""
