"""Log groups: encrypted, and kept for as long as the environment asks."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope

WRITE_ACTIONS = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
"""What whoever makes streams of its own in a group needs there."""


@dataclass(frozen=True, slots=True)
class LogGroupArgs:
    """What is logged: `part` ends the group's name; `retention_days` overrides the environment's."""

    scope: Scope
    part: str
    key_arn: pulumi.Input[str]
    retention_days: int | None = None


class LogGroup(pulumi.ComponentResource):
    """A CloudWatch log group with retention and a customer-managed key."""

    name: str
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: LogGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the group; its name is known before it is made."""
        super().__init__("berth:observability:LogGroup", name, None, opts)
        self.name = args.scope.log_group_name(args.part)
        group = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=self.name,
            retention_in_days=args.retention_days or args.scope.log_retention_days,
            kms_key_id=args.key_arn,
            tags=args.scope.tagged(self.name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.arn = group.arn
        self.register_outputs({"name": group.name, "arn": self.arn})
