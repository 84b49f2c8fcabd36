"""All workloads of an environment, each as what it is: ordinary services, or Express Mode's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from programs.ecs.app_mesh.gateway import MeshGateway, MeshGatewayArgs
from programs.ecs.dashboard import Dashboard, WorkloadRow
from programs.ecs.express import ExpressInfrastructure
from programs.ecs.express_workload import ExpressDeployment
from programs.ecs.platform import Platform
from programs.ecs.workload import WorkloadDeployment
from programs.request import EcsEnvironment


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
    ordinary = {
        workload.name: WorkloadDeployment(workload.name, workload, platform, opts)
        for workload in request.workloads
        if workload.name not in express
    }
    if request.mesh.gateway and platform.app_mesh is not None and platform.balancer is not None:
        args = MeshGatewayArgs(platform, platform.app_mesh, platform.balancer, request.workloads)
        MeshGateway("gateway", args, opts)
    if request.observability.dashboard:
        rows = [
            WorkloadRow(name, one.service_metrics(), one.route_metrics()) for name, one in ordinary.items()
        ]
        Dashboard("dashboard", platform.scope, rows, opts)
    return Deployments(ordinary, express)
