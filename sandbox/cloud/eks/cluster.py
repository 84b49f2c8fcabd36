"""The component `eks:index:Cluster`: the control plane and all that comes with it."""

import asyncio
from dataclasses import dataclass

from sandbox.cloud.construct.monitor import Child, Options
from sandbox.cloud.eks.access import access_entries, config_map
from sandbox.cloud.eks.addons import default_addon, network_addon
from sandbox.cloud.eks.arguments import all_subnets, check_arguments, control_plane_inputs
from sandbox.cloud.eks.fargate import fargate_profile
from sandbox.cloud.eks.kubeconfig import kubeconfig_of
from sandbox.cloud.eks.parts import Making, as_json, is_enabled
from sandbox.cloud.eks.roles import ServiceRole, service_role
from sandbox.cloud.eks.security_groups import NodeGroups, cluster_group, node_group
from sandbox.cloud.wire.values import UNKNOWN, Properties, Value, object_of, objects_of, text_of

_AUTO_MODE_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)
_FIXED_AT_CREATION = ("accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons")
_KUBERNETES_VERSION = "4.19.0"


@dataclass(frozen=True, slots=True)
class _Foundation:
    """What stands before the control plane: roles (None where the program brings its own) and its group."""

    role: ServiceRole | None
    node_role: ServiceRole | None
    group: Child | None


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What stands beside the control plane."""

    kubernetes: Child
    nodes: NodeGroups | None
    fargate: Child | None


async def make_cluster(making: Making) -> Properties:
    """Make a cluster's children and return the component's outputs."""
    check_arguments(making.arguments)
    foundation = await _foundation(making)
    cluster = await _control_plane(making, foundation)
    kubeconfig = kubeconfig_of(cluster.outputs, object_of(making.arguments, "providerCredentialOpts"))
    kubernetes = await making.monitor.custom(
        "pulumi:providers:kubernetes",
        f"{making.name}-eks-k8s",
        {
            "kubeconfig": as_json(kubeconfig),
            "enableConfigMapMutable": making.arguments.get("enableConfigMapMutable"),
        },
        Options(making.component, version=_KUBERNETES_VERSION, depends_on=(cluster,)),
    )
    nodes, fargate, _, _ = await asyncio.gather(
        _nodes(making, cluster, foundation.group),
        _fargate(making, cluster),
        _kube_proxy(making, cluster),
        _access(making, cluster, kubernetes),
    )
    return _outputs(making, cluster, foundation, _Surroundings(kubernetes, nodes, fargate), kubeconfig)


async def _foundation(making: Making) -> _Foundation:
    arguments = making.arguments
    is_auto = is_enabled(arguments, "autoMode")
    skips_groups = arguments.get("skipDefaultSecurityGroups", is_auto)
    role, node_role, group = await asyncio.gather(
        _cluster_role(making, is_auto=is_auto),
        _auto_mode_role(making, is_auto=is_auto),
        _nothing() if skips_groups or arguments.get("clusterSecurityGroup") else cluster_group(making),
    )
    return _Foundation(role, node_role, group)


async def _nothing() -> None:
    return None


async def _cluster_role(making: Making, *, is_auto: bool) -> ServiceRole | None:
    if making.arguments.get("serviceRole") is not None:
        return None
    return await service_role(
        making,
        f"{making.name}-eksRole",
        "eks.amazonaws.com",
        ("AmazonEKSClusterPolicy", *(_AUTO_MODE_POLICIES if is_auto else ())),
        description="Allows EKS to manage clusters on your behalf.",
        actions=("sts:AssumeRole", "sts:TagSession"),
    )


async def _auto_mode_role(making: Making, *, is_auto: bool) -> ServiceRole | None:
    if not is_auto or object_of(making.arguments, "autoMode").get("createNodeRole") is False:
        return None
    policies = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")
    return await service_role(making, f"{making.name}-nodeRole", "ec2.amazonaws.com", policies)


async def _control_plane(making: Making, foundation: _Foundation) -> Child:
    role, node_role = foundation.role, foundation.node_role
    given = making.arguments.get("serviceRole")
    inputs = control_plane_inputs(
        making,
        role_arn=role.role["arn"] if role else await making.property_of(given, "arn"),
        group_id=foundation.group.id if foundation.group else await _given_group(making),
        node_role_arn=node_role.role["arn"] if node_role else None,
    )
    attachments = [*(role.attachments if role else ()), *(node_role.attachments if node_role else ())]
    groups = [foundation.group] if foundation.group else []
    options = making.options(*attachments, *groups, ignore_changes=_FIXED_AT_CREATION)
    name = f"{making.name}-eksCluster"
    return await making.monitor.custom("aws:eks/cluster:Cluster", name, inputs, options)


async def _given_group(making: Making) -> Value:
    given = making.arguments.get("clusterSecurityGroup")
    return await making.property_of(given, "id") if given is not None else None


async def _nodes(making: Making, cluster: Child, group: Child | None) -> NodeGroups | None:
    return await node_group(making, cluster, group) if group is not None else None


async def _fargate(making: Making, cluster: Child) -> Child | None:
    """The Fargate profile, and coredns, which needs somewhere to run first."""
    profile = await fargate_profile(making, cluster) if making.arguments.get("fargate") else None
    options = object_of(making.arguments, "corednsAddonOptions")
    wanted = options.get("enabled") is True or options.get("configurationValues") is not None
    is_auto = is_enabled(making.arguments, "autoMode")
    possible = profile is not None or is_auto or making.arguments.get("skipDefaultNodeGroup") is not True
    if wanted or (possible and options.get("enabled", True) is not False):
        configured = object_of(options, "configurationValues")
        values: Properties = {"computeType": "Fargate", **configured} if profile else configured
        settings: Properties = {**options, "configurationValues": values or None}
        await default_addon(making, cluster, "coredns", settings, *([profile] if profile else []))
    return profile


async def _kube_proxy(making: Making, cluster: Child) -> None:
    options = object_of(making.arguments, "kubeProxyAddonOptions")
    if options.get("enabled", not is_enabled(making.arguments, "autoMode")) is True:
        await default_addon(making, cluster, "kube-proxy", options)


async def _access(making: Making, cluster: Child, kubernetes: Child) -> None:
    """Who may use the cluster, and the network add-on, which waits for that."""
    entries = await access_entries(making, cluster)
    map_ = await config_map(making, kubernetes)
    arguments = making.arguments
    uses_default = arguments.get("useDefaultVpcCni", is_enabled(arguments, "autoMode"))
    if uses_default is not True:
        await network_addon(making, cluster, *entries, *([map_] if map_ else []))


def _outputs(
    making: Making, cluster: Child, foundation: _Foundation, beside: _Surroundings, kubeconfig: Value
) -> Properties:
    arguments, nodes, fargate = making.arguments, beside.nodes, beside.fargate
    issuer = _issuer(cluster)
    group_id = object_of(cluster.outputs, "vpcConfig").get("clusterSecurityGroupId", UNKNOWN)
    core: Properties = {
        "cluster": cluster.reference,
        "endpoint": cluster["endpoint"],
        "vpcId": arguments.get("vpcId"),
        "subnetIds": all_subnets(arguments),
        "publicSubnetIds": arguments.get("publicSubnetIds"),
        "privateSubnetIds": arguments.get("privateSubnetIds"),
        "provider": beside.kubernetes.reference,
        "instanceRoles": [],
        "nodeGroupOptions": object_of(arguments, "nodeGroupOptions"),
        "kubeconfig": kubeconfig,
        "clusterSecurityGroup": foundation.group.reference if foundation.group else None,
        "clusterIamRole": foundation.role.role.reference if foundation.role else arguments.get("serviceRole"),
        "fargateProfile": fargate.reference if fargate else None,
        "tags": arguments.get("tags"),
    }
    outputs: Properties = {
        "core": {name: value for name, value in core.items() if value is not None},
        "eksCluster": cluster.reference,
        "kubeconfig": kubeconfig,
        "kubeconfigJson": as_json(kubeconfig),
        "instanceRoles": [],
        "clusterSecurityGroup": core["clusterSecurityGroup"],
        "clusterSecurityGroupId": foundation.group.id if foundation.group else group_id,
        "nodeSecurityGroup": nodes.group.reference if nodes else None,
        "nodeSecurityGroupId": nodes.group.id if nodes else group_id,
        "eksClusterIngressRule": nodes.cluster_ingress.reference if nodes else None,
        "clusterIngressRuleId": nodes.cluster_ingress.id if nodes else "",
        "defaultNodeGroupAsgName": "",
        "fargateProfileId": fargate.id if fargate else "",
        "fargateProfileStatus": fargate["status"] if fargate else "",
        "oidcProviderArn": "",
        "oidcProviderUrl": issuer,
        "oidcIssuer": issuer.removeprefix("https://") if isinstance(issuer, str) else issuer,
        "autoModeNodeRoleName": foundation.node_role.role["name"] if foundation.node_role else "",
    }
    return {name: value for name, value in outputs.items() if value is not None}


def _issuer(cluster: Child) -> Value:
    identities = cluster["identities"]
    if identities is UNKNOWN or not isinstance(identities, list):
        return UNKNOWN
    issuers = [
        text_of(oidc, "issuer")
        for identity in objects_of(cluster.outputs, "identities")
        for oidc in objects_of(identity, "oidcs")
    ]
    return issuers[0] if issuers else UNKNOWN
