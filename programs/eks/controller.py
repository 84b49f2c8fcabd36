"""A controller: a chart, a service account, a role with exactly its rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
from pulumi_kubernetes.helm.v3 import Release

from programs.components.policy import Statement
from programs.eks.charts import Chart, Installation, install, role_annotation
from programs.eks.platform import Platform
from programs.eks.roles import Role, RoleArgs, ServiceAccount, service_account_trust


@dataclass(frozen=True, slots=True)
class ControllerArgs:
    """What is installed and what it may do in AWS.

    `account_key` is where the chart takes its service account from, as a path of keys; without statements
    there is no role. `depends_on` must stand before it.
    """

    platform: Platform
    chart: Chart
    account: ServiceAccount
    purpose: str
    statements: Sequence[Statement] = ()
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    account_key: tuple[str, ...] = ("serviceAccount",)
    depends_on: Sequence[pulumi.Resource] = ()


class Controller(pulumi.ComponentResource):
    """A chart that is installed, with an IAM role (IRSA) where it calls AWS."""

    release: Release

    def __init__(self, name: str, args: ControllerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the role and install the chart."""
        super().__init__("berth:eks:Controller", name, None, opts)
        role = self._make_role(name, args) if args.statements else None
        account: dict[str, object] = {"name": args.account.name}
        if role is not None:
            account["annotations"] = role_annotation(role.arn)
        self.release = install(
            name,
            Installation(
                chart=args.chart,
                release=name,
                namespace=args.account.namespace,
                values={**args.values, **nested(args.account_key, account)},
            ),
            args.platform,
            self,
            [*args.depends_on, *(role.policies if role is not None else ())],
        )
        self.register_outputs({})

    def _make_role(self, name: str, args: ControllerArgs) -> Role:
        return Role(
            f"{name}-controller",
            RoleArgs(
                scope=args.platform.scope,
                part=name,
                description=f"{args.purpose} of {args.platform.cluster_name}",
                trust=service_account_trust(args.platform.issuer, args.account),
                statements=args.statements,
            ),
            pulumi.ResourceOptions(parent=self),
        )


def nested(path: Sequence[str], values: dict[str, object]) -> dict[str, object]:
    """Return values under a path of keys."""
    for key in reversed(path):
        values = {key: values}
    return values
