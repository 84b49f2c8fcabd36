"""How a service's new version takes over: pure, from a request's rollout to what ECS takes."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.request.mesh import MeshKind
from programs.request.rollout import LifecycleHook, Rollout, RolloutController, RolloutStrategy
from programs.request.workload import Workload

_STRATEGY_NAMES = {
    RolloutStrategy.BLUE_GREEN: "BLUE_GREEN",
    RolloutStrategy.CANARY: "CANARY",
    RolloutStrategy.LINEAR: "LINEAR",
}
_START_AND_STOP_MINUTES = 30
_SECONDS_PER_MINUTE = 60


def service_rollout(workload: Workload, mesh: MeshKind) -> Rollout:
    """Return how ECS itself rolls the workload's services.

    In App Mesh the routes' weights hold a canary's share, and each of its services rolls by itself.
    """
    if mesh is not MeshKind.APP_MESH:
        return workload.rollout
    return workload.rollout.model_copy(update={"strategy": RolloutStrategy.ROLLING})


def shifts_traffic(rollout: Rollout) -> bool:
    """Return whether two versions stand side by side while traffic moves from one to the other."""
    return rollout.strategy is not RolloutStrategy.ROLLING


def is_native(rollout: Rollout) -> bool:
    """Return whether ECS itself runs the rollout."""
    return rollout.controller is RolloutController.ECS


def controller_type(rollout: Rollout) -> str:
    """Return the deployment controller as ECS names it."""
    return "ECS" if is_native(rollout) else "CODE_DEPLOY"


def circuit_breaker(rollout: Rollout) -> aws.ecs.ServiceDeploymentCircuitBreakerArgs | None:
    """Return the circuit breaker; ECS has one for rolling updates alone.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
    """
    if shifts_traffic(rollout) or not rollout.circuit_breaker.enabled:
        return None
    return aws.ecs.ServiceDeploymentCircuitBreakerArgs(enable=True, rollback=rollout.circuit_breaker.rollback)


def deployment_configuration(
    rollout: Rollout, hook_role_arn: pulumi.Input[str] | None
) -> aws.ecs.ServiceDeploymentConfigurationArgs | None:
    """Return strategy, bake times and hooks for a rollout that ECS runs; None for rolling updates.

    `hook_role_arn` is the role that ECS calls the hooks' functions with.
    """
    if not is_native(rollout) or not shifts_traffic(rollout):
        return None
    configuration = aws.ecs.ServiceDeploymentConfigurationArgs(
        strategy=_STRATEGY_NAMES[rollout.strategy],
        bake_time_in_minutes=str(rollout.bake_minutes),
        lifecycle_hooks=[_hook(hook, hook_role_arn) for hook in rollout.hooks] or None,
    )
    if rollout.strategy is RolloutStrategy.CANARY:
        configuration.canary_configuration = aws.ecs.ServiceDeploymentConfigurationCanaryConfigurationArgs(
            canary_percent=rollout.canary_percent,
            canary_bake_time_in_minutes=str(rollout.canary_bake_minutes),
        )
    if rollout.strategy is RolloutStrategy.LINEAR:
        configuration.linear_configuration = aws.ecs.ServiceDeploymentConfigurationLinearConfigurationArgs(
            step_percent=rollout.linear_percent,
            step_bake_time_in_minutes=str(rollout.linear_bake_minutes),
        )
    return configuration


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service's tasks may take beside starting and stopping, in seconds.

    `grace` passes before the load balancer's verdict counts, `drain` until it lets go of a task.
    """

    grace: int = 0
    drain: int = 0


def longest_end_minutes(patience: Patience) -> int:
    """Return an upper bound of how long all tasks of a service take to end, in minutes."""
    return _START_AND_STOP_MINUTES + _whole_minutes(patience.drain)


def longest_minutes(rollout: Rollout, patience: Patience) -> int:
    """Return an upper bound of how long a rollout of healthy tasks takes, in minutes."""
    start_and_stop = _START_AND_STOP_MINUTES + _whole_minutes(patience.grace + patience.drain)
    if not shifts_traffic(rollout):
        return start_and_stop
    shifting = {
        RolloutStrategy.BLUE_GREEN: 0,
        RolloutStrategy.CANARY: rollout.canary_bake_minutes,
        RolloutStrategy.LINEAR: -(-100 // rollout.linear_percent) * rollout.linear_bake_minutes,
    }[rollout.strategy]
    return start_and_stop + shifting + rollout.bake_minutes


def _whole_minutes(seconds: int) -> int:
    return -(-seconds // _SECONDS_PER_MINUTE)


def _hook(
    hook: LifecycleHook, role_arn: pulumi.Input[str] | None
) -> aws.ecs.ServiceDeploymentConfigurationLifecycleHookArgs:
    return aws.ecs.ServiceDeploymentConfigurationLifecycleHookArgs(
        hook_target_arn=hook.function_arn,
        role_arn=role_arn,
        lifecycle_stages=[stage.value for stage in hook.stages],
    )
