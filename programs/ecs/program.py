"""An environment on Amazon ECS, from top to bottom."""

import pulumi

from programs.components.environment_scope import make_scope
from programs.components.key import EncryptionKey, EncryptionKeyArgs
from programs.components.placement import place_network
from programs.components.provider import make_provider
from programs.components.repositories import make_repositories
from programs.ecs.alarm_policy import make_alarm_policy
from programs.ecs.app_mesh.mesh import make_app_mesh
from programs.ecs.capacity import make_capacity
from programs.ecs.cluster import Cluster, ClusterArgs
from programs.ecs.deployments import deploy_workloads
from programs.ecs.discovery import make_namespace, reachable_hosts
from programs.ecs.entrance import make_entrance
from programs.ecs.outputs import export_outputs
from programs.ecs.peers import callees_of, make_workload_groups
from programs.ecs.platform import Platform
from programs.ecs.service_connect_tls import make_connect_settings
from programs.facts import Facts
from programs.planning.peers import callers_of
from programs.planning.priorities import assign_priorities
from programs.request import EcsEnvironment
from programs.request.observability import Tracing


def deploy_ecs_environment(request: EcsEnvironment, facts: Facts) -> None:
    """Make everything the request asks for; equal requests and facts make equal resources."""
    scope = make_scope(request, facts)
    opts = pulumi.ResourceOptions(provider=make_provider(facts, dict(scope.tags)))

    key = EncryptionKey(
        "key",
        EncryptionKeyArgs(scope, "Logs, images, sessions and alarms", ("cloudwatch.amazonaws.com",)),
        opts,
    )
    placement = place_network(request.network, facts, scope, key, opts)
    make_repositories(request.registry, scope, key, opts)

    namespace = make_namespace(request, scope, placement, opts)
    connect = make_connect_settings(request.mesh, scope, key, namespace, opts)
    app_mesh = make_app_mesh(request.mesh, scope, opts)

    connect_namespace = connect.namespace_arn if connect is not None else None
    cluster = Cluster("cluster", ClusterArgs(scope, request.cluster, key.arn, connect_namespace), opts)
    capacity = make_capacity(request.capacity, cluster, scope, placement, opts)

    balancer = make_entrance(request, scope, placement, opts)
    callers = callers_of(request)
    groups = make_workload_groups(request, callers, scope, placement, opts)

    platform = Platform(
        scope=scope,
        placement=placement,
        cluster=cluster,
        capacity=capacity,
        key_arn=key.arn,
        hosts=reachable_hosts(request, scope),
        callees=callees_of(callers),
        priorities=assign_priorities(request.workloads),
        security_groups=groups,
        has_tracing=request.observability.tracing is Tracing.XRAY,
        mesh=request.mesh.kind,
        alarms=make_alarm_policy(request, scope, key, opts),
        balancer=balancer,
        namespace=namespace,
        connect=connect,
        app_mesh=app_mesh,
    )
    deployments = deploy_workloads(request, platform, opts)
    export_outputs(request, platform, deployments)
