"""Roles that AWS services assume, each with the statements it needs and no more."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from programs.components.policy import Statement, policy_document, trust_policy
from programs.components.scope import Scope

_ROLE_NAME_LENGTH = 64  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html


@dataclass(frozen=True, slots=True)
class ServiceRoleArgs:
    """Who assumes the role, and what it may do.

    `source_arn` narrows the trust to calls made for matching resources. `managed_policy_arns` are for the
    few services that document no smaller set.
    """

    scope: Scope
    part: str
    services: tuple[str, ...]
    description: str
    statements: Sequence[Statement] = ()
    managed_policy_arns: tuple[str, ...] = ()
    is_bound_to_account: bool = True
    source_arn: str | None = None
    extra_tags: dict[str, str] = field(default_factory=dict[str, str])


class ServiceRole(pulumi.ComponentResource):
    """An IAM role with one inline policy."""

    arn: pulumi.Output[str]
    name: str

    def __init__(self, name: str, args: ServiceRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role and its policy."""
        super().__init__("berth:security:ServiceRole", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        scope = args.scope
        self.name = scope.name(args.part, _ROLE_NAME_LENGTH)
        role = aws.iam.Role(
            f"{name}-role",
            name=self.name,
            description=args.description,
            assume_role_policy=trust_policy(
                args.services,
                source_account=scope.account_id if args.is_bound_to_account else None,
                source_arn=args.source_arn,
            ),
            tags={**scope.tagged(self.name), **args.extra_tags},
            opts=child,
        )
        self.policies = _attach(name, role, args, child)
        self.arn = role.arn
        self.register_outputs({"arn": self.arn})

    def usable_arn(self) -> pulumi.Output[str]:
        """Return the ARN in a form that makes its users wait for the role's policies."""
        attached = pulumi.Output.all(*(policy.urn for policy in self.policies))
        return attached.apply(lambda _: self.arn)


def _attach(
    name: str, role: aws.iam.Role, args: ServiceRoleArgs, child: pulumi.ResourceOptions
) -> list[pulumi.Resource]:
    policies: list[pulumi.Resource] = []
    if args.statements:
        document = policy_document(args.statements)
        policies.append(
            aws.iam.RolePolicy(f"{name}-policy", name=args.part, role=role.name, policy=document, opts=child)
        )
    for policy_arn in args.managed_policy_arns:
        attachment_name = f"{name}-{policy_arn.rsplit('/', 1)[-1]}"
        policies.append(
            aws.iam.RolePolicyAttachment(attachment_name, role=role.name, policy_arn=policy_arn, opts=child)
        )
    return policies
