"""Everything that one workload needs: its log, its roles, its task, its route, its service, its scaling."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from programs.components.images import private_repository_arn
from programs.components.load_balancer import LoadBalancer
from programs.components.log_group import LogGroup, LogGroupArgs
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.components.secret_grants import secret_grants
from programs.components.security_group import PeerRule, SecurityGroup, admit_peer, let_out_to_peer
from programs.ecs.autoscaling import Autoscaling, AutoscalingArgs, RequestMetric
from programs.ecs.capacity import ClusterCapacity
from programs.ecs.capacity_plan import FamilyShare, split_count
from programs.ecs.cluster import Cluster
from programs.ecs.discovery import Namespace, host_label, is_registered, register_workload
from programs.ecs.exposure import PublicRoute, PublicRouteArgs
from programs.ecs.rollout import shifts_traffic
from programs.ecs.service import Service, ServiceArgs
from programs.ecs.service_connect import ConnectSettings, connect_configuration
from programs.ecs.task_containers import (
    TaskContext,
    ephemeral_storage_gib,
    known_sidecars,
    own_sidecars,
    scratch_volume_names,
    task_containers,
)
from programs.ecs.task_definition import TaskDefinition, TaskDefinitionArgs, TaskSize
from programs.ecs.task_roles import FileSystemGrant, TaskRoles, TaskRolesArgs
from programs.request.containers import Protocol
from programs.request.images import RepositoryImage
from programs.request.mesh import MeshKind
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class Platform:
    """What the environment offers to each of its workloads."""

    scope: Scope
    placement: NetworkPlacement
    cluster: Cluster
    capacity: ClusterCapacity
    key_arn: pulumi.Input[str]
    hosts: Mapping[str, str]
    priorities: Mapping[str, int]
    security_groups: Mapping[str, SecurityGroup]
    has_tracing: bool
    mesh: MeshKind
    balancer: LoadBalancer | None = None
    namespace: Namespace | None = None
    connect: ConnectSettings | None = None


@dataclass(frozen=True, slots=True)
class ServiceShare:
    """One service of a workload: its capacity and its part of the tasks."""

    suffix: str
    family: FamilyShare
    minimum: int
    desired: int
    maximum: int


class WorkloadDeployment(pulumi.ComponentResource):
    """A workload on ECS."""

    log_group_name: str
    services: list[Service]
    task_definition: TaskDefinition
    route: PublicRoute | None

    def __init__(
        self,
        name: str,
        workload: Workload,
        platform: Platform,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workload's resources; nothing of another workload is touched."""
        super().__init__("berth:ecs:Workload", name, None, opts)
        self._name = name
        self._workload = workload
        self._platform = platform
        self._child = pulumi.ResourceOptions(parent=self)
        self._logs = LogGroup(
            name, LogGroupArgs(platform.scope, part=workload.name, key_arn=platform.key_arn), self._child
        )
        self.log_group_name = self._logs.name
        self._shares = service_shares(workload, platform)
        self._admit_balancer()
        self.task_definition = self._make_task_definition()
        self.route = self._make_route()
        self._registry_arn = self._register()
        self.services = [self._make_service(share) for share in self._shares]
        self._scale()
        self.register_outputs({"service_arn": self.services[0].arn})

    @property
    def discovery_name(self) -> str | None:
        """The name other workloads reach this one under; None for a worker."""
        return self._platform.hosts.get(self._workload.name)

    def _admit_balancer(self) -> None:
        workload, platform = self._workload, self._platform
        own_group = platform.security_groups[workload.name]
        if workload.public is not None and platform.balancer is not None:
            balancer_group = platform.balancer.security_group
            port = workload.ports[0].port
            rule = PeerRule(own_group, balancer_group, port, "Requests from the load balancer")
            admit_peer(f"{self._name}-balancer", rule, self)
            outward = PeerRule(balancer_group, own_group, port, f"Requests to {workload.name}")
            let_out_to_peer(f"{self._name}-balancer", outward, self)

    def _make_roles(self) -> TaskRoles:
        workload, scope = self._workload, self._platform.scope
        images = [workload.image, *(sidecar.image for sidecar in own_sidecars(workload))]
        repositories = {private_repository_arn(scope, image) for image in images} - {None}
        secrets = [*workload.secrets, *(one for sidecar in own_sidecars(workload) for one in sidecar.secrets)]
        sidecars = known_sidecars(workload, has_tracing=self._platform.has_tracing)
        args = TaskRolesArgs(
            scope=scope,
            workload=workload.name,
            log_group_arn=self._logs.arn,
            repository_arns=tuple(sorted(arn for arn in repositories if arn is not None)),
            secrets=secret_grants(scope, secrets),
            permissions=workload.permissions,
            sidecars=frozenset(sidecars),
            exec_access=self._platform.cluster.exec_access if workload.exec else None,
            file_systems=tuple(_file_system_grants(scope, workload)),
        )
        return TaskRoles(self._name, args, self._child)

    def _make_task_definition(self) -> TaskDefinition:
        workload, platform = self._workload, self._platform
        context = TaskContext(
            scope=platform.scope,
            log_group_name=self._logs.name,
            hosts=platform.hosts,
            has_tracing=platform.has_tracing,
            are_ports_named=platform.connect is not None,
        )
        args = TaskDefinitionArgs(
            scope=platform.scope,
            workload=workload.name,
            containers=task_containers(workload, context),
            size=TaskSize(workload.cpu_units, workload.memory_mib, ephemeral_storage_gib(workload)),
            architecture=workload.architecture,
            compatibilities=tuple(share.family.family.value for share in self._shares),
            roles=self._make_roles(),
            file_systems=workload.volumes,
            scratch_volumes=scratch_volume_names(workload),
        )
        return TaskDefinition(self._name, args, self._child)

    def _make_route(self) -> PublicRoute | None:
        workload, platform = self._workload, self._platform
        if workload.public is None or platform.balancer is None:
            return None
        args = PublicRouteArgs(
            scope=platform.scope,
            workload=workload.name,
            balancer=platform.balancer,
            vpc_id=platform.placement.vpc_id,
            exposure=workload.public,
            port=workload.ports[0],
            priority=platform.priorities[workload.name],
            rollout=workload.rollout,
        )
        return PublicRoute(self._name, args, self._child)

    def _register(self) -> pulumi.Output[str] | None:
        namespace = self._platform.namespace
        mesh = self._platform.mesh
        if namespace is None or not is_registered(self._workload, mesh):
            return None
        label = host_label(self._workload)
        return register_workload(self._name, self._platform.scope, namespace, label, self).arn

    def _make_service(self, share: ServiceShare) -> Service:
        workload, platform = self._workload, self._platform
        connect = None
        if platform.connect is not None:
            connect = connect_configuration(workload, platform.connect, self._logs.name)
        exposure = workload.public
        args = ServiceArgs(
            scope=platform.scope,
            service_name=f"{workload.name}{share.suffix}",
            container_name=workload.name,
            cluster_arn=platform.cluster.arn,
            task_definition_arn=self.task_definition.arn,
            strategy=share.family.strategy,
            placement=platform.placement,
            security_group=platform.security_groups[workload.name],
            desired_count=share.desired,
            is_autoscaled=workload.scaling is not None,
            rollout=workload.rollout,
            allows_exec=workload.exec,
            waits_until_steady=not uses_own_repository(workload),
            depends_on=(platform.capacity.association,),
            container_port=workload.ports[0].port if workload.ports else None,
            route=self.route,
            grace_period_seconds=exposure.health_check_grace_period_seconds if exposure is not None else None,
            registry_arn=self._registry_arn,
            connect=connect,
        )
        return Service(f"{self._name}{share.suffix}", args, self._child)

    def _scale(self) -> None:
        workload, platform = self._workload, self._platform
        if workload.scaling is None:
            return
        requests = None
        if self.route is not None and platform.balancer is not None:
            requests = RequestMetric(platform.balancer.arn_suffix, self.route.target_groups())
        for share, service in zip(self._shares, self.services, strict=True):
            args = AutoscalingArgs(
                scope=platform.scope,
                service_name=service.name,
                service_label=f"{workload.name}{share.suffix}",
                cluster_name=platform.cluster.name,
                minimum=share.minimum,
                maximum=share.maximum,
                scaling=workload.scaling,
                requests=requests,
            )
            Autoscaling(f"{self._name}{share.suffix}", args, self._child)


def uses_own_repository(workload: Workload) -> bool:
    """Return whether an image comes from a repository that the environment itself makes."""
    images = [workload.image, *(sidecar.image for sidecar in own_sidecars(workload))]
    return any(isinstance(image, RepositoryImage) for image in images)


def service_shares(workload: Workload, platform: Platform) -> list[ServiceShare]:
    """Return the services that a workload becomes: one, or two where its tasks are split by capacity."""
    replicas = workload.replicas
    main, second = platform.capacity.plan.main, platform.capacity.plan.second
    if second is None or not can_be_split(workload, platform.connect):
        return [ServiceShare("", main, replicas.min, replicas.desired, replicas.max)]
    counts = [
        split_count(count, main.weight, second.weight)
        for count in (replicas.min, replicas.desired, max(replicas.max, 2))
    ]
    suffix = f"-{second.family.value.lower()}"
    return [
        ServiceShare("", main, *(count[0] for count in counts)),
        ServiceShare(suffix, second, *(count[1] for count in counts)),
    ]


def can_be_split(workload: Workload, connect: ConnectSettings | None) -> bool:
    """Return whether two services can share a workload's traffic.

    Not during a traffic shift, which ECS runs for one service at a time, and not under Service Connect,
    where a name belongs to one service.
    """
    serves = any(port.protocol is not Protocol.UDP for port in workload.ports)
    return not shifts_traffic(workload.rollout) and not (connect is not None and serves)


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
