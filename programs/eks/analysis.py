"""What ends a rollout on EKS: the alarms a request names, as CloudWatch queries over its target groups."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.scope import Scope
from programs.eks.cluster import cluster_name
from programs.eks.naming import namespace_of, object_labels
from programs.eks.scaling import target_group_search
from programs.request.observability import AlarmThresholds
from programs.request.rollout import RollbackAlarm, Rollout, RolloutStrategy
from programs.request.workload import Workload

ANALYSIS_NAME = "rollback-alarms"
_MILLISECONDS_PER_SECOND = 1000
_LEAST_WATCHED_MINUTES = 3
CPU_METRIC = "pod_cpu_utilization_over_pod_limit"
MEMORY_METRIC = "pod_memory_utilization_over_pod_limit"


@dataclass(frozen=True, slots=True)
class Measure:
    """A CloudWatch expression and the limit: more than that speaks against the new version, as on ECS."""

    alarm: RollbackAlarm
    expression: str
    limit: float


def has_analysis(workload: Workload) -> bool:
    """Return whether a request names alarms for the workload's rollouts."""
    return bool(workload.rollout.rollback_alarms)


def measures_of(workload: Workload, thresholds: AlarmThresholds, scope: Scope) -> tuple[Measure, ...]:
    """Return how each alarm of the request is measured."""
    return tuple(_measure(alarm, workload, thresholds, scope) for alarm in workload.rollout.rollback_alarms)


def _measure(alarm: RollbackAlarm, workload: Workload, thresholds: AlarmThresholds, scope: Scope) -> Measure:
    match alarm:
        case RollbackAlarm.HTTP_5XX:
            search = target_group_search(workload, scope, "HTTPCode_Target_5XX_Count", "Sum")
            return Measure(alarm, f"SUM({search})", thresholds.http_5xx_count)
        case RollbackAlarm.LATENCY_P95:
            search = target_group_search(workload, scope, "TargetResponseTime", "p95")
            return Measure(
                alarm, f"MAX({search})", thresholds.latency_p95_milliseconds / _MILLISECONDS_PER_SECOND
            )
        case RollbackAlarm.UNHEALTHY_HOSTS:
            search = target_group_search(workload, scope, "UnHealthyHostCount", "Maximum")
            return Measure(alarm, f"SUM({search})", 0)
        case RollbackAlarm.CPU:
            return Measure(alarm, insights_expression(workload, scope, CPU_METRIC), thresholds.cpu_percent)
        case RollbackAlarm.MEMORY:
            expression = insights_expression(workload, scope, MEMORY_METRIC)
            return Measure(alarm, expression, thresholds.memory_percent)


def insights_expression(workload: Workload, scope: Scope, metric: str) -> str:
    """Return the CloudWatch expression for what Container Insights measures of a workload's pods."""
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-EKS.html
    dimensions = (
        f'ClusterName="{cluster_name(scope)}" Namespace="{namespace_of(workload.name)}" '
        f'PodName="{workload.name}"'
    )
    schema = "{ContainerInsights,ClusterName,Namespace,PodName}"
    return f"MAX(SEARCH('{schema} MetricName=\"{metric}\" {dimensions}', 'Average', 60))"


def make_analysis_template(
    name: str, workload: Workload, measures: tuple[Measure, ...], scope: Scope, opts: pulumi.ResourceOptions
) -> CustomResource:
    """Make what Argo asks while a new version is on trial."""
    return CustomResource(
        f"{name}-analysis",
        api_version="argoproj.io/v1alpha1",
        kind="AnalysisTemplate",
        metadata=ObjectMetaArgs(
            name=ANALYSIS_NAME,
            namespace=namespace_of(workload.name),
            labels=object_labels(scope, workload),
        ),
        spec={"metrics": analysis_metrics(workload, measures)},
        opts=opts,
    )


def analysis_metrics(workload: Workload, measures: tuple[Measure, ...]) -> list[dict[str, object]]:
    """Return the measures as Argo has them, each asked every minute: two bad answers end a rollout.

    While weights shift they are asked until the steps are through; after a switch, where Argo demands an end,
    for as long as both versions stay:
    https://argo-rollouts.readthedocs.io/en/stable/features/analysis/
    """
    metrics = [_argo_metric(measure) for measure in measures]
    if workload.rollout.strategy is not RolloutStrategy.BLUE_GREEN:
        return metrics
    return [{**metric, "count": watched_minutes(workload.rollout)} for metric in metrics]


def watched_minutes(rollout: Rollout) -> int:
    """Return how long a version is watched after the switch; what is measured arrives minutes later."""
    return max(_LEAST_WATCHED_MINUTES, rollout.bake_minutes)


def _argo_metric(measure: Measure) -> dict[str, object]:
    # https://argo-rollouts.readthedocs.io/en/stable/analysis/cloudwatch/
    query = {"id": "value", "expression": measure.expression, "returnData": True}
    return {
        "name": measure.alarm.value.replace("_", "-"),
        "interval": "1m",
        "failureLimit": 1,
        "successCondition": f"len(result[0].Values) == 0 || result[0].Values[0] <= {measure.limit:g}",
        "provider": {"cloudWatch": {"interval": "5m", "metricDataQueries": [query]}},
    }
