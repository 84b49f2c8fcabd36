"""How many pods a workload has: by use, by requests, by the clock."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.autoscaling.v2 import (
    CrossVersionObjectReferenceArgs,
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerBehaviorArgs,
    HorizontalPodAutoscalerSpecArgs,
    HPAScalingPolicyArgs,
    HPAScalingRulesArgs,
    MetricSpecArgs,
    MetricTargetArgs,
    ResourceMetricSourceArgs,
)
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.scope import Scope
from programs.eks.naming import balancer_name, namespace_of, object_labels
from programs.request.scaling import Scaling
from programs.request.workload import Workload

_PERIOD_SECONDS = 60
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class ScaleTarget:
    """What is scaled: a Deployment or an Argo Rollout."""

    api_version: str
    kind: str
    name: str


def follows_requests(workload: Workload) -> bool:
    """Return whether the number of pods follows the load balancer's request count."""
    return workload.scaling is not None and workload.scaling.requests_per_target is not None


def is_scaled(workload: Workload) -> bool:
    """Return whether the number of pods is an autoscaler's or a schedule's, and no longer the request's."""
    return workload.scaling is not None


def make_autoscaler(
    name: str, workload: Workload, target: ScaleTarget, scope: Scope, opts: pulumi.ResourceOptions
) -> pulumi.Resource | None:
    """Make what changes the number of pods by use; None when only a schedule, or nothing, does.

    With a schedule, the bounds are the schedule's from then on.
    """
    scaling = workload.scaling
    if scaling is None:
        return None
    if scaling.requests_per_target is not None:
        return _make_scaled_object(name, workload, scaling, target, scope, opts)
    if scaling.cpu_percent is None and scaling.memory_percent is None:
        return None
    return _make_horizontal(name, workload, scaling, target, scope, opts)


def _make_horizontal(
    name: str,
    workload: Workload,
    scaling: Scaling,
    target: ScaleTarget,
    scope: Scope,
    opts: pulumi.ResourceOptions,
) -> HorizontalPodAutoscaler:
    bounds = ["spec.minReplicas", "spec.maxReplicas"] if scaling.schedule else None
    return HorizontalPodAutoscaler(
        f"{name}-autoscaler",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec=HorizontalPodAutoscalerSpecArgs(
            scale_target_ref=CrossVersionObjectReferenceArgs(
                api_version=target.api_version, kind=target.kind, name=target.name
            ),
            # Kubernetes' own autoscaler does not scale to zero; the schedule does.
            min_replicas=max(1, workload.replicas.min),
            max_replicas=workload.replicas.max,
            metrics=_use_metrics(scaling),
            behavior=scaling_behavior(scaling),
        ),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=bounds)),
    )


def _use_metrics(scaling: Scaling) -> list[MetricSpecArgs]:
    wanted = {"cpu": scaling.cpu_percent, "memory": scaling.memory_percent}
    return [
        MetricSpecArgs(
            type="Resource",
            resource=ResourceMetricSourceArgs(
                name=resource, target=MetricTargetArgs(type="Utilization", average_utilization=percent)
            ),
        )
        for resource, percent in wanted.items()
        if percent is not None
    ]


def scaling_behavior(scaling: Scaling) -> HorizontalPodAutoscalerBehaviorArgs:
    """Return the cooldowns: at most one change in each period, and the calmest of it when shrinking."""
    return HorizontalPodAutoscalerBehaviorArgs(
        scale_down=HPAScalingRulesArgs(
            stabilization_window_seconds=scaling.scale_in_cooldown_seconds,
            policies=[HPAScalingPolicyArgs(type="Percent", value=_WHOLE, period_seconds=_PERIOD_SECONDS)],
        ),
        scale_up=HPAScalingRulesArgs(
            stabilization_window_seconds=0,
            policies=[
                HPAScalingPolicyArgs(
                    type="Percent",
                    value=_WHOLE,
                    period_seconds=max(1, scaling.scale_out_cooldown_seconds),
                )
            ],
        ),
    )


def target_group_search(workload: Workload, scope: Scope, metric: str, statistic: str) -> str:
    """Return the CloudWatch search for a metric of a workload's target groups, minute by minute.

    The load balancer controller names a target group by eight letters of namespace and service each:
    https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/
    """
    letters = "".join(character for character in workload.name if character.isalnum())[:8]
    schema = "{AWS/ApplicationELB,LoadBalancer,TargetGroup}"
    names = f'MetricName="{metric}" LoadBalancer=app/{balancer_name(scope)} '
    names += f"TargetGroup=targetgroup/k8s-{letters}-{letters}"
    return f"SEARCH('{schema} {names}', '{statistic}', 60)"


def _make_scaled_object(
    name: str,
    workload: Workload,
    scaling: Scaling,
    target: ScaleTarget,
    scope: Scope,
    opts: pulumi.ResourceOptions,
) -> CustomResource:
    triggers = [_request_trigger(workload, scaling, scope), *_use_triggers(scaling)]
    bounds = ["spec.minReplicaCount", "spec.maxReplicaCount"] if scaling.schedule else None
    return CustomResource(
        f"{name}-autoscaler",
        api_version="keda.sh/v1alpha1",
        kind="ScaledObject",
        metadata=ObjectMetaArgs(
            name=workload.name,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec={
            "scaleTargetRef": {"apiVersion": target.api_version, "kind": target.kind, "name": target.name},
            "minReplicaCount": max(1, workload.replicas.min),
            "maxReplicaCount": workload.replicas.max,
            "pollingInterval": _PERIOD_SECONDS,
            "advanced": {
                "horizontalPodAutoscalerConfig": {
                    "name": workload.name,
                    "behavior": scaling_behavior(scaling),
                }
            },
            "triggers": triggers,
        },
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=bounds)),
    )


def _use_triggers(scaling: Scaling) -> list[dict[str, object]]:
    wanted = {"cpu": scaling.cpu_percent, "memory": scaling.memory_percent}
    return [
        {"type": resource, "metricType": "Utilization", "metadata": {"value": str(percent)}}
        for resource, percent in wanted.items()
        if percent is not None
    ]


def _request_trigger(workload: Workload, scaling: Scaling, scope: Scope) -> dict[str, object]:
    return {
        "type": "aws-cloudwatch",
        "metricType": "AverageValue",
        "metadata": {
            "awsRegion": scope.region,
            "identityOwner": "operator",
            "expression": f"SUM({target_group_search(workload, scope, 'RequestCount', 'Sum')})",
            "targetMetricValue": str(scaling.requests_per_target),
            "minMetricValue": "0",
            "metricStatPeriod": str(_PERIOD_SECONDS),
            "metricCollectionTime": str(5 * _PERIOD_SECONDS),
        },
    }
