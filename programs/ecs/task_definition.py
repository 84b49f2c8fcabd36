"""The task definition: what ECS starts together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import pulumi
import pulumi_aws as aws

from programs.components.scope import Scope
from programs.ecs.app_mesh.envoy import ENVOY_NAME
from programs.ecs.container import ContainerDefinition, containers_as_json
from programs.ecs.task_roles import TaskRoles
from programs.request.containers import Protocol
from programs.request.storage import Volume
from programs.request.workload import Architecture, Workload


@dataclass(frozen=True, slots=True)
class TaskSize:
    """CPU units (1024 to a vCPU), memory in MiB, and scratch disk where more than the default is asked."""

    cpu_units: int
    memory_mib: int
    ephemeral_storage_gib: int | None


@dataclass(frozen=True, slots=True)
class EnvoyProxy:
    """Sends a task's traffic through its Envoy container.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html
    """

    container_name: str
    app_ports: tuple[int, ...]

    @classmethod
    def before(cls, workload: Workload) -> Self:
        """Return the proxy in front of a workload's ports, UDP excepted, which App Mesh does not carry."""
        ports = (port.port for port in workload.ports if port.protocol is not Protocol.UDP)
        return cls(ENVOY_NAME, tuple(ports))


@dataclass(frozen=True, slots=True)
class TaskDefinitionArgs:
    """Containers, size, roles and volumes; `compatibilities` are FARGATE, EC2 or both."""

    scope: Scope
    workload: str
    containers: Sequence[ContainerDefinition]
    size: TaskSize
    architecture: Architecture
    compatibilities: tuple[str, ...]
    roles: TaskRoles
    file_systems: tuple[Volume, ...] = ()
    scratch_volumes: tuple[str, ...] = ()
    proxy: EnvoyProxy | None = None


class TaskDefinition(pulumi.ComponentResource):
    """A task definition on the awsvpc network, so that every task has an address and a group of its own."""

    arn: pulumi.Output[str]
    family: str

    def __init__(
        self, name: str, args: TaskDefinitionArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Register the task definition."""
        if not args.containers:
            raise ValueError(f"the task of {args.workload} has no container")
        super().__init__("berth:ecs:TaskDefinition", name, None, opts)
        self.family = args.scope.name(args.workload, 255)
        definition = aws.ecs.TaskDefinition(
            f"{name}-task",
            family=self.family,
            network_mode="awsvpc",
            requires_compatibilities=list(args.compatibilities),
            cpu=str(args.size.cpu_units),
            memory=str(args.size.memory_mib),
            ephemeral_storage=_ephemeral_storage(args.size),
            execution_role_arn=args.roles.execution.arn,
            task_role_arn=args.roles.task.arn,
            runtime_platform=aws.ecs.TaskDefinitionRuntimePlatformArgs(
                operating_system_family="LINUX", cpu_architecture=args.architecture.value.upper()
            ),
            container_definitions=containers_as_json(args.containers),
            volumes=[*map(_file_system, args.file_systems), *map(_scratch, args.scratch_volumes)],
            proxy_configuration=_proxy_configuration(args.proxy),
            tags=args.scope.tagged(self.family),
            opts=pulumi.ResourceOptions(parent=self, depends_on=args.roles.policies),
        )
        self.arn = definition.arn
        self.register_outputs({"arn": self.arn})


def _ephemeral_storage(size: TaskSize) -> aws.ecs.TaskDefinitionEphemeralStorageArgs | None:
    if size.ephemeral_storage_gib is None:
        return None
    return aws.ecs.TaskDefinitionEphemeralStorageArgs(size_in_gib=size.ephemeral_storage_gib)


def _file_system(volume: Volume) -> aws.ecs.TaskDefinitionVolumeArgs:
    access_point = volume.efs.access_point_id
    return aws.ecs.TaskDefinitionVolumeArgs(
        name=volume.name,
        efs_volume_configuration=aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationArgs(
            file_system_id=volume.efs.file_system_id,
            transit_encryption="ENABLED",
            authorization_config=aws.ecs.TaskDefinitionVolumeEfsVolumeConfigurationAuthorizationConfigArgs(
                access_point_id=access_point, iam="ENABLED"
            ),
        ),
    )


def _scratch(name: str) -> aws.ecs.TaskDefinitionVolumeArgs:
    return aws.ecs.TaskDefinitionVolumeArgs(name=name)


def _proxy_configuration(proxy: EnvoyProxy | None) -> aws.ecs.TaskDefinitionProxyConfigurationArgs | None:
    """Return the App Mesh set-up of AWS's guide: the proxy's user and ports, the metadata addresses."""
    if proxy is None:
        return None
    return aws.ecs.TaskDefinitionProxyConfigurationArgs(
        type="APPMESH",
        container_name=proxy.container_name,
        properties={
            "AppPorts": ",".join(str(port) for port in proxy.app_ports),
            "EgressIgnoredIPs": "169.254.170.2,169.254.169.254",
            "IgnoredUID": "1337",
            "ProxyEgressPort": "15001",
            "ProxyIngressPort": "15000",
        },
    )
