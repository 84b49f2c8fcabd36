"""From a workload to the containers of its task."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from programs.components.images import image_reference
from programs.components.scope import Scope
from programs.ecs.app_mesh.envoy import ENVOY_NAME, envoy_container
from programs.ecs.container import (
    ContainerDefinition,
    Dependency,
    EnvironmentVariable,
    HealthCheck,
    LinuxParameters,
    LogConfiguration,
    MountPoint,
    PortMapping,
    ResourceRequirement,
    Ulimit,
)
from programs.ecs.log_configuration import awslogs, firelens
from programs.ecs.region import region_settings
from programs.ecs.secrets import secret_variables
from programs.ecs.sidecars import sidecar_container, sidecar_environment
from programs.planning.peers import with_hosts
from programs.request import containers as requested
from programs.request.containers import Port, Protocol
from programs.request.sidecars import KnownSidecar, OwnSidecar, container_name, known_sidecars
from programs.request.workload import Workload

_FARGATE_STORAGE_GIB = 20
"""What every Fargate task has without asking."""


@dataclass(frozen=True, slots=True)
class TaskContext:
    """What a task's containers must know of their environment.

    `hosts` are the addresses of workloads by name; `has_tracing` puts an X-Ray daemon beside every workload.
    `are_ports_named` is for Service Connect, which refers to ports by name. `mesh_node_arn` is the App Mesh
    node whose Envoy runs beside the workload.
    """

    scope: Scope
    log_group_name: str
    hosts: Mapping[str, str]
    has_tracing: bool = False
    are_ports_named: bool = False
    mesh_node_arn: str | None = None


def task_containers(workload: Workload, context: TaskContext) -> tuple[ContainerDefinition, ...]:
    """Return the workload's own container first, then its sidecars."""
    known = known_sidecars(workload.sidecars, has_tracing=context.has_tracing)
    logs = _container_logs(context, known)
    return (
        _main_container(workload, context, known, logs),
        *_envoy(context, known),
        *(_known_sidecar(sidecar, context) for sidecar in known),
        *(_own_sidecar(sidecar, context, logs) for sidecar in workload.own_sidecars),
    )


def scratch_volume_names(workload: Workload) -> tuple[str, ...]:
    """Return the names of the empty volumes that make a read-only container's directories writable."""
    mounts = list(_scratch_mounts(workload.name, workload.read_only_root_filesystem, workload.writable_paths))
    for sidecar in workload.own_sidecars:
        mounts.extend(
            _scratch_mounts(sidecar.name, sidecar.read_only_root_filesystem, sidecar.writable_paths)
        )
    return tuple(mount.source_volume for mount in mounts)


def ephemeral_storage_gib(workload: Workload) -> int | None:
    """Return how much scratch disk to ask for; None for what Fargate gives anyway."""
    asked = workload.ephemeral_storage_gib
    return asked if asked > _FARGATE_STORAGE_GIB else None


def _container_logs(context: TaskContext, known: tuple[KnownSidecar, ...]) -> LogConfiguration:
    scope = context.scope
    driver = firelens if KnownSidecar.FLUENT_BIT in known else awslogs
    return driver(context.log_group_name, scope.region, "app")


def _main_container(
    workload: Workload, context: TaskContext, known: tuple[KnownSidecar, ...], logs: LogConfiguration
) -> ContainerDefinition:
    is_routed = KnownSidecar.FLUENT_BIT in known
    router = (KnownSidecar.FLUENT_BIT,) if is_routed else ()
    return ContainerDefinition(
        name=workload.name,
        image=image_reference(context.scope, workload.image),
        essential=True,
        entry_point=workload.entry_point,
        command=workload.command,
        port_mappings=tuple(_port_mapping(port, context.are_ports_named) for port in workload.ports),
        environment=environment_variables(
            workload, context, sidecar_environment(known, context.log_group_name)
        ),
        secrets=secret_variables(context.scope, workload.secrets),
        depends_on=(*_first(router), *_after_envoy(context), *_dependencies(workload.depends_on)),
        health_check=_health_check(workload.health_check),
        log_configuration=logs,
        mount_points=_mount_points(workload),
        ulimits=tuple(Ulimit(limit.name.value, limit.soft, limit.hard) for limit in workload.ulimits),
        linux_parameters=LinuxParameters(init_process_enabled=True) if workload.exec else None,
        resource_requirements=(ResourceRequirement("GPU", str(workload.gpus)),) if workload.gpus else (),
        readonly_root_filesystem=workload.read_only_root_filesystem,
        user=workload.user,
        stop_timeout=workload.stop_timeout_seconds,
    )


def _known_sidecar(sidecar: KnownSidecar, context: TaskContext) -> ContainerDefinition:
    logs = awslogs(context.log_group_name, context.scope.region, container_name(sidecar))
    return sidecar_container(sidecar, logs, context.scope.region, context.log_group_name)


def _envoy(context: TaskContext, known: tuple[KnownSidecar, ...]) -> tuple[ContainerDefinition, ...]:
    if context.mesh_node_arn is None:
        return ()
    logs = awslogs(context.log_group_name, context.scope.region, ENVOY_NAME)
    has_tracing = KnownSidecar.XRAY in known
    region = context.scope.region
    return (envoy_container(context.mesh_node_arn, logs, region, has_tracing=has_tracing),)


def _after_envoy(context: TaskContext) -> tuple[Dependency, ...]:
    if context.mesh_node_arn is None:
        return ()
    return (Dependency(ENVOY_NAME, requested.DependencyCondition.HEALTHY),)


def _own_sidecar(sidecar: OwnSidecar, context: TaskContext, logs: LogConfiguration) -> ContainerDefinition:
    return ContainerDefinition(
        name=sidecar.name,
        image=image_reference(context.scope, sidecar.image),
        essential=sidecar.essential,
        cpu=sidecar.cpu_units or None,
        memory=sidecar.memory_mib,
        entry_point=sidecar.entry_point,
        command=sidecar.command,
        port_mappings=tuple(_port_mapping(port, is_named=False) for port in sidecar.ports),
        environment=environment_variables(sidecar, context),
        secrets=secret_variables(context.scope, sidecar.secrets),
        depends_on=_dependencies(sidecar.depends_on),
        health_check=_health_check(sidecar.health_check),
        log_configuration=logs,
        mount_points=tuple(
            _scratch_mounts(sidecar.name, sidecar.read_only_root_filesystem, sidecar.writable_paths)
        ),
        readonly_root_filesystem=sidecar.read_only_root_filesystem,
        user=sidecar.user,
    )


def _port_mapping(port: Port, is_named: bool) -> PortMapping:
    """Return the mapping; its name and application protocol are what Service Connect refers to.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html: appProtocol is absent
    for plain TCP.
    """
    protocol = "udp" if port.protocol is Protocol.UDP else "tcp"
    if not is_named or port.protocol is Protocol.UDP:
        return PortMapping(port.port, protocol)
    app_protocol = None if port.protocol is Protocol.TCP else port.protocol.value
    return PortMapping(port.port, protocol, name=port.name, app_protocol=app_protocol)


def environment_variables(
    container: Workload | OwnSidecar, context: TaskContext, defaults: tuple[EnvironmentVariable, ...] = ()
) -> tuple[EnvironmentVariable, ...]:
    """Return plain settings with hosts filled in, ordered by name; what a request says wins over defaults."""
    secrets = {secret.name for secret in container.secrets}
    usual = (*region_settings(context.scope.region), *defaults)
    # ECS takes no name that is a setting and a secret at once.
    named = {variable.name: variable.value for variable in usual if variable.name not in secrets}
    named.update({name: with_hosts(text, dict(context.hosts)) for name, text in container.env.items()})
    return tuple(EnvironmentVariable(name, named[name]) for name in sorted(named))


def _dependencies(dependencies: Iterable[requested.Dependency]) -> tuple[Dependency, ...]:
    return tuple(Dependency(_known_name(one.container), one.condition) for one in dependencies)


def _known_name(container: str) -> str:
    """A dependency may name a known sidecar as the request does, or by its container's name."""
    known = {sidecar.value: container_name(sidecar) for sidecar in KnownSidecar}
    return known.get(container, container)


def _first(sidecars: Iterable[KnownSidecar]) -> tuple[Dependency, ...]:
    return tuple(
        Dependency(container_name(sidecar), requested.DependencyCondition.START) for sidecar in sidecars
    )


def _health_check(check: requested.HealthCheck | None) -> HealthCheck | None:
    if check is None:
        return None
    return HealthCheck(
        ("CMD-SHELL", check.command),
        interval=check.interval_seconds,
        timeout=check.timeout_seconds,
        retries=check.retries,
        start_period=check.start_period_seconds,
    )


def _mount_points(workload: Workload) -> tuple[MountPoint, ...]:
    file_systems = (MountPoint(one.name, one.mount_path, one.read_only) for one in workload.volumes)
    scratch = _scratch_mounts(workload.name, workload.read_only_root_filesystem, workload.writable_paths)
    return (*file_systems, *scratch)


def _scratch_mounts(container: str, is_read_only: bool, paths: tuple[str, ...]) -> Iterable[MountPoint]:
    if not is_read_only:
        return ()
    names = ((f"{container}-scratch-{number}", path) for number, path in enumerate(paths, start=1))
    return tuple(MountPoint(name, path, read_only=False) for name, path in names)
