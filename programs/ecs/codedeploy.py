"""CodeDeploy: shifts a workload's traffic where a request prefers it to ECS's own rollouts."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.policy import Condition, Statement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.components.security_group import SecurityGroup
from programs.ecs.capacity_plan import ProviderShare
from programs.ecs.exposure import DESCRIBE_ACTIONS, PublicRoute
from programs.ecs.task_roles import TaskRoles
from programs.planning.codedeploy import predefined_configuration
from programs.request.rollout import Rollout, RolloutStrategy

_ALL_AT_ONCE_PERCENT = 100


@dataclass(frozen=True, slots=True)
class CodeDeployArgs:
    """The service whose deployments CodeDeploy runs, and the traffic it shifts."""

    scope: Scope
    workload: str
    cluster_name: str
    service_name: pulumi.Input[str]
    route: PublicRoute
    listener_arn: pulumi.Input[str]
    test_listener_arn: pulumi.Input[str] | None
    container_port: int
    placement: NetworkPlacement
    security_group: SecurityGroup
    strategy: tuple[ProviderShare, ...]
    rollout: Rollout
    roles: TaskRoles
    alarm_names: tuple[str, ...]


class CodeDeployGroup(pulumi.ComponentResource):
    """An application and a deployment group for one service."""

    application_name: str

    def __init__(self, name: str, args: CodeDeployArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role, the application and the group."""
        configuration = configuration_name(args.rollout)
        super().__init__("berth:ecs:CodeDeployGroup", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self._args = args
        self.application_name = args.scope.name(args.workload, 100)
        role = ServiceRole(
            f"{name}-codedeploy",
            ServiceRoleArgs(
                scope=args.scope,
                part=f"{args.workload}-codedeploy",
                services=("codedeploy.amazonaws.com",),
                description=f"Shifts traffic between versions of {args.workload}",
                statements=_statements(args),
            ),
            child,
        )
        application = aws.codedeploy.Application(
            f"{name}-application",
            name=self.application_name,
            compute_platform="ECS",
            tags=args.scope.tagged(self.application_name),
            opts=child,
        )
        aws.codedeploy.DeploymentGroup(
            f"{name}-deployments",
            app_name=application.name,
            deployment_group_name=args.workload,
            deployment_config_name=configuration,
            service_role_arn=role.arn,
            deployment_style=aws.codedeploy.DeploymentGroupDeploymentStyleArgs(
                deployment_option="WITH_TRAFFIC_CONTROL", deployment_type="BLUE_GREEN"
            ),
            ecs_service=aws.codedeploy.DeploymentGroupEcsServiceArgs(
                cluster_name=args.cluster_name, service_name=args.service_name
            ),
            load_balancer_info=_traffic(args),
            blue_green_deployment_config=_blue_green(args.rollout),
            auto_rollback_configuration=_rollback(args),
            alarm_configuration=aws.codedeploy.DeploymentGroupAlarmConfigurationArgs(
                enabled=bool(args.alarm_names), alarms=list(args.alarm_names)
            ),
            tags=args.scope.tagged(self.application_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=role.policies),
        )
        self.register_outputs({})

    def deploy_command(self, scope: Scope, task_definition_arn: pulumi.Input[str]) -> pulumi.Output[str]:
        """Return the command that rolls the current task definition out.

        Pulumi registers task definitions and leaves the rollout to CodeDeploy, which a person or a pipeline
        starts: https://docs.aws.amazon.com/codedeploy/latest/userguide/tutorial-ecs-deployment.html
        """
        target = {
            "Type": "AWS::ECS::Service",
            "Properties": {"TaskDefinition": task_definition_arn, **_service_properties(self._args)},
        }
        content = pulumi.Output.json_dumps({"version": 0.0, "Resources": [{"TargetService": target}]})
        revision = pulumi.Output.json_dumps(
            {"revisionType": "AppSpecContent", "appSpecContent": {"content": content}}
        )
        names = f"--application-name {self.application_name} --deployment-group-name {self._args.workload}"
        return pulumi.Output.concat(
            f"aws deploy create-deployment --region {scope.region} {names} --revision '", revision, "'"
        )


def _service_properties(args: CodeDeployArgs) -> dict[str, object]:
    """Return what a deployment sets beside the task definition, which ECS itself changes in no such service.

    https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
    """
    network = {
        "Subnets": list(args.placement.private_subnet_ids),
        "SecurityGroups": [args.security_group.id],
        "AssignPublicIp": "DISABLED",
    }
    return {
        "LoadBalancerInfo": {"ContainerName": args.workload, "ContainerPort": args.container_port},
        "NetworkConfiguration": {"AwsvpcConfiguration": network},
        "CapacityProviderStrategy": [
            {"CapacityProvider": share.provider, "Base": share.base, "Weight": share.weight}
            for share in args.strategy
        ],
    }


def configuration_name(rollout: Rollout) -> str:
    """Return the predefined configuration that shifts as the rollout asks.

    Raises:
        ValueError: when CodeDeploy brings none; a request that was accepted has one.
    """
    percent, minutes = {
        RolloutStrategy.CANARY: (rollout.canary_percent, rollout.canary_bake_minutes),
        RolloutStrategy.LINEAR: (rollout.linear_percent, rollout.linear_bake_minutes),
    }.get(rollout.strategy, (_ALL_AT_ONCE_PERCENT, 0))
    name = predefined_configuration(rollout.strategy.value, percent, minutes)
    if name is None:
        raise ValueError(f"CodeDeploy has no {rollout.strategy} of {percent} percent and {minutes} minutes")
    return name


def _traffic(args: CodeDeployArgs) -> aws.codedeploy.DeploymentGroupLoadBalancerInfoArgs:
    test = None
    if args.test_listener_arn is not None:
        test = aws.codedeploy.DeploymentGroupLoadBalancerInfoTargetGroupPairInfoTestTrafficRouteArgs(
            listener_arns=[args.test_listener_arn]
        )
    pair = aws.codedeploy.DeploymentGroupLoadBalancerInfoTargetGroupPairInfoArgs(
        prod_traffic_route=aws.codedeploy.DeploymentGroupLoadBalancerInfoTargetGroupPairInfoProdTrafficRouteArgs(
            listener_arns=[args.listener_arn]
        ),
        test_traffic_route=test,
        target_groups=[
            aws.codedeploy.DeploymentGroupLoadBalancerInfoTargetGroupPairInfoTargetGroupArgs(name=group.name)
            for group in args.route.target_groups()
        ],
    )
    return aws.codedeploy.DeploymentGroupLoadBalancerInfoArgs(target_group_pair_info=pair)


def _blue_green(rollout: Rollout) -> aws.codedeploy.DeploymentGroupBlueGreenDeploymentConfigArgs:
    ready = aws.codedeploy.DeploymentGroupBlueGreenDeploymentConfigDeploymentReadyOptionArgs(
        action_on_timeout="CONTINUE_DEPLOYMENT"
    )
    old = (
        aws.codedeploy.DeploymentGroupBlueGreenDeploymentConfigTerminateBlueInstancesOnDeploymentSuccessArgs(
            action="TERMINATE", termination_wait_time_in_minutes=rollout.bake_minutes
        )
    )
    return aws.codedeploy.DeploymentGroupBlueGreenDeploymentConfigArgs(
        deployment_ready_option=ready, terminate_blue_instances_on_deployment_success=old
    )


def _rollback(args: CodeDeployArgs) -> aws.codedeploy.DeploymentGroupAutoRollbackConfigurationArgs:
    events = ["DEPLOYMENT_FAILURE"]
    if args.alarm_names:
        events.append("DEPLOYMENT_STOP_ON_ALARM")
    return aws.codedeploy.DeploymentGroupAutoRollbackConfigurationArgs(
        enabled=args.rollout.circuit_breaker.rollback, events=events
    )


def _statements(args: CodeDeployArgs) -> list[Statement]:
    """Return what AWS's own role for this may do, narrowed to one service and its traffic.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForECS.html
    """
    scope = args.scope
    service = scope.arn("ecs", f"service/{args.cluster_name}/{args.workload}")
    task_sets = scope.arn("ecs", f"task-set/{args.cluster_name}/{args.workload}/*")
    ecs_actions = ("DescribeServices", "CreateTaskSet", "UpdateServicePrimaryTaskSet", "DeleteTaskSet")
    listeners = (
        [args.listener_arn] if args.test_listener_arn is None else [args.listener_arn, args.test_listener_arn]
    )
    rules = [rule.arn for rule in (args.route.rule, args.route.test_rule) if rule is not None]
    traffic = ("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyRule")
    to_tasks = (Condition("StringEquals", "iam:PassedToService", ("ecs-tasks.amazonaws.com",)),)
    return [
        Statement("RunTaskSets", tuple(f"ecs:{action}" for action in ecs_actions), (service, task_sets)),
        Statement("FindTraffic", DESCRIBE_ACTIONS, ("*",)),
        Statement("ShiftTraffic", traffic, [*listeners, *rules]),
        Statement("ReadAlarms", ("cloudwatch:DescribeAlarms",), ("*",)),
        Statement(
            "PassTaskRoles",
            ("iam:PassRole",),
            [args.roles.execution.arn, args.roles.task.arn],
            conditions=to_tasks,
        ),
    ]
