"""What a workload is to AWS and to Kubernetes: its service accounts, and exactly the rights it needs."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_kubernetes.core.v1 import ServiceAccount as KubernetesServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from programs.components.log_group import WRITE_ACTIONS
from programs.components.policy import Condition, Statement
from programs.components.requested_permissions import requested_statements
from programs.components.scope import Scope
from programs.components.secret_grants import secret_grants, secret_statements
from programs.eks.charts import role_annotation
from programs.eks.known_sidecars import METRICS_LOG_PART
from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.eks.roles import (
    Role,
    RoleArgs,
    ServiceAccount,
    pod_identity_trust,
    service_account_trust,
)
from programs.request.sidecars import KnownSidecar
from programs.request.workload import Workload

# https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
_XRAY_ACTIONS = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
)


@dataclass(frozen=True, slots=True)
class IdentityArgs:
    """Whose identity it is, and whether its pods run on Fargate, where Pod Identity does not reach.

    `proxy_statements` are what a mesh's proxy beside them needs.
    """

    platform: Platform
    workload: Workload
    known_sidecars: tuple[KnownSidecar, ...]
    runs_on_fargate: bool
    proxy_statements: tuple[Statement, ...] = ()


def secret_reader_name(workload_name: str) -> str:
    """Return the service account that reads a workload's secrets; its pods do not run as it."""
    return f"{workload_name}-secret-reader"


class Identity(pulumi.ComponentResource):
    """A service account that the pods run as, and another that fetches their secrets.

    They are apart as the task role and the execution role of an ECS task are.
    """

    def __init__(
        self,
        name: str,
        args: IdentityArgs,
        namespace: pulumi.Resource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make both service accounts, and a role for each that needs one."""
        super().__init__("berth:eks:Identity", name, None, opts)
        self._args = args
        self._namespace = namespace
        self.role = self._make_workload_role(name)
        has_annotation = self.role is not None and args.runs_on_fargate
        self.account = self._make_account(args.workload.name, self.role if has_annotation else None)
        self.secret_reader = self._make_secret_reader(name)
        self.register_outputs({})

    def _make_workload_role(self, name: str) -> Role | None:
        platform, workload = self._args.platform, self._args.workload
        statements = [
            *workload_statements(platform.scope, workload, self._args.known_sidecars),
            *self._args.proxy_statements,
        ]
        if not statements:
            return None
        account = ServiceAccount(namespace_of(workload.name), workload.name)
        by_token = self._args.runs_on_fargate
        role = Role(
            f"{name}-pods",
            RoleArgs(
                scope=platform.scope,
                part=f"{workload.name}-pods",
                description=f"What {workload.name} may do in {platform.scope.prefix}",
                trust=service_account_trust(platform.issuer, account) if by_token else pod_identity_trust(),
                statements=statements,
            ),
            pulumi.ResourceOptions(parent=self),
        )
        if not by_token:
            aws.eks.PodIdentityAssociation(
                f"{name}-pods-association",
                cluster_name=platform.cluster_name,
                namespace=account.namespace,
                service_account=account.name,
                role_arn=role.arn,
                tags=platform.scope.tagged(workload.name),
                opts=pulumi.ResourceOptions(parent=self, depends_on=[platform.cluster, *role.policies]),
            )
        return role

    def _make_secret_reader(self, name: str) -> KubernetesServiceAccount | None:
        platform, workload = self._args.platform, self._args.workload
        secrets = workload.all_secrets
        if not secrets:
            return None
        account = ServiceAccount(namespace_of(workload.name), secret_reader_name(workload.name))
        role = Role(
            f"{name}-secrets",
            RoleArgs(
                scope=platform.scope,
                part=f"{workload.name}-secrets",
                description=f"Reads the secrets of {workload.name} in {platform.scope.prefix}",
                trust=service_account_trust(platform.issuer, account),
                statements=secret_statements(platform.scope, secret_grants(platform.scope, secrets)),
            ),
            pulumi.ResourceOptions(parent=self),
        )
        return self._make_account(account.name, role)

    def _make_account(self, account_name: str, role: Role | None) -> KubernetesServiceAccount:
        platform, workload = self._args.platform, self._args.workload
        return KubernetesServiceAccount(
            account_name,
            metadata=ObjectMetaArgs(
                name=account_name,
                namespace=namespace_of(workload.name),
                labels=object_labels(platform.scope, workload),
                annotations=role_annotation(role.arn) if role is not None else None,
            ),
            automount_service_account_token=False,
            opts=platform.inside(self, [self._namespace]),
        )


def workload_statements(
    scope: Scope, workload: Workload, known_sidecars: tuple[KnownSidecar, ...]
) -> list[Statement]:
    """Return what a workload's containers may do: what it asks for, and what its sidecars send."""
    known = frozenset(known_sidecars)
    statements = requested_statements(workload.permissions)
    if known & {KnownSidecar.XRAY, KnownSidecar.OTEL}:
        # X-Ray has no resources to narrow these to.
        statements.append(Statement("SendTraces", _XRAY_ACTIONS, ("*",)))
    if known & {KnownSidecar.CLOUDWATCH_AGENT, KnownSidecar.OTEL}:
        namespaces = Condition("StringLike", "cloudwatch:namespace", ("CWAgent", f"{scope.team}/*"))
        put = ("cloudwatch:PutMetricData",)
        statements.append(Statement("PutMetrics", put, ("*",), conditions=(namespaces,)))
    log_parts = {KnownSidecar.FLUENT_BIT: workload.name, KnownSidecar.OTEL: METRICS_LOG_PART}
    groups = [scope.log_group_name(part) for sidecar, part in log_parts.items() if sidecar in known]
    if groups:
        arns = tuple(scope.arn("logs", f"log-group:{group}:*") for group in groups)
        statements.append(Statement("WriteLogs", WRITE_ACTIONS, arns))
    return statements
