"""From a workload to the containers of its pod."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pulumi_kubernetes.core.v1 import (
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    LifecycleArgs,
    LifecycleHandlerArgs,
    SecretKeySelectorArgs,
    SleepActionArgs,
)

from programs.components.images import image_reference
from programs.components.scope import Scope
from programs.eks.known_sidecars import known_sidecar_container, sidecar_setting
from programs.eks.naming import secret_key, secret_name
from programs.eks.pod_security import container_security_context
from programs.eks.probes import Probes, command_probes, workload_probes
from programs.eks.resources import sidecar_resources, workload_resources
from programs.eks.volumes import file_system_mounts, scratch_mounts, sidecar_scratch, workload_scratch
from programs.planning.peers import with_hosts
from programs.request.containers import ENDING, Port, Protocol, Secret
from programs.request.images import RepositoryImage
from programs.request.sidecars import KnownSidecar, OwnSidecar
from programs.request.workload import Workload

_DRAIN_SECONDS = 10
"""How long a pod that is going still answers, while load balancer and peers forget it."""


@dataclass(frozen=True, slots=True)
class PodContext:
    """What a pod's containers must know of their environment; `hosts` are other workloads' addresses."""

    scope: Scope
    hosts: Mapping[str, str]
    known_sidecars: tuple[KnownSidecar, ...]


def workload_container(
    workload: Workload, context: PodContext, image: str | RepositoryImage | None = None
) -> ContainerArgs:
    """Return the workload's own container; `image` replaces the request's where two versions run."""
    settings = dict(_sidecar_env(workload, context)) | dict(workload.env)
    probes = workload_probes(workload)
    return ContainerArgs(
        name=workload.name,
        image=image_reference(context.scope, image or workload.image),
        image_pull_policy="IfNotPresent",
        command=list(workload.entry_point) or None,
        args=list(workload.command) or None,
        env=_variables(workload.name, workload.name, settings, workload.secrets, context.hosts),
        ports=_ports(workload.ports),
        resources=workload_resources(workload, len(context.known_sidecars)),
        security_context=container_security_context(
            workload.user, is_read_only=workload.read_only_root_filesystem
        ),
        startup_probe=probes.startup,
        readiness_probe=probes.readiness,
        liveness_probe=probes.liveness,
        lifecycle=_drain(workload),
        volume_mounts=[*scratch_mounts(workload_scratch(workload)), *file_system_mounts(workload)],
    )


def init_containers(workload: Workload, context: PodContext) -> list[ContainerArgs]:
    """Return the sidecars, as Kubernetes starts them: in order, before the workload's own container.

    A sidecar that the others wait for to end (COMPLETE, SUCCESS) is an ordinary init container; the rest keep
    running. Kubernetes ends a pod's start when an init container fails, so COMPLETE means SUCCESS there.
    """
    known = [known_sidecar_container(sidecar, context.scope, workload) for sidecar in context.known_sidecars]
    own = workload.own_sidecars
    ending = _ending_names(workload, own)
    return [*known, *(_own(sidecar, workload, context, sidecar.name in ending) for sidecar in _in_order(own))]


def _own(sidecar: OwnSidecar, workload: Workload, context: PodContext, ends: bool) -> ContainerArgs:
    has_probes = sidecar.health_check is not None and not ends
    probes = (
        command_probes(sidecar.health_check)
        if has_probes and sidecar.health_check
        else Probes(None, None, None)
    )
    return ContainerArgs(
        name=sidecar.name,
        image=image_reference(context.scope, sidecar.image),
        image_pull_policy="IfNotPresent",
        command=list(sidecar.entry_point) or None,
        args=list(sidecar.command) or None,
        env=_variables(workload.name, sidecar.name, sidecar.env, sidecar.secrets, context.hosts),
        ports=_ports(sidecar.ports),
        restart_policy=None if ends else "Always",
        resources=sidecar_resources(sidecar.cpu_units, sidecar.memory_mib, workload),
        security_context=container_security_context(
            sidecar.user, is_read_only=sidecar.read_only_root_filesystem
        ),
        # A native sidecar that waits to be healthy is awaited by its startup probe.
        startup_probe=probes.startup or probes.readiness,
        readiness_probe=probes.readiness,
        liveness_probe=probes.liveness,
        volume_mounts=scratch_mounts(sidecar_scratch(sidecar)),
    )


def _ending_names(workload: Workload, own: Sequence[OwnSidecar]) -> set[str]:
    dependencies = [*workload.depends_on, *(one for sidecar in own for one in sidecar.depends_on)]
    return {one.container for one in dependencies if one.condition in ENDING}


def _in_order(own: Sequence[OwnSidecar]) -> list[OwnSidecar]:
    """Return the sidecars so that each stands after those it waits for (the request has no circles)."""
    by_name = {sidecar.name: sidecar for sidecar in own}
    ordered: dict[str, OwnSidecar] = {}

    def place(sidecar: OwnSidecar) -> None:
        for dependency in sidecar.depends_on:
            if dependency.container in by_name and dependency.container not in ordered:
                place(by_name[dependency.container])
        ordered.setdefault(sidecar.name, sidecar)

    for sidecar in own:
        place(sidecar)
    return list(ordered.values())


def _sidecar_env(workload: Workload, context: PodContext) -> list[tuple[str, str]]:
    return [
        setting
        for sidecar in context.known_sidecars
        for setting in sidecar_setting(sidecar, context.scope, workload).workload_env
    ]


def _variables(
    workload_name: str,
    container: str,
    env: Mapping[str, str],
    secrets: Sequence[Secret],
    hosts: Mapping[str, str],
) -> list[EnvVarArgs]:
    plain = [
        EnvVarArgs(name=name, value=with_hosts(value, dict(hosts))) for name, value in sorted(env.items())
    ]
    secret = [
        EnvVarArgs(
            name=one.name,
            value_from=EnvVarSourceArgs(
                secret_key_ref=SecretKeySelectorArgs(
                    name=secret_name(workload_name), key=secret_key(container, one.name)
                )
            ),
        )
        for one in sorted(secrets, key=lambda one: one.name)
    ]
    return [*plain, *secret]


def _ports(ports: Sequence[Port]) -> list[ContainerPortArgs]:
    return [
        ContainerPortArgs(
            name=port.name,
            container_port=port.port,
            protocol="UDP" if port.protocol is Protocol.UDP else "TCP",
        )
        for port in ports
    ]


def _drain(workload: Workload) -> LifecycleArgs | None:
    if not workload.ports or workload.stop_timeout_seconds <= _DRAIN_SECONDS:
        return None
    return LifecycleArgs(pre_stop=LifecycleHandlerArgs(sleep=SleepActionArgs(seconds=_DRAIN_SECONDS)))
