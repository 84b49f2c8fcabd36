"""A workload delivered by Argo Rollouts: canary weights on the load balancer, or blue and green.

https://argo-rollouts.readthedocs.io/en/stable/features/specification/
"""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import PodTemplateSpecArgs
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.scope import Scope
from programs.eks.analysis import ANALYSIS_NAME, has_analysis, watched_minutes
from programs.eks.delivery import traffic_steps
from programs.eks.ingress import Backend
from programs.eks.naming import namespace_of, object_labels, selector_labels
from programs.eks.scaling import ScaleTarget
from programs.request.rollout import CircuitBreaker, Rollout, RolloutStrategy
from programs.request.workload import Workload

API_VERSION = "argoproj.io/v1alpha1"
_PROGRESS_DEADLINE_SECONDS = 600
_NO_DEADLINE_SECONDS = 2**31 - 1
"""The field's greatest value: 68 years."""
_KEPT_REVISIONS = 5
_SECONDS_PER_MINUTE = 60
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class RolloutServices:
    """The services that Argo points at one version or the other."""

    stable: str
    trial: str


def rollout_services(workload: Workload) -> RolloutServices:
    """Return the names of the services of the version that stands and of the one on trial."""
    is_blue_green = workload.rollout.strategy is RolloutStrategy.BLUE_GREEN
    if is_blue_green:
        return RolloutServices(workload.name, f"{workload.name}-preview")
    return RolloutServices(f"{workload.name}-stable", f"{workload.name}-canary")


def backend(workload: Workload) -> Backend:
    """Return what the ingress sends to: Argo writes the weights of a canary into its annotations."""
    is_shifted = workload.rollout.strategy is not RolloutStrategy.BLUE_GREEN
    return Backend(workload.name, workload.ports[0].port, is_shifted=is_shifted)


def make_rollout(
    name: str, workload: Workload, template: PodTemplateSpecArgs, scope: Scope, opts: pulumi.ResourceOptions
) -> CustomResource:
    """Make the Rollout, which stands in for a Deployment."""
    rollout = workload.rollout
    return CustomResource(
        f"{name}-rollout",
        api_version=API_VERSION,
        kind="Rollout",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec={
            "replicas": workload.replicas.desired,
            "revisionHistoryLimit": _KEPT_REVISIONS,
            **circuit_breaking(rollout.circuit_breaker),
            "selector": {"matchLabels": selector_labels(workload.name)},
            "strategy": rollout_strategy(workload),
            "template": template,
        },
        opts=opts,
    )


def circuit_breaking(breaker: CircuitBreaker) -> dict[str, object]:
    """Return what the circuit breaker is on ECS: when copies do not come up, the rollout has failed.

    Its `rollback` brings the old version back; without it the rollout is Degraded, and goes on if copies come
    up after all. Switched off, it never is.
    """
    return {
        "progressDeadlineSeconds": _PROGRESS_DEADLINE_SECONDS if breaker.enabled else _NO_DEADLINE_SECONDS,
        "progressDeadlineAbort": breaker.enabled and breaker.rollback,
    }


def scale_target(workload: Workload) -> ScaleTarget:
    """Return what the autoscaler scales."""
    return ScaleTarget(API_VERSION, "Rollout", workload.name)


def rollout_strategy(workload: Workload) -> dict[str, object]:
    """Return the strategy as Argo has it."""
    if workload.rollout.strategy is RolloutStrategy.BLUE_GREEN:
        return {"blueGreen": _blue_green(workload)}
    return {"canary": _canary(workload)}


def _blue_green(workload: Workload) -> dict[str, object]:
    services = rollout_services(workload)
    strategy: dict[str, object] = {
        "activeService": services.stable,
        "previewService": services.trial,
        "autoPromotionEnabled": True,
        "scaleDownDelaySeconds": _kept_seconds(workload.rollout),
    }
    if has_analysis(workload):
        # The old version stays while the new one is watched: an abort goes back to pods that run.
        strategy["scaleDownDelaySeconds"] = watched_minutes(workload.rollout) * _SECONDS_PER_MINUTE
        strategy["postPromotionAnalysis"] = {"templates": [{"templateName": ANALYSIS_NAME}]}
    return strategy


def _kept_seconds(rollout: Rollout) -> int:
    return max(1, rollout.bake_minutes) * _SECONDS_PER_MINUTE


def _canary(workload: Workload) -> dict[str, object]:
    services, rollout = rollout_services(workload), workload.rollout
    balancer = {
        "ingress": workload.name,
        "rootService": workload.name,
        "servicePort": workload.ports[0].port,
    }
    strategy: dict[str, object] = {
        "stableService": services.stable,
        "canaryService": services.trial,
        "maxUnavailable": f"{_WHOLE - rollout.minimum_healthy_percent}%",
        "maxSurge": f"{rollout.maximum_percent - _WHOLE}%",
        "abortScaleDownDelaySeconds": _SECONDS_PER_MINUTE,
        "scaleDownDelaySeconds": _kept_seconds(rollout),
        "steps": canary_steps(rollout),
    }
    if workload.public is not None:
        strategy["trafficRouting"] = {"alb": balancer}
    if has_analysis(workload):
        strategy["analysis"] = {"templates": [{"templateName": ANALYSIS_NAME}], "startingStep": 1}
    return strategy


def canary_steps(rollout: Rollout) -> list[dict[str, object]]:
    """Return the steps: a weight, then a pause where there is one."""
    steps: list[dict[str, object]] = []
    for step in traffic_steps(rollout):
        steps.append({"setWeight": step.weight})
        if step.pause:
            steps.append({"pause": {"duration": step.pause}})
    return steps
