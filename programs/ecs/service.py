"""The ECS service: keeps a number of tasks running and brings new versions in."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup
from programs.ecs.capacity_plan import ProviderShare
from programs.ecs.exposure import PublicRoute
from programs.ecs.rollout import (
    Patience,
    circuit_breaker,
    controller_type,
    deployment_configuration,
    is_native,
    longest_end_minutes,
    longest_minutes,
    shifts_traffic,
)
from programs.request.rollout import Rollout

_REFUSED_UNDER_CODEDEPLOY = (
    "taskDefinition",
    "loadBalancers",
    "networkConfiguration",
    "capacityProviderStrategies",
    "enableExecuteCommand",
)
"""What ECS changes in no service that CodeDeploy rolls out; deployments of CodeDeploy bring all but the last.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
"""


@dataclass(frozen=True, slots=True)
class ServiceArgs:
    """What runs, where, how many, and how traffic reaches it.

    `is_autoscaled` leaves the number of tasks to the autoscaler once the service stands.
    `waits_until_steady` makes a deployment succeed only when its tasks run; off where images come from
    repositories that the same deployment makes, since nobody can have pushed to them yet. `patience` is what
    the load balancer adds, None where the service is behind none.
    """

    scope: Scope
    service_name: str
    container_name: str
    cluster_arn: pulumi.Input[str]
    task_definition_arn: pulumi.Input[str]
    strategy: tuple[ProviderShare, ...]
    placement: NetworkPlacement
    security_group: SecurityGroup
    desired_count: int
    is_autoscaled: bool
    rollout: Rollout
    allows_exec: bool
    waits_until_steady: bool
    depends_on: tuple[pulumi.Resource, ...]
    container_port: int | None = None
    route: PublicRoute | None = None
    patience: Patience | None = None
    registry_arn: pulumi.Input[str] | None = None
    connect: aws.ecs.ServiceServiceConnectConfigurationArgs | None = None
    alarm_names: tuple[str, ...] = ()


class Service(pulumi.ComponentResource):
    """An ECS service in private subnets, without public addresses."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(self, name: str, args: ServiceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the service."""
        super().__init__("berth:ecs:Service", name, None, opts)
        role = args.route.traffic_role if args.route is not None else None
        service = aws.ecs.Service(
            f"{name}-service",
            name=args.service_name,
            cluster=args.cluster_arn,
            task_definition=args.task_definition_arn,
            desired_count=args.desired_count,
            capacity_provider_strategies=_strategy(args.strategy),
            # Without it another strategy replaces the service, whose old tasks would go before new ones come:
            # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ecs_service
            # (capacity_provider_strategy). CodeDeploy's services refuse it.
            force_new_deployment=is_native(args.rollout),
            network_configuration=aws.ecs.ServiceNetworkConfigurationArgs(
                subnets=list(args.placement.private_subnet_ids),
                security_groups=[args.security_group.id],
                assign_public_ip=False,
            ),
            availability_zone_rebalancing=_zone_rebalancing(args.rollout),
            deployment_controller=aws.ecs.ServiceDeploymentControllerArgs(type=controller_type(args.rollout)),
            deployment_configuration=deployment_configuration(args.rollout, role.arn if role else None),
            deployment_circuit_breaker=circuit_breaker(args.rollout),
            deployment_minimum_healthy_percent=args.rollout.minimum_healthy_percent,
            deployment_maximum_percent=args.rollout.maximum_percent,
            alarms=_alarms(args),
            load_balancers=_load_balancers(args),
            health_check_grace_period_seconds=args.patience.grace if args.patience is not None else None,
            service_registries=_registries(args.registry_arn),
            service_connect_configuration=args.connect,
            enable_execute_command=args.allows_exec,
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            wait_for_steady_state=args.waits_until_steady,
            tags=args.scope.tagged(args.scope.name(args.service_name)),
            opts=self._options(args),
        )
        self.arn = service.arn
        self.name = service.name
        self.register_outputs({"arn": self.arn, "name": self.name})

    def _options(self, args: ServiceArgs) -> pulumi.ResourceOptions:
        route_dependencies = args.route.dependencies() if args.route is not None else []
        patience = args.patience or Patience()
        rollout = f"{longest_minutes(args.rollout, patience)}m"
        end = f"{longest_end_minutes(patience)}m"
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[*args.depends_on, *route_dependencies],
            ignore_changes=_ignored(args) or None,
            delete_before_replace=True,
            replacement_trigger=_bound_to(args),
            custom_timeouts=pulumi.CustomTimeouts(create=rollout, update=rollout, delete=end),
        )


def _bound_to(args: ServiceArgs) -> str | None:
    """Return what a service of CodeDeploy's is bound to: its target groups, by what replaces them."""
    if is_native(args.rollout) or args.route is None:
        return None
    return args.route.bound_to


def _ignored(args: ServiceArgs) -> list[str]:
    """Return the properties that somebody else owns once the service stands."""
    ignored = ["desiredCount"] if args.is_autoscaled and not args.scope.is_resuming else []
    return ignored if is_native(args.rollout) else [*ignored, *_REFUSED_UNDER_CODEDEPLOY]


def _strategy(shares: tuple[ProviderShare, ...]) -> list[aws.ecs.ServiceCapacityProviderStrategyArgs]:
    return [
        aws.ecs.ServiceCapacityProviderStrategyArgs(
            capacity_provider=share.provider, base=share.base, weight=share.weight
        )
        for share in shares
    ]


def _zone_rebalancing(rollout: Rollout) -> str:
    """Rebalancing starts tasks before it stops others, and needs room for that.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    """
    has_room = rollout.maximum_percent > 100  # noqa: PLR2004 -- percent
    return "ENABLED" if has_room and is_native(rollout) else "DISABLED"


def _alarms(args: ServiceArgs) -> aws.ecs.ServiceAlarmsArgs | None:
    if not args.alarm_names or not is_native(args.rollout):
        return None
    return aws.ecs.ServiceAlarmsArgs(enable=True, rollback=True, alarm_names=list(args.alarm_names))


def _load_balancers(args: ServiceArgs) -> list[aws.ecs.ServiceLoadBalancerArgs] | None:
    if args.route is None or args.container_port is None:
        return None
    return [
        aws.ecs.ServiceLoadBalancerArgs(
            target_group_arn=args.route.primary.arn,
            container_name=args.container_name,
            container_port=args.container_port,
            advanced_configuration=_traffic_shift(args.route, args.rollout),
        )
    ]


def _traffic_shift(
    route: PublicRoute, rollout: Rollout
) -> aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs | None:
    if route.alternate is None or route.traffic_role is None or not shifts_traffic(rollout):
        return None
    return aws.ecs.ServiceLoadBalancerAdvancedConfigurationArgs(
        alternate_target_group_arn=route.alternate.arn,
        production_listener_rule=route.rule.arn,
        test_listener_rule=route.test_rule.arn if route.test_rule is not None else None,
        role_arn=route.traffic_role.arn,
    )


def _registries(registry_arn: pulumi.Input[str] | None) -> aws.ecs.ServiceServiceRegistriesArgs | None:
    if registry_arn is None:
        return None
    return aws.ecs.ServiceServiceRegistriesArgs(registry_arn=registry_arn)
