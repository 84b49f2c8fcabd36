"""Autoscaling of a service: targets to hold, and bounds that change by the clock."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationArgs as TrackingArgs,
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationArgs as CustomizedArgs,
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricArgs as MetricArgs,
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatArgs as StatArgs,  # noqa: E501 -- the SDK's name
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricArgs as NamedMetricArgs,  # noqa: E501 -- the SDK's name
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetricMetricStatMetricDimensionArgs as DimensionArgs,  # noqa: E501 -- the SDK's name
)
from pulumi_aws.appautoscaling import (
    PolicyTargetTrackingScalingPolicyConfigurationPredefinedMetricSpecificationArgs as PredefinedArgs,
)

from programs.components.scope import Scope
from programs.components.target_group import TargetGroup
from programs.ecs.service_share import Bounds
from programs.request.scaling import Scaling, ScheduledScaling

_NAMESPACE = "ecs"
_DIMENSION = "ecs:service:DesiredCount"
_CPU = "ECSServiceAverageCPUUtilization"
_MEMORY = "ECSServiceAverageMemoryUtilization"
_REQUESTS = "ALBRequestCountPerTarget"


@dataclass(frozen=True, slots=True)
class RequestMetric:
    """Where requests are counted: the load balancer, and every group that may carry the traffic."""

    balancer_arn_suffix: pulumi.Output[str]
    target_groups: tuple[TargetGroup, ...]


@dataclass(frozen=True, slots=True)
class AutoscalingArgs:
    """The service, its bounds and what to follow; `scheduled` are its bounds from each action on."""

    scope: Scope
    service_name: pulumi.Input[str]
    service_label: str
    cluster_name: pulumi.Input[str]
    minimum: int
    maximum: int
    scaling: Scaling
    scheduled: tuple[Bounds, ...]
    requests: RequestMetric | None = None


class Autoscaling(pulumi.ComponentResource):
    """A scalable target with a policy for each thing that is followed."""

    def __init__(self, name: str, args: AutoscalingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the target, its policies and its scheduled actions."""
        super().__init__("berth:ecs:Autoscaling", name, None, opts)
        self._name = name
        self._args = args
        has_schedule = bool(args.scaling.schedule)
        self._target = aws.appautoscaling.Target(
            f"{name}-target",
            service_namespace=_NAMESPACE,
            scalable_dimension=_DIMENSION,
            resource_id=pulumi.Output.concat("service/", args.cluster_name, "/", args.service_name),
            min_capacity=args.minimum,
            max_capacity=args.maximum,
            tags=args.scope.tagged(args.scope.name(args.service_label)),
            # Scheduled actions move the bounds: what they set must not be undone by the next deployment.
            opts=pulumi.ResourceOptions(
                parent=self, ignore_changes=["minCapacity", "maxCapacity"] if has_schedule else None
            ),
        )
        self._make_policies(args.scaling)
        actions = zip(args.scaling.schedule, args.scheduled, strict=True)
        for number, (action, bounds) in enumerate(actions, start=1):
            self._schedule(number, action, bounds)
        self.register_outputs({})

    def _make_policies(self, scaling: Scaling) -> None:
        if scaling.cpu_percent is not None:
            self._follow("cpu", scaling.cpu_percent, _predefined(_CPU))
        if scaling.memory_percent is not None:
            self._follow("memory", scaling.memory_percent, _predefined(_MEMORY))
        requests = self._args.requests
        if scaling.requests_per_target is not None and requests is not None:
            self._follow_requests(scaling.requests_per_target, requests)

    def _follow_requests(self, target: int, requests: RequestMetric) -> None:
        if len(requests.target_groups) == 1:
            group = requests.target_groups[0]
            label = pulumi.Output.concat(requests.balancer_arn_suffix, "/", group.arn_suffix)
            self._follow("requests", target, _predefined(_REQUESTS, label))
        else:
            self._follow("requests", target, None, _summed_requests(requests.target_groups))

    def _follow(
        self,
        part: str,
        target: int,
        predefined: PredefinedArgs | None,
        customized: CustomizedArgs | None = None,
    ) -> None:
        scaling = self._args.scaling
        aws.appautoscaling.Policy(
            f"{self._name}-{part}",
            name=self._args.scope.name(f"{self._args.service_label}-{part}", 255),
            policy_type="TargetTrackingScaling",
            service_namespace=self._target.service_namespace,
            scalable_dimension=self._target.scalable_dimension,
            resource_id=self._target.resource_id,
            target_tracking_scaling_policy_configuration=TrackingArgs(
                target_value=target,
                predefined_metric_specification=predefined,
                customized_metric_specification=customized,
                scale_in_cooldown=scaling.scale_in_cooldown_seconds,
                scale_out_cooldown=scaling.scale_out_cooldown_seconds,
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _schedule(self, number: int, action: ScheduledScaling, bounds: Bounds) -> None:
        aws.appautoscaling.ScheduledAction(
            f"{self._name}-schedule-{number}",
            name=self._args.scope.name(f"{self._args.service_label}-{number}", 255),
            service_namespace=self._target.service_namespace,
            scalable_dimension=self._target.scalable_dimension,
            resource_id=self._target.resource_id,
            schedule=f"cron({action.cron})",
            timezone=action.timezone,
            scalable_target_action=aws.appautoscaling.ScheduledActionScalableTargetActionArgs(
                min_capacity=bounds.minimum, max_capacity=bounds.maximum
            ),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _predefined(metric: str, label: pulumi.Input[str] | None = None) -> PredefinedArgs:
    return PredefinedArgs(predefined_metric_type=metric, resource_label=label)


def _summed_requests(
    groups: tuple[TargetGroup, ...],
) -> CustomizedArgs:
    """Return requests per target over all groups: which of them carries the traffic changes by rollout.

    The predefined metric is bound to one group for good; docs/adr/0011 has the reasons.
    """
    metrics = [_requests_of(f"group{number}", group) for number, group in enumerate(groups, start=1)]
    terms = [f"FILL(group{number}, 0)" for number in range(1, len(groups) + 1)]
    total = MetricArgs(
        id="requests", expression=" + ".join(terms), label="Requests per target", return_data=True
    )
    return CustomizedArgs(metrics=[*metrics, total])


def _requests_of(identifier: str, group: TargetGroup) -> MetricArgs:
    dimension = DimensionArgs(name="TargetGroup", value=group.arn_suffix)
    metric = NamedMetricArgs(
        metric_name="RequestCountPerTarget", namespace="AWS/ApplicationELB", dimensions=[dimension]
    )
    stat = StatArgs(metric=metric, stat="Sum")
    return MetricArgs(id=identifier, metric_stat=stat, return_data=False)
