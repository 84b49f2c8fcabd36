"""All workloads of an environment, each as what it is: ordinary services, or Express Mode's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from programs.ecs.app_mesh.gateway import MeshGateway, MeshGatewayArgs
from programs.ecs.dashboard import Dashboard, WorkloadRow
from programs.ecs.express import ExpressInfrastructure
from programs.ecs.express_workload import ExpressDeployment
from programs.ecs.platform import Platform
from programs.ecs.workload import WorkloadDeployment
from programs.planning.peers import callees_first
from programs.request import EcsEnvironment
from programs.request.mesh import MeshKind
from programs.request.workload import Workload


@dataclass(frozen=True, slots=True)
class Deployments:
    """The workloads that stand, by name."""

    ordinary: Mapping[str, WorkloadDeployment] = field(default_factory=dict[str, WorkloadDeployment])
    express: Mapping[str, ExpressDeployment] = field(default_factory=dict[str, ExpressDeployment])


def deploy_workloads(
    request: EcsEnvironment, platform: Platform, opts: pulumi.ResourceOptions
) -> Deployments:
    """Make every workload, and what shows and leads to them."""
    in_express = [one for one in request.workloads if request.cluster.express and one.public is not None]
    express: dict[str, ExpressDeployment] = {}
    if in_express:
        infrastructure = ExpressInfrastructure("express", platform.scope, opts)
        is_internal = request.load_balancer.internal
        for workload in in_express:
            express[workload.name] = ExpressDeployment(
                workload.name, workload, platform, infrastructure, is_internal, opts
            )
    ordinary = _deploy_ordinary([one for one in request.workloads if one.name not in express], platform, opts)
    if request.mesh.gateway and platform.app_mesh is not None and platform.balancer is not None:
        args = MeshGatewayArgs(platform, platform.app_mesh, platform.balancer, request.workloads)
        MeshGateway("gateway", args, opts)
    if request.observability.dashboard:
        rows = [
            WorkloadRow(name, one.service_metrics(), one.route_metrics()) for name, one in ordinary.items()
        ]
        Dashboard("dashboard", platform.scope, rows, opts)
    return Deployments(ordinary, express)


def _deploy_ordinary(
    workloads: Sequence[Workload], platform: Platform, opts: pulumi.ResourceOptions
) -> dict[str, WorkloadDeployment]:
    """Make the workloads' services, under Service Connect those that are called before those that call.

    A task resolves only the names that were there when its service was deployed:
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
    """
    awaited = callees_first(platform.callees) if platform.mesh is MeshKind.SERVICE_CONNECT else {}
    by_name = {workload.name: workload for workload in workloads}
    made: dict[str, WorkloadDeployment] = {}
    for name in (*(name for name in awaited if name in by_name), *by_name):
        if name not in made:
            called = [made[one] for one in awaited.get(name, ()) if one in made]
            services = tuple(service for one in called for service in one.services.values())
            made[name] = WorkloadDeployment(name, by_name[name], platform, services, opts)
    return {name: made[name] for name in by_name}
