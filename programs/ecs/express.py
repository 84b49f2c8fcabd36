"""ECS Express Mode: AWS brings load balancer, certificate, scaling and rollout of a public workload."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.images import image_reference
from programs.components.network import NetworkPlacement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup
from programs.ecs.cluster import Cluster
from programs.ecs.secrets import secret_variables
from programs.ecs.task_containers import TaskContext, environment_variables
from programs.ecs.task_roles import TaskRoles
from programs.request.workload import Workload

_CPU = "AVERAGE_CPU"
_MEMORY = "AVERAGE_MEMORY"
_REQUESTS = "REQUEST_COUNT_PER_TARGET"
_DEFAULT_CPU_PERCENT = 60  # what Express Mode itself takes when nothing is said


@dataclass(frozen=True, slots=True)
class ExpressServiceArgs:
    """A public workload; `infrastructure_role_arn` is the one that Express Mode builds with."""

    scope: Scope
    workload: Workload
    cluster: Cluster
    placement: NetworkPlacement
    is_internal: bool
    security_group: SecurityGroup
    context: TaskContext
    roles: TaskRoles
    infrastructure_role_arn: pulumi.Input[str]
    waits_until_steady: bool


class ExpressInfrastructure(pulumi.ComponentResource):
    """The role that lets Express Mode make load balancers, certificates and scaling in this account.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
    """

    role: ServiceRole

    def __init__(self, name: str, scope: Scope, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role."""
        super().__init__("berth:ecs:ExpressInfrastructure", name, None, opts)
        policy = "service-role/AmazonECSInfrastructureRoleforExpressGatewayServices"
        args = ServiceRoleArgs(
            scope=scope,
            part="express",
            services=("ecs.amazonaws.com",),
            description=f"Builds the Express Mode services of {scope.prefix}",
            managed_policy_arns=(f"arn:{scope.partition}:iam::aws:policy/{policy}",),
            is_bound_to_account=False,
        )
        self.role = ServiceRole(name, args, pulumi.ResourceOptions(parent=self))
        self.register_outputs({"role_arn": self.role.arn})


class ExpressService(pulumi.ComponentResource):
    """A workload as an Express Mode service."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str | None]
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: ExpressServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the service."""
        super().__init__("berth:ecs:ExpressService", name, None, opts)
        workload, placement = args.workload, args.placement
        # Express Mode puts the load balancer and the tasks into the subnets it is given.
        subnets = placement.balancer_subnet_ids(is_internal=args.is_internal)
        service = aws.ecs.ExpressGatewayService(
            f"{name}-express",
            service_name=workload.name,
            cluster=args.cluster.name,
            cpu=str(workload.cpu_units),
            memory=str(workload.memory_mib),
            health_check_path=workload.public.health_path if workload.public is not None else "/",
            primary_container=_container(args),
            network_configurations=[
                aws.ecs.ExpressGatewayServiceNetworkConfigurationArgs(
                    subnets=list(subnets), security_groups=[args.security_group.id]
                )
            ],
            scaling_targets=[_scaling_target(workload)],
            execution_role_arn=args.roles.execution.arn,
            task_role_arn=args.roles.task.arn,
            infrastructure_role_arn=args.infrastructure_role_arn,
            wait_for_steady_state=args.waits_until_steady,
            tags=args.scope.tagged(args.scope.name(workload.name)),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.roles.policies),
        )
        self.arn = service.service_arn
        self.name = service.service_name
        endpoint = service.ingress_paths.apply(lambda paths: paths[0].endpoint if paths else "")
        self.url = pulumi.Output.concat("https://", endpoint)
        self.register_outputs({"arn": self.arn, "url": self.url})


def _container(args: ExpressServiceArgs) -> aws.ecs.ExpressGatewayServicePrimaryContainerArgs:
    workload, scope = args.workload, args.scope
    log = aws.ecs.ExpressGatewayServicePrimaryContainerAwsLogsConfigurationArgs(
        log_group=args.context.log_group_name, log_stream_prefix="app"
    )
    return aws.ecs.ExpressGatewayServicePrimaryContainerArgs(
        image=image_reference(scope, workload.image),
        container_port=workload.ports[0].port,
        commands=list(workload.command) or None,
        aws_logs_configurations=[log],
        environments=[
            aws.ecs.ExpressGatewayServicePrimaryContainerEnvironmentArgs(name=one.name, value=one.value)
            for one in environment_variables(workload, args.context)
        ],
        secrets=[
            aws.ecs.ExpressGatewayServicePrimaryContainerSecretArgs(name=one.name, value_from=one.value_from)
            for one in secret_variables(scope, workload.secrets)
        ],
    )


def _scaling_target(workload: Workload) -> aws.ecs.ExpressGatewayServiceScalingTargetArgs:
    """Return the one target that Express Mode follows; where the request has none, bounds that hold still."""
    scaling, replicas = workload.scaling, workload.replicas
    metric, value = _CPU, _DEFAULT_CPU_PERCENT
    if scaling is not None:
        targets = (
            (_CPU, scaling.cpu_percent),
            (_MEMORY, scaling.memory_percent),
            (_REQUESTS, scaling.requests_per_target),
        )
        metric, value = next(((name, one) for name, one in targets if one is not None), (metric, value))
    return aws.ecs.ExpressGatewayServiceScalingTargetArgs(
        auto_scaling_metric=metric,
        auto_scaling_target_value=value,
        min_task_count=replicas.min if scaling is not None else replicas.desired,
        max_task_count=replicas.max if scaling is not None else replicas.desired,
    )
