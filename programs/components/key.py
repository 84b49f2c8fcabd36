"""The customer-managed key that encrypts an environment's logs, images and notifications."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.policy import Condition, Principal, PrincipalKind, Statement, policy_document
from programs.components.scope import Scope

_EPHEMERAL_DELETION_WINDOW_DAYS = 7  # the shortest that KMS allows
_DELETION_WINDOW_DAYS = 30
_ENVELOPE_ACTIONS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:DescribeKey",
)


@dataclass(frozen=True, slots=True)
class EncryptionKeyArgs:
    """What a key is for; `service_principals` may use it for this account's own resources.

    `log_group_patterns` name log groups it encrypts besides the environment's own.
    """

    scope: Scope
    purpose: str
    service_principals: tuple[str, ...] = ()
    log_group_patterns: tuple[str, ...] = ()


class EncryptionKey(pulumi.ComponentResource):
    """A KMS key with yearly rotation, a readable alias and a policy that names who may use it."""

    arn: pulumi.Output[str]

    def __init__(
        self, name: str, args: EncryptionKeyArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the key."""
        super().__init__("berth:security:EncryptionKey", name, None, opts)
        scope = args.scope
        child = pulumi.ResourceOptions(parent=self)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"{args.purpose} of {scope.prefix}",
            enable_key_rotation=True,
            deletion_window_in_days=_EPHEMERAL_DELETION_WINDOW_DAYS
            if scope.is_ephemeral
            else _DELETION_WINDOW_DAYS,
            policy=policy_document(_statements(args)),
            tags=scope.tagged(scope.name(name)),
            opts=child,
        )
        aws.kms.Alias(
            f"{name}-alias", name=f"alias/berth/{scope.prefix}/{name}", target_key_id=key.key_id, opts=child
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})


def _statements(args: EncryptionKeyArgs) -> list[Statement]:
    scope = args.scope
    # A key's policy speaks of that key alone: "*" there means this key.
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    this_key = ("*",)
    statements = [
        Statement(
            sid="AccountAdministersThroughIam",
            actions=("kms:*",),
            resources=this_key,
            principal=Principal(PrincipalKind.AWS, (scope.global_arn("iam", "root"),)),
        ),
        Statement(
            sid="CloudWatchLogsEncrypts",
            actions=(
                "kms:Encrypt",
                "kms:Decrypt",
                "kms:ReEncrypt*",
                "kms:GenerateDataKey*",
                "kms:DescribeKey",
            ),
            resources=this_key,
            principal=Principal(PrincipalKind.SERVICE, (f"logs.{scope.region}.{scope.dns_suffix}",)),
            conditions=(
                Condition(
                    "ArnLike",
                    "kms:EncryptionContext:aws:logs:arn",
                    tuple(
                        scope.arn("logs", f"log-group:{pattern}")
                        for pattern in (scope.log_group_name("*"), *args.log_group_patterns)
                    ),
                ),
            ),
        ),
    ]
    if args.service_principals:
        statements.append(
            Statement(
                sid="ServicesUseForThisAccount",
                actions=("kms:Decrypt", "kms:GenerateDataKey*"),
                resources=this_key,
                principal=Principal(PrincipalKind.SERVICE, args.service_principals),
                conditions=(Condition("StringEquals", "aws:SourceAccount", (scope.account_id,)),),
            )
        )
    return statements
