"""The topic that an environment's alarms speak to."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.policy import Condition, Principal, PrincipalKind, Statement, policy_document
from programs.components.scope import Scope


@dataclass(frozen=True, slots=True)
class AlarmTopicArgs:
    """Who is told: addresses that are asked to confirm before they receive anything."""

    scope: Scope
    key_arn: pulumi.Input[str]
    emails: tuple[str, ...] = ()


class AlarmTopic(pulumi.ComponentResource):
    """An encrypted SNS topic that CloudWatch alarms of this account may publish to."""

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmTopicArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the topic, its policy and its subscriptions."""
        super().__init__("berth:observability:AlarmTopic", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        scope = args.scope
        physical_name = scope.name("alarms")
        topic = aws.sns.Topic(
            f"{name}-topic",
            name=physical_name,
            kms_master_key_id=args.key_arn,
            tags=scope.tagged(physical_name),
            opts=child,
        )
        statement = Statement(
            sid="AlarmsPublish",
            actions=("sns:Publish",),
            resources=(scope.arn("sns", physical_name),),
            principal=Principal(PrincipalKind.SERVICE, ("cloudwatch.amazonaws.com",)),
            conditions=(Condition("StringEquals", "aws:SourceAccount", (scope.account_id,)),),
        )
        aws.sns.TopicPolicy(f"{name}-access", arn=topic.arn, policy=policy_document([statement]), opts=child)
        for email in args.emails:
            aws.sns.TopicSubscription(
                f"{name}-{email}", topic=topic.arn, protocol="email", endpoint=email, opts=child
            )
        self.arn = topic.arn
        self.register_outputs({"arn": self.arn})
