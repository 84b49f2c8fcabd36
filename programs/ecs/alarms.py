"""Alarms of a workload: those that people are told of, and those that end a rollout."""

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.ecs.metrics import Measure, RouteMetrics, ServiceMetrics
from programs.request.observability import AlarmThresholds
from programs.request.rollout import MEASURED_OF_COPIES, RollbackAlarm

_MILLISECONDS = 1000
_MINUTES_BELOW_DESIRED = 10
"""Longer than a healthy start of new tasks takes, so that scaling out alone rings nothing."""


@dataclass(frozen=True, slots=True)
class WorkloadAlarmsArgs:
    """What is watched: one service of a workload, and with `route` what the load balancer sees of them all.

    `service_label` is what the service is called in names.
    `topic_arn` is told of every alarm; without one only `rollback_alarms` are made, for ECS alone to read.
    `counts_tasks` says whether Container Insights is on, which the alarm on missing tasks needs.
    """

    scope: Scope
    service_label: str
    service: ServiceMetrics
    route: RouteMetrics | None
    thresholds: AlarmThresholds
    rollback_alarms: tuple[RollbackAlarm, ...]
    topic_arn: pulumi.Input[str] | None
    counts_tasks: bool


@dataclass(frozen=True, slots=True)
class _Watch:
    """One alarm: it rings when `measure` is above `threshold` for `minutes`."""

    part: str
    measure: Measure
    threshold: float
    minutes: int


class WorkloadAlarms(pulumi.ComponentResource):
    """CloudWatch alarms of one service; those that end a rollout by name."""

    rollback_names: tuple[str, ...]
    route_rollback_names: tuple[str, ...]
    alarms: list[aws.cloudwatch.MetricAlarm]

    def __init__(
        self, name: str, args: WorkloadAlarmsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the alarms."""
        super().__init__("berth:ecs:WorkloadAlarms", name, None, opts)
        wanted = {alarm.value for alarm in args.rollback_alarms}
        watches = [watch for watch in _watches(args) if args.topic_arn is not None or watch.part in wanted]
        self.alarms = [self._make(name, watch, args) for watch in watches]
        ending = [watch for watch in watches if watch.part in wanted]
        self.rollback_names = tuple(_alarm_name(args, watch) for watch in ending)
        self.route_rollback_names = tuple(
            _alarm_name(args, watch) for watch in ending if watch.part not in MEASURED_OF_COPIES
        )
        self.register_outputs({})

    def _make(self, name: str, watch: _Watch, args: WorkloadAlarmsArgs) -> aws.cloudwatch.MetricAlarm:
        actions = [args.topic_arn] if args.topic_arn is not None else None
        part = watch.part.replace("_", "-")
        return aws.cloudwatch.MetricAlarm(
            f"{name}-{part}",
            name=_alarm_name(args, watch),
            alarm_description=f"{watch.measure.label} of {args.service_label} in {args.scope.prefix}",
            comparison_operator="GreaterThanThreshold",
            threshold=watch.threshold,
            evaluation_periods=watch.minutes,
            metric_queries=watch.measure.queries(),
            treat_missing_data="notBreaching",
            alarm_actions=actions,
            ok_actions=actions,
            tags=args.scope.tagged(_alarm_name(args, watch)),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _alarm_name(args: WorkloadAlarmsArgs, watch: _Watch) -> str:
    return args.scope.name(f"{args.service_label}-{watch.part.replace('_', '-')}", 255)


def _watches(args: WorkloadAlarmsArgs) -> Iterator[_Watch]:
    limits = args.thresholds
    if args.route is not None:
        yield _Watch(RollbackAlarm.HTTP_5XX, args.route.server_errors(), limits.http_5xx_count, 2)
        latency_seconds = limits.latency_p95_milliseconds / _MILLISECONDS
        yield _Watch(RollbackAlarm.LATENCY_P95, args.route.latency(), latency_seconds, 3)
        yield _Watch(RollbackAlarm.UNHEALTHY_HOSTS, args.route.unhealthy_hosts(), 0, 3)
    yield _Watch(RollbackAlarm.CPU, args.service.cpu(), limits.cpu_percent, 5)
    yield _Watch(RollbackAlarm.MEMORY, args.service.memory(), limits.memory_percent, 5)
    if args.counts_tasks:
        yield _Watch("below_desired", args.service.missing_tasks(), 0, _MINUTES_BELOW_DESIRED)
