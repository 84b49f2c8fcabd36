"""What a workload's tasks stand on: their log and their two roles."""

from dataclasses import dataclass

import pulumi

from programs.components.images import private_repository_arn
from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.policy import Statement
from programs.components.scope import Scope
from programs.components.secret_grants import secret_grants
from programs.ecs.platform import Platform
from programs.ecs.task_roles import FileSystemGrant, TaskRoles, TaskRolesArgs
from programs.request.sidecars import known_sidecars
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class TaskFoundation:
    """The log that a workload's containers write to, and the roles of its tasks."""

    logs: LogGroup
    roles: TaskRoles


def lay_foundation(
    name: str,
    workload: Workload,
    platform: Platform,
    owner: pulumi.Resource,
    mesh_statements: tuple[Statement, ...] = (),
) -> TaskFoundation:
    """Make log and roles, granting exactly the images, secrets, file systems and permissions named."""
    child = pulumi.ResourceOptions(parent=owner)
    scope = platform.scope
    logs = LogGroup(name, LogGroupArgs(scope, part=workload.name, key_arn=platform.key_arn), child)
    roles = TaskRoles(
        name,
        TaskRolesArgs(
            scope=scope,
            workload=workload.name,
            log_group_arn=logs.arn,
            repository_arns=_private_repositories(scope, workload),
            secrets=secret_grants(scope, workload.all_secrets),
            permissions=workload.permissions,
            sidecars=frozenset(known_sidecars(workload.sidecars, has_tracing=platform.has_tracing)),
            exec_access=platform.cluster.exec_access if workload.exec else None,
            file_systems=tuple(_file_system_grants(scope, workload)),
            extra_statements=mesh_statements,
        ),
        child,
    )
    return TaskFoundation(logs, roles)


def _private_repositories(scope: Scope, workload: Workload) -> tuple[str, ...]:
    images = [workload.image, *(sidecar.image for sidecar in workload.own_sidecars)]
    arns = {private_repository_arn(scope, image) for image in images}
    return tuple(sorted(arn for arn in arns if arn is not None))


def _file_system_grants(scope: Scope, workload: Workload) -> list[FileSystemGrant]:
    return [
        FileSystemGrant(
            arn=scope.arn("elasticfilesystem", f"file-system/{volume.efs.file_system_id}"),
            access_point_arn=scope.arn("elasticfilesystem", f"access-point/{volume.efs.access_point_id}")
            if volume.efs.access_point_id is not None
            else None,
            is_writable=not volume.read_only,
        )
        for volume in workload.volumes
    ]
