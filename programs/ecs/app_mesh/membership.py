"""A workload's names: in Cloud Map, and in App Mesh where the environment has one."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.envoy_rights import envoy_statements
from programs.components.policy import Statement
from programs.ecs.app_mesh.mesh import MeshedWorkload, MeshedWorkloadArgs
from programs.ecs.app_mesh.naming import CANARY_SUFFIX, virtual_node_arn
from programs.ecs.app_mesh.node_spec import NodeDiscovery
from programs.ecs.discovery import host_label, is_registered, register_workload
from programs.ecs.platform import Platform
from programs.ecs.service_share import has_mesh_canary
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class MeshMembership:
    """Where tasks register, by the suffix of their service, and what their Envoys may do."""

    registries: Mapping[str, aws.servicediscovery.Service]
    statements: tuple[Statement, ...]


def join_mesh(name: str, workload: Workload, platform: Platform, owner: pulumi.Resource) -> MeshMembership:
    """Register the workload's names and make its part of the mesh, where there are any."""
    registries = _make_registries(name, workload, platform, owner)
    mesh, namespace = platform.app_mesh, platform.namespace
    if mesh is None:
        return MeshMembership(registries, ())
    has_canary = has_mesh_canary(workload, platform.mesh)
    namespace_name = namespace.name if namespace is not None else ""
    args = MeshedWorkloadArgs(
        scope=platform.scope,
        mesh=mesh,
        workload=workload,
        host=platform.hosts.get(workload.name),
        discovery=[NodeDiscovery(namespace_name, registry.name) for registry in registries.values()],
        backends=[platform.hosts[callee] for callee in platform.callees.get(workload.name, ())],
        canary_percent=workload.rollout.canary_percent if has_canary else None,
    )
    meshed = MeshedWorkload(name, args, pulumi.ResourceOptions(parent=owner))
    suffixes = ("", CANARY_SUFFIX) if has_canary else ("",)
    node_arns = tuple(virtual_node_arn(platform.scope, f"{workload.name}{suffix}") for suffix in suffixes)
    certificates = (meshed.certificate_arn,) if meshed.certificate_arn is not None else ()
    mtls = mesh.settings.mtls
    authority_arn = mtls.certificate_authority_arn if mtls is not None else None
    return MeshMembership(registries, envoy_statements(node_arns, certificates, authority_arn))


def mesh_node_arn(workload: Workload, platform: Platform, suffix: str) -> str | None:
    """Return the ARN of the node that a service's Envoys speak for; None without App Mesh."""
    if platform.app_mesh is None:
        return None
    return virtual_node_arn(platform.scope, f"{workload.name}{suffix}")


def _make_registries(
    name: str, workload: Workload, platform: Platform, owner: pulumi.Resource
) -> dict[str, aws.servicediscovery.Service]:
    namespace, scope = platform.namespace, platform.scope
    if namespace is None or not is_registered(workload, platform.mesh):
        return {}
    label = host_label(workload)
    registries = {"": register_workload(name, scope, namespace, label, owner)}
    if has_mesh_canary(workload, platform.mesh):
        registries[CANARY_SUFFIX] = register_workload(
            f"{name}{CANARY_SUFFIX}", scope, namespace, f"{label}{CANARY_SUFFIX}", owner
        )
    return registries
