"""The metrics that alarms and dashboards read about a service, and where they stand in CloudWatch."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.target_group import TargetGroup

_PERIOD_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric: its names, its statistic and what it is about."""

    namespace: str
    name: str
    stat: str
    dimensions: Mapping[str, pulumi.Input[str]]


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that may be made of several metrics: `expression` names them m1, m2, ..."""

    label: str
    metrics: tuple[Metric, ...]
    expression: str

    def queries(self) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
        """Return the measure as an alarm takes it."""
        parts = [
            aws.cloudwatch.MetricAlarmMetricQueryArgs(
                id=f"m{number}",
                return_data=False,
                metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                    namespace=metric.namespace,
                    metric_name=metric.name,
                    stat=metric.stat,
                    period=_PERIOD_SECONDS,
                    dimensions=metric.dimensions,
                ),
            )
            for number, metric in enumerate(self.metrics, start=1)
        ]
        whole = aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="measure", expression=self.expression, label=self.label, return_data=True
        )
        return [*parts, whole]


@dataclass(frozen=True, slots=True)
class RouteMetrics:
    """What the load balancer counts for a workload, over all groups that may carry its traffic.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """

    balancer_arn_suffix: pulumi.Input[str]
    target_groups: tuple[TargetGroup, ...]

    def requests(self) -> Measure:
        """Requests a minute."""
        return self._total("Requests", "RequestCount")

    def server_errors(self) -> Measure:
        """Answers 5xx a minute."""
        return self._total("5xx answers", "HTTPCode_Target_5XX_Count")

    def latency(self) -> Measure:
        """The 95th percentile of the answer time, in seconds; of two versions the slower one's."""
        return self._highest("Answer time p95", "TargetResponseTime", "p95")

    def unhealthy_hosts(self) -> Measure:
        """Targets that fail their health check."""
        return self._highest("Unhealthy targets", "UnHealthyHostCount", "Maximum")

    def _total(self, label: str, name: str) -> Measure:
        metrics = self._metrics(name, "Sum")
        terms = [f"FILL(m{number}, 0)" for number in range(1, len(metrics) + 1)]
        return Measure(label, metrics, " + ".join(terms))

    def _highest(self, label: str, name: str, stat: str) -> Measure:
        metrics = self._metrics(name, stat)
        names = ", ".join(f"m{number}" for number in range(1, len(metrics) + 1))
        return Measure(label, metrics, f"MAX([{names}])")

    def _metrics(self, name: str, stat: str) -> tuple[Metric, ...]:
        return tuple(
            Metric(
                "AWS/ApplicationELB",
                name,
                stat,
                {"LoadBalancer": self.balancer_arn_suffix, "TargetGroup": group.arn_suffix},
            )
            for group in self.target_groups
        )


@dataclass(frozen=True, slots=True)
class ServiceMetrics:
    """What ECS counts for a service.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
    """

    cluster_name: str
    service_name: str

    def cpu(self) -> Measure:
        """Average CPU use in percent."""
        return Measure("CPU", (self._metric("AWS/ECS", "CPUUtilization", "Average"),), "m1")

    def memory(self) -> Measure:
        """Average memory use in percent."""
        return Measure("Memory", (self._metric("AWS/ECS", "MemoryUtilization", "Average"),), "m1")

    def missing_tasks(self) -> Measure:
        """Tasks that should run and do not; Container Insights counts both."""
        namespace = "ECS/ContainerInsights"
        desired = self._metric(namespace, "DesiredTaskCount", "Average")
        running = self._metric(namespace, "RunningTaskCount", "Average")
        return Measure("Missing tasks", (desired, running), "m1 - m2")

    def _metric(self, namespace: str, name: str, stat: str) -> Metric:
        about = {"ClusterName": self.cluster_name, "ServiceName": self.service_name}
        return Metric(namespace, name, stat, about)
