"""An environment on Amazon ECS, from top to bottom."""

import pulumi

from programs.components.environment_scope import make_scope
from programs.components.key import EncryptionKey, EncryptionKeyArgs
from programs.components.placement import place_network
from programs.components.provider import make_provider
from programs.components.repositories import make_repositories
from programs.components.scope import Scope
from programs.ecs.capacity import make_capacity
from programs.ecs.cluster import Cluster, ClusterArgs
from programs.ecs.discovery import Namespace, make_namespace, reachable_hosts
from programs.ecs.entrance import make_entrance
from programs.ecs.outputs import export_outputs
from programs.ecs.peers import make_workload_groups
from programs.ecs.service_connect import ConnectSettings
from programs.ecs.service_connect_tls import ConnectAuthority, ConnectAuthorityArgs
from programs.ecs.workload import Platform, WorkloadDeployment
from programs.facts import Facts
from programs.planning.peers import callers_of
from programs.planning.priorities import assign_priorities
from programs.request import EcsEnvironment
from programs.request.mesh import MeshKind
from programs.request.observability import Tracing


def deploy_ecs_environment(request: EcsEnvironment, facts: Facts) -> None:
    """Make everything the request asks for; equal requests and facts make equal resources."""
    scope = make_scope(request, facts)
    opts = pulumi.ResourceOptions(provider=make_provider(facts, dict(scope.tags)))

    key = EncryptionKey("key", EncryptionKeyArgs(scope, "Logs, images and sessions"), opts)
    placement = place_network(request.network, facts, scope, key, opts)
    make_repositories(request.registry, scope, key, opts)
    namespace = make_namespace(request, scope, placement, opts)
    connect = _connect_settings(request, scope, key, namespace, opts)
    namespace_arn = connect.namespace_arn if connect is not None else None
    cluster = Cluster("cluster", ClusterArgs(scope, request.cluster, key.arn, namespace_arn), opts)
    capacity = make_capacity(request.capacity, cluster, scope, placement, opts)
    balancer = make_entrance(request, scope, placement, opts)
    groups = make_workload_groups(request.workloads, callers_of(request), scope, placement, opts)

    platform = Platform(
        scope=scope,
        placement=placement,
        cluster=cluster,
        capacity=capacity,
        key_arn=key.arn,
        hosts=reachable_hosts(request, scope),
        priorities=assign_priorities(request.workloads),
        security_groups=groups,
        has_tracing=request.observability.tracing is Tracing.XRAY,
        mesh=request.mesh.kind,
        balancer=balancer,
        namespace=namespace,
        connect=connect,
    )
    deployments = {
        workload.name: WorkloadDeployment(workload.name, workload, platform, opts)
        for workload in request.workloads
    }
    export_outputs(request, scope, cluster, balancer, deployments)


def _connect_settings(
    request: EcsEnvironment,
    scope: Scope,
    key: EncryptionKey,
    namespace: Namespace | None,
    opts: pulumi.ResourceOptions,
) -> ConnectSettings | None:
    mesh = request.mesh
    if mesh.kind is not MeshKind.SERVICE_CONNECT or namespace is None:
        return None
    tls = None
    if mesh.tls:
        args = ConnectAuthorityArgs(scope, key.arn, mesh.certificate_authority_arn)
        tls = ConnectAuthority("connect", args, opts).tls
    return ConnectSettings(scope, namespace.arn, namespace.name, mesh, tls)
