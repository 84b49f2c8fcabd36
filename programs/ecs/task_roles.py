"""The two roles of a task: one that starts it, one that it runs as."""

from dataclasses import dataclass

import pulumi

from programs.components.log_group import WRITE_ACTIONS
from programs.components.policy import Condition, Statement
from programs.components.requested_permissions import requested_statements
from programs.components.role import ServiceRole, ServiceRoleArgs
from programs.components.scope import Scope
from programs.components.secret_grants import SecretGrants, secret_statements
from programs.request.permissions import Permission
from programs.request.sidecars import KnownSidecar

_PULL_ACTIONS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
# https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html
_XRAY_ACTIONS = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:GetSamplingStatisticSummaries",
)
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html#ecs-exec-required-iam-permissions
_EXEC_CHANNEL_ACTIONS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


@dataclass(frozen=True, slots=True)
class ExecAccess:
    """Where exec sessions are recorded, and the key they are encrypted with."""

    log_group_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str] | None


@dataclass(frozen=True, slots=True)
class TaskRolesArgs:
    """What a workload's task needs to start and to run.

    `repository_arns` are the private repositories its images come from; `file_system_arns` are EFS file
    systems it mounts, each with whether it writes.
    """

    scope: Scope
    workload: str
    log_group_arn: pulumi.Input[str]
    repository_arns: tuple[str, ...]
    secrets: SecretGrants
    permissions: tuple[Permission, ...] = ()
    sidecars: frozenset[KnownSidecar] = frozenset()
    exec_access: ExecAccess | None = None
    file_systems: tuple["FileSystemGrant", ...] = ()
    extra_statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class FileSystemGrant:
    """A file system a task mounts."""

    arn: str
    access_point_arn: str | None
    is_writable: bool


class TaskRoles(pulumi.ComponentResource):
    """An execution role and a task role, apart, each with exactly what this workload names."""

    execution: ServiceRole
    task: ServiceRole

    def __init__(self, name: str, args: TaskRolesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both roles."""
        super().__init__("berth:ecs:TaskRoles", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        scope = args.scope
        services = ("ecs-tasks.amazonaws.com",)
        source_arn = scope.arn("ecs", "*")
        self.execution = ServiceRole(
            f"{name}-execution",
            ServiceRoleArgs(
                scope=scope,
                part=f"{args.workload}-execution",
                services=services,
                description=f"Starts tasks of {args.workload} in {scope.prefix}",
                statements=execution_statements(args),
                source_arn=source_arn,
            ),
            child,
        )
        self.task = ServiceRole(
            f"{name}-task",
            ServiceRoleArgs(
                scope=scope,
                part=f"{args.workload}-task",
                services=services,
                description=f"What {args.workload} may do in {scope.prefix}",
                statements=task_statements(args),
                source_arn=source_arn,
            ),
            child,
        )
        self.policies = [*self.execution.policies, *self.task.policies]
        self.register_outputs({"execution_arn": self.execution.arn, "task_arn": self.task.arn})


def execution_statements(args: TaskRolesArgs) -> list[Statement]:
    """Return what ECS does for the task before its containers run."""
    statements = [_write_logs(args.log_group_arn)]
    if args.repository_arns:
        # AWS allows no resource for this action: the token is for the account's whole registry.
        statements.append(Statement("LogInToRegistry", ("ecr:GetAuthorizationToken",), ("*",)))
        statements.append(Statement("PullImages", _PULL_ACTIONS, args.repository_arns))
    statements.extend(secret_statements(args.scope, args.secrets))
    return statements


def task_statements(args: TaskRolesArgs) -> list[Statement]:
    """Return what the containers themselves may do."""
    statements = [*requested_statements(args.permissions), *args.extra_statements]
    statements.extend(_sidecar_statements(args))
    if args.exec_access is not None:
        statements.extend(_exec_statements(args.exec_access))
    statements.extend(
        _file_system_statement(number, grant) for number, grant in enumerate(args.file_systems, start=1)
    )
    return statements


def _write_logs(log_group_arn: pulumi.Input[str]) -> Statement:
    streams = pulumi.Output.concat(log_group_arn, ":*")
    return Statement("WriteLogs", ("logs:CreateLogStream", "logs:PutLogEvents"), (streams,))


def _sidecar_statements(args: TaskRolesArgs) -> list[Statement]:
    statements: list[Statement] = []
    if args.sidecars & {KnownSidecar.XRAY, KnownSidecar.OTEL}:
        statements.append(Statement("SendTraces", _XRAY_ACTIONS, ("*",)))
    if KnownSidecar.CLOUDWATCH_AGENT in args.sidecars:
        namespaces = ("CWAgent", f"{args.scope.team}/*")
        statements.append(
            Statement(
                "PutMetrics",
                ("cloudwatch:PutMetricData",),
                ("*",),
                conditions=(Condition("StringLike", "cloudwatch:namespace", namespaces),),
            )
        )
    if args.sidecars & {KnownSidecar.FLUENT_BIT, KnownSidecar.CLOUDWATCH_AGENT, KnownSidecar.OTEL}:
        statements.append(_write_logs(args.log_group_arn))
    return statements


def _exec_statements(access: ExecAccess) -> list[Statement]:
    sessions = pulumi.Output.concat(access.log_group_arn, ":*")
    statements = [
        Statement("OpenExecSessions", _EXEC_CHANNEL_ACTIONS, ("*",)),
        Statement("FindSessionLog", ("logs:DescribeLogGroups",), ("*",)),
        Statement("RecordExecSessions", WRITE_ACTIONS, (sessions,)),
    ]
    if access.key_arn is not None:
        statements.append(Statement("DecryptExecSessions", ("kms:Decrypt",), (access.key_arn,)))
    return statements


def _file_system_statement(number: int, grant: FileSystemGrant) -> Statement:
    actions = ["elasticfilesystem:ClientMount"]
    if grant.is_writable:
        actions.append("elasticfilesystem:ClientWrite")
    if grant.is_writable and grant.access_point_arn is None:
        # Else a container's root is nobody there, and what is new belongs to root alone; an access point
        # brings a user of its own: https://docs.aws.amazon.com/efs/latest/ug/accessing-fs-nfs-permissions.html
        actions.append("elasticfilesystem:ClientRootAccess")
    conditions: tuple[Condition, ...] = ()
    if grant.access_point_arn is not None:
        key = "elasticfilesystem:AccessPointArn"
        conditions = (Condition("StringEquals", key, (grant.access_point_arn,)),)
    return Statement(f"Mount{number}", tuple(actions), (grant.arn,), conditions=conditions)
