"""IAM roles of an EKS environment: assumed by services, by service accounts (IRSA), by Pod Identity."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.policy import Statement, policy_document
from programs.components.scope import Scope
from programs.planning.names import IAM_ROLE_LIMIT

_VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True)
class OidcIssuer:
    """The cluster's OpenID Connect issuer, as IAM knows it; `address` is without its scheme."""

    provider_arn: pulumi.Output[str]
    address: pulumi.Output[str]


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account of the cluster."""

    namespace: str
    name: str


@dataclass(frozen=True, slots=True)
class RoleArgs:
    """Who assumes the role (`trust`), and what it may do.

    `managed_policies` are names of AWS's own policies, for what AWS documents no smaller set for.
    """

    scope: Scope
    part: str
    description: str
    trust: pulumi.Input[str]
    statements: Sequence[Statement] = ()
    managed_policies: tuple[str, ...] = ()


class Role(pulumi.ComponentResource):
    """An IAM role with at most one policy of its own."""

    arn: pulumi.Output[str]
    resource: aws.iam.Role

    def __init__(self, name: str, args: RoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role and attach what it may do."""
        super().__init__("berth:eks:Role", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.name = args.scope.name(args.part, IAM_ROLE_LIMIT)
        self.resource = aws.iam.Role(
            f"{name}-role",
            name=self.name,
            description=args.description,
            assume_role_policy=args.trust,
            tags=args.scope.tagged(self.name),
            opts=child,
        )
        self.policies = self._attach(name, args, child)
        self.arn = self.resource.arn
        self.register_outputs({"arn": self.arn})

    def _attach(self, name: str, args: RoleArgs, child: pulumi.ResourceOptions) -> list[pulumi.Resource]:
        attached: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{name}-{policy.rsplit('/', 1)[-1]}",
                role=self.resource.name,
                policy_arn=f"arn:{args.scope.partition}:iam::aws:policy/{policy}",
                opts=child,
            )
            for policy in args.managed_policies
        ]
        if args.statements:
            document = policy_document(args.statements)
            attached.append(
                aws.iam.RolePolicy(
                    f"{name}-policy", name=args.part, role=self.resource.name, policy=document, opts=child
                )
            )
        return attached


def service_trust(service: str, *, has_session_tags: bool = False) -> pulumi.Output[str]:
    """Return that an AWS service may assume the role; EKS Auto Mode tags its sessions."""
    actions = ["sts:AssumeRole", "sts:TagSession"] if has_session_tags else ["sts:AssumeRole"]
    return _trust({"Service": service}, actions)


def pod_identity_trust() -> pulumi.Output[str]:
    """Return that EKS Pod Identity may assume the role for pods.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    return service_trust("pods.eks.amazonaws.com", has_session_tags=True)


def service_account_trust(issuer: OidcIssuer, account: ServiceAccount) -> pulumi.Output[str]:
    """Return that this one service account may assume the role, by a token of the cluster's issuer.

    https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
    """
    subject = f"system:serviceaccount:{account.namespace}:{account.name}"
    claims = issuer.address.apply(
        lambda address: {"StringEquals": {f"{address}:sub": subject, f"{address}:aud": "sts.amazonaws.com"}}
    )
    return _trust({"Federated": issuer.provider_arn}, ["sts:AssumeRoleWithWebIdentity"], claims)


def _trust(
    principal: pulumi.Input[object], actions: list[str], conditions: pulumi.Input[object] | None = None
) -> pulumi.Output[str]:
    statement: dict[str, object] = {
        "Sid": "Assume",
        "Effect": "Allow",
        "Principal": principal,
        "Action": actions,
    }
    if conditions is not None:
        statement["Condition"] = conditions
    return pulumi.Output.json_dumps({"Version": _VERSION, "Statement": [statement]})
