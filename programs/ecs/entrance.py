"""The environment's entrance: the load balancer, where any workload is public."""

import pulumi

from programs.components.load_balancer import LoadBalancer, LoadBalancerArgs
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.request import EcsEnvironment
from programs.request.mesh import MeshKind


def make_entrance(
    request: EcsEnvironment, scope: Scope, placement: NetworkPlacement, opts: pulumi.ResourceOptions
) -> LoadBalancer | None:
    """Make the load balancer that public workloads and a mesh's gateway share; None where there are none."""
    routes = [workload.public for workload in request.workloads if workload.public is not None]
    has_gateway = request.mesh.kind is MeshKind.APP_MESH and request.mesh.gateway
    if request.cluster.express or not (routes or has_gateway):
        return None
    settings = request.load_balancer
    # Each certificate once, in the order of the request: the first is the default one.
    certificates = dict.fromkeys(
        route.certificate_arn for route in routes if route.certificate_arn is not None
    )
    args = LoadBalancerArgs(
        scope=scope,
        placement=placement,
        certificate_arns=tuple(certificates),
        is_internal=settings.internal,
        idle_timeout_seconds=settings.idle_timeout_seconds,
        keeps_access_log=settings.access_logs,
        access_log_bucket=settings.access_logs_bucket,
        has_deletion_protection=settings.deletion_protection and scope.is_protected,
        web_acl_arn=settings.web_acl_arn,
        allowed_cidrs=settings.allowed_cidrs,
        test_ports=tuple(sorted({route.test_port for route in routes if route.test_port is not None})),
    )
    return LoadBalancer("entrance", args, opts)
