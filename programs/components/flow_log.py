"""Flow logs: which addresses talked to which, kept in CloudWatch."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.policy import Statement
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope

_AGGREGATION_SECONDS = 60  # of the two that AWS allows, 60 and 600, the one that helps while looking


@dataclass(frozen=True, slots=True)
class FlowLogArgs:
    """The VPC whose traffic is logged."""

    scope: Scope
    vpc_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]


class FlowLog(pulumi.ComponentResource):
    """All traffic of a VPC, accepted and rejected."""

    log_group_name: str

    def __init__(self, name: str, args: FlowLogArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the log group, the role that writes to it, and the flow log."""
        super().__init__("berth:network:FlowLog", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        scope = args.scope
        logs = LogGroup(name, LogGroupArgs(scope=scope, part="flow", key_arn=args.key_arn), child)
        role = ServiceRole(
            name,
            ServiceRoleArgs(
                scope=scope,
                part="flow-log",
                services=("vpc-flow-logs.amazonaws.com",),
                description=f"Writes the flow log of {scope.prefix}",
                statements=(
                    Statement(
                        sid="WriteFlowLog",
                        actions=("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"),
                        resources=(pulumi.Output.concat(logs.arn, ":*"),),
                    ),
                ),
            ),
            child,
        )
        aws.ec2.FlowLog(
            f"{name}-flow",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=logs.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=_AGGREGATION_SECONDS,
            tags=scope.tagged(scope.name("flow")),
            opts=pulumi.ResourceOptions(parent=self, depends_on=role.policies),
        )
        self.log_group_name = logs.name
        self.register_outputs({})
