"""How a new version of a workload takes over."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from programs.request.identifiers import LambdaArn
from programs.request.images import Image
from programs.request.strict import Boolean, Integer, StrictModel


class RolloutStrategy(StrEnum):
    """The ways of taking over."""

    ROLLING = "rolling"
    BLUE_GREEN = "blue_green"
    CANARY = "canary"
    LINEAR = "linear"


class RolloutController(StrEnum):
    """Who shifts the traffic on ECS."""

    ECS = "ecs"
    CODEDEPLOY = "codedeploy"


class RollbackAlarm(StrEnum):
    """Alarms that end a rollout and bring the old version back."""

    HTTP_5XX = "http_5xx"
    LATENCY_P95 = "latency_p95"
    CPU = "cpu"
    MEMORY = "memory"
    UNHEALTHY_HOSTS = "unhealthy_hosts"


MEASURED_OF_COPIES = (RollbackAlarm.CPU, RollbackAlarm.MEMORY)
"""Alarms over a workload's copies; the others are over what the load balancer sees of it."""


class LifecycleStage(StrEnum):
    """Moments of an ECS deployment at which a hook runs (Amazon ECS API, DeploymentLifecycleHook)."""

    RECONCILE_SERVICE = "RECONCILE_SERVICE"
    PRE_SCALE_UP = "PRE_SCALE_UP"
    POST_SCALE_UP = "POST_SCALE_UP"
    TEST_TRAFFIC_SHIFT = "TEST_TRAFFIC_SHIFT"
    POST_TEST_TRAFFIC_SHIFT = "POST_TEST_TRAFFIC_SHIFT"
    PRODUCTION_TRAFFIC_SHIFT = "PRODUCTION_TRAFFIC_SHIFT"
    POST_PRODUCTION_TRAFFIC_SHIFT = "POST_PRODUCTION_TRAFFIC_SHIFT"


class LifecycleHook(StrictModel):
    """A Lambda function that is asked at stages of the rollout and may stop it."""

    function_arn: LambdaArn = Field(
        title="Function",
        description="ARN of the Lambda function.",
        examples=["arn:aws:lambda:us-east-1:123456789012:function:smoke-test"],
    )
    stages: tuple[LifecycleStage, ...] = Field(
        title="Stages",
        description="When it is asked.",
        min_length=1,
        max_length=7,
        examples=[["POST_TEST_TRAFFIC_SHIFT"]],
    )


class CircuitBreaker(StrictModel):
    """Ends a rollout whose new copies do not come up."""

    enabled: Boolean = Field(
        default=True, title="Enabled", description="Whether such a rollout is ended.", examples=[True]
    )
    rollback: Boolean = Field(
        default=True,
        title="Roll back",
        description="Whether the last version that worked is brought back.",
        examples=[True],
    )


Pause = Annotated[str, StringConstraints(pattern=r"^[0-9]+(s|m|h)$", max_length=8)]
"""A duration as Argo Rollouts writes it, such as `5m`."""


class RolloutStep(StrictModel):
    """One step of a canary on EKS: a share of traffic, then a pause."""

    weight: Integer = Field(
        title="Weight", description="Percent of traffic for the new version.", ge=0, le=100, examples=[10]
    )
    pause: Pause | None = Field(
        default=None,
        title="Pause",
        description="How long to stay there, such as `30s`, `5m` or `1h`. Absent: no pause.",
        examples=["5m"],
    )


class Rollout(StrictModel):
    """How a new version takes over from the old one, and what brings the old one back."""

    strategy: RolloutStrategy = Field(
        default=RolloutStrategy.ROLLING,
        title="Strategy",
        description="`rolling` replaces copies bit by bit; `blue_green` starts all new ones and switches; "
        "`canary` tries a share first; `linear` shifts in equal steps.",
        examples=["rolling", "canary"],
    )
    controller: RolloutController = Field(
        default=RolloutController.ECS,
        title="Controller",
        description="Who shifts traffic on ECS: ECS itself, or CodeDeploy. Not used on EKS.",
        examples=["ecs"],
    )
    bake_minutes: Integer = Field(
        default=5,
        title="Bake time",
        description="Minutes both versions stay after all traffic has moved (blue_green, canary, linear).",
        ge=0,
        le=1440,
        examples=[15],
    )
    canary_percent: Integer = Field(
        default=10,
        title="Canary share",
        description="Percent of traffic the new version gets first (canary).",
        ge=1,
        le=99,
        examples=[10],
    )
    canary_bake_minutes: Integer = Field(
        default=5,
        title="Canary bake time",
        description="Minutes the canary share is watched before all traffic moves (canary).",
        ge=0,
        le=1440,
        examples=[5],
    )
    linear_percent: Integer = Field(
        default=10,
        title="Linear step",
        description="Percent of traffic moved in each step (linear).",
        ge=3,
        le=99,
        examples=[20],
    )
    linear_bake_minutes: Integer = Field(
        default=1,
        title="Linear bake time",
        description="Minutes between steps (linear).",
        ge=0,
        le=1440,
        examples=[1],
    )
    steps: tuple[RolloutStep, ...] = Field(
        default=(),
        title="Steps",
        description="Canary steps on EKS, in rising order, in place of `canary_percent` and "
        "`canary_bake_minutes`.",
        max_length=20,
        examples=[[{"weight": 10, "pause": "5m"}, {"weight": 50, "pause": "5m"}, {"weight": 100}]],
    )
    stable_image: Image | None = Field(
        default=None,
        title="Stable image",
        description="EKS without a delivery controller: the version that keeps the traffic beyond "
        "`canary_percent` (canary), or all of it (blue_green), while `image` is tried. Drop it to promote "
        "`image`; write it as `image` to roll back.",
        examples=["public.ecr.aws/nginx/nginx:1.26"],
    )
    minimum_healthy_percent: Integer = Field(
        default=100,
        title="Minimum healthy",
        description="Percent of the desired copies that must stay up meanwhile.",
        ge=0,
        le=100,
        examples=[100],
    )
    maximum_percent: Integer = Field(
        default=200,
        title="Maximum",
        description="Percent of the desired copies that may run meanwhile.",
        ge=100,
        le=200,
        examples=[200],
    )
    circuit_breaker: CircuitBreaker = Field(
        default=CircuitBreaker(),
        title="Circuit breaker",
        description="What happens when new copies do not come up.",
        examples=[{"enabled": True, "rollback": True}],
    )
    rollback_alarms: tuple[RollbackAlarm, ...] = Field(
        default=(),
        title="Rollback alarms",
        description="Alarms that end the rollout and bring the old version back. On EKS they are watched "
        "by `cluster.delivery`, for shifting strategies; `cpu` and `memory` need "
        "`cluster: {telemetry: cloudwatch_agent}` there.",
        max_length=5,
        examples=[["http_5xx", "latency_p95"]],
    )
    hooks: tuple[LifecycleHook, ...] = Field(
        default=(),
        title="Lifecycle hooks",
        description="Lambda functions that are asked at stages of a rollout on ECS.",
        max_length=5,
        examples=[
            [
                {
                    "function_arn": "arn:aws:lambda:us-east-1:123456789012:function:smoke-test",
                    "stages": ["POST_TEST_TRAFFIC_SHIFT"],
                }
            ]
        ],
    )
