"""An environment on Amazon EKS, from top to bottom."""

import dataclasses

import pulumi

from programs.components.environment_scope import make_scope
from programs.components.key import EncryptionKey, EncryptionKeyArgs
from programs.components.placement import SubnetTags, place_network
from programs.components.provider import make_provider
from programs.components.repositories import make_repositories
from programs.components.scope import Scope
from programs.eks.addon_plan import is_autoscaled, plan_addons
from programs.eks.addons import Addons
from programs.eks.app_mesh import namespace_labels
from programs.eks.balancer import make_balancer_entrance
from programs.eks.cluster import Cluster, ClusterArgs, control_plane_log_group
from programs.eks.controllers import Controllers, ControllersArgs
from programs.eks.dashboard import Dashboard
from programs.eks.naming import reachable_hosts
from programs.eks.nodes import (
    FargateProfiles,
    FargateProfilesArgs,
    ManagedNodes,
    ManagedNodesArgs,
    make_node_role,
)
from programs.eks.outputs import export_outputs
from programs.eks.platform import Platform
from programs.eks.workload import Surroundings, WorkloadDeployment
from programs.facts import Facts
from programs.planning.load_balancer_blocks import balancer_blocks
from programs.planning.peers import callers_of
from programs.request import EksEnvironment
from programs.request.mesh import MeshKind

_SUBNET_TAGS = SubnetTags(
    public=(("kubernetes.io/role/elb", "1"),), private=(("kubernetes.io/role/internal-elb", "1"),)
)
"""By which controllers find the subnets for Services of people's own, where nobody names any."""


def deploy_eks_environment(request: EksEnvironment, facts: Facts) -> None:
    """Make everything the request asks for; equal requests and facts make equal resources."""
    scope = make_scope(request, facts)
    opts = pulumi.ResourceOptions(provider=make_provider(facts, dict(scope.tags)))

    control_plane_logs = (control_plane_log_group(scope),)
    key = EncryptionKey(
        "key", EncryptionKeyArgs(scope, "Logs, images and secrets", (), control_plane_logs), opts
    )
    placement = place_network(request.network, facts, scope, key, opts, _SUBNET_TAGS)
    make_repositories(request.registry, scope, key, opts)

    node_role = make_node_role(scope, opts, has_auto_mode=request.cluster.auto_mode)
    cluster = Cluster(
        "cluster",
        ClusterArgs(scope, request.cluster, placement, key, node_role.arn, facts.reader_role_arn),
        opts,
    )
    bare = Platform(scope, cluster.name, cluster.component, cluster.provider, cluster.issuer)
    addons = plan_addons(request, scope.tags)
    first = Addons(
        "first-addons", [one for one in addons if one.before_compute], cluster.component, bare, opts
    )
    groups = [
        ManagedNodes(
            group_name,
            ManagedNodesArgs(
                scope=scope,
                cluster_name=cluster.name,
                group_name=group_name,
                group=group,
                placement=placement,
                node_role=node_role,
                is_autoscaled=is_autoscaled(request),
                depends_on=[cluster.component, *first.installed],
            ),
            opts,
        )
        for group_name, group in request.cluster.node_groups.items()
    ]
    compute: list[pulumi.Resource] = [group.node_group for group in groups]
    if request.cluster.fargate_profiles:
        args = FargateProfilesArgs(
            scope, cluster.name, request.cluster.fargate_profiles, placement, cluster.component
        )
        compute += FargateProfiles("fargate", args, opts).profiles
    platform = dataclasses.replace(bare, foundation=(*first.installed, *compute))
    later = Addons(
        "addons", [one for one in addons if not one.before_compute], cluster.component, platform, opts
    )

    platform = dataclasses.replace(platform, foundation=(*platform.foundation, *later.installed))
    controllers = Controllers(
        "controllers",
        ControllersArgs(request, platform, placement, key, node_role, cluster.security_group_id),
        opts,
    )
    entrance = make_balancer_entrance(request, scope, placement, opts)
    around = Surroundings(
        request=request,
        platform=platform,
        key=key,
        entrance=entrance,
        hosts=reachable_hosts(request),
        callers=callers_of(request),
        balancer_blocks=balancer_blocks(request, facts),
        controllers=controllers.ready,
        namespace_labels=_namespace_labels(request, scope),
    )
    deployments = {
        workload.name: WorkloadDeployment(workload.name, workload, around, opts)
        for workload in request.workloads
    }
    if request.observability.dashboard:
        Dashboard("dashboard", request, scope, opts)
    export_outputs(request, scope, cluster, node_role, entrance, deployments)


def _namespace_labels(request: EksEnvironment, scope: Scope) -> tuple[tuple[str, str], ...]:
    return namespace_labels(scope) if request.mesh.kind is MeshKind.APP_MESH else ()
