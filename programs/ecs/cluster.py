"""The ECS cluster: insights, exec sessions, capacity."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.scope import Scope
from programs.ecs.task_roles import ExecAccess
from programs.request.ecs import EcsCluster


@dataclass(frozen=True, slots=True)
class ClusterArgs:
    """The cluster's settings; `namespace_arn` is where Service Connect puts names by default."""

    scope: Scope
    settings: EcsCluster
    key_arn: pulumi.Input[str]
    namespace_arn: pulumi.Input[str] | None = None


def cluster_name(scope: Scope) -> str:
    """Return the cluster's name, known before it is made."""
    return scope.name("")


class Cluster(pulumi.ComponentResource):
    """A cluster whose exec sessions are recorded and, unless switched off, encrypted with a key of ours."""

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    exec_access: ExecAccess

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster and the log of its exec sessions."""
        super().__init__("berth:ecs:Cluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        retention = int(args.settings.exec.log_retention_days)
        sessions = LogGroup(
            f"{name}-exec",
            LogGroupArgs(scope=args.scope, part="exec", key_arn=args.key_arn, retention_days=retention),
            child,
        )
        physical_name = cluster_name(args.scope)
        insights = args.settings.container_insights.value
        cluster = aws.ecs.Cluster(
            f"{name}-cluster",
            name=physical_name,
            settings=[aws.ecs.ClusterSettingArgs(name="containerInsights", value=insights)],
            configuration=_exec_configuration(args, sessions),
            service_connect_defaults=_connect_defaults(args.namespace_arn),
            tags=args.scope.tagged(physical_name),
            opts=child,
        )
        self.arn = cluster.arn
        self.name = cluster.name
        self.exec_log_group_name = sessions.name
        is_encrypted = args.settings.exec.encrypt
        self.exec_access = ExecAccess(sessions.arn, args.key_arn if is_encrypted else None)
        self.register_outputs({"arn": self.arn, "name": self.name})


def _exec_configuration(args: ClusterArgs, sessions: LogGroup) -> aws.ecs.ClusterConfigurationArgs:
    is_encrypted = args.settings.exec.encrypt
    log = aws.ecs.ClusterConfigurationExecuteCommandConfigurationLogConfigurationArgs(
        cloud_watch_log_group_name=sessions.name, cloud_watch_encryption_enabled=is_encrypted
    )
    return aws.ecs.ClusterConfigurationArgs(
        execute_command_configuration=aws.ecs.ClusterConfigurationExecuteCommandConfigurationArgs(
            kms_key_id=args.key_arn if is_encrypted else None, logging="OVERRIDE", log_configuration=log
        )
    )


def _connect_defaults(
    namespace_arn: pulumi.Input[str] | None,
) -> aws.ecs.ClusterServiceConnectDefaultsArgs | None:
    if namespace_arn is None:
        return None
    return aws.ecs.ClusterServiceConnectDefaultsArgs(namespace=namespace_arn)
