"""The EKS cluster: control plane, its key and logs, its issuer, and the provider for what runs inside."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes

from programs.components.key import EncryptionKey
from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.eks.access import access_entries
from programs.eks.kubeconfig import ApiEndpoint, kubeconfig_json, read_endpoint
from programs.eks.roles import OidcIssuer, Role, RoleArgs, service_trust
from programs.planning import ownership
from programs.request.eks import EksCluster, UpgradePolicy

# https://docs.aws.amazon.com/eks/latest/userguide/auto-cluster-iam-role.html
_AUTO_MODE_POLICIES = (
    "AmazonEKSComputePolicy",
    "AmazonEKSBlockStoragePolicy",
    "AmazonEKSLoadBalancingPolicy",
    "AmazonEKSNetworkingPolicy",
)


@dataclass(frozen=True, slots=True)
class ClusterArgs:
    """What the request says of the cluster, and where it stands.

    `reader_role_arn` is let in to read everything: previews and drift detection look with it.
    """

    scope: Scope
    cluster: EksCluster
    placement: NetworkPlacement
    key: EncryptionKey
    node_role_arn: pulumi.Input[str]
    reader_role_arn: str | None


def cluster_name(scope: Scope) -> str:
    """Return the cluster's name in AWS."""
    return ownership.cluster_name(scope.team, scope.environment)


def control_plane_log_group(scope: Scope) -> str:
    """Return the log group that EKS writes the control plane's logs to; its name is EKS's choice."""
    return f"/aws/eks/{cluster_name(scope)}/cluster"


class Cluster(pulumi.ComponentResource):
    """A cluster without nodes: API authentication, encrypted secrets, logs that end, an issuer for IRSA."""

    name: str
    component: eks.Cluster
    endpoint: pulumi.Output[ApiEndpoint]
    issuer: OidcIssuer
    provider: kubernetes.Provider
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the cluster."""
        super().__init__("berth:eks:Cluster", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.name = cluster_name(args.scope)
        # EKS would make the group itself, without end or key, as soon as the first line is logged.
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=control_plane_log_group(args.scope),
            retention_in_days=args.scope.log_retention_days,
            kms_key_id=args.key.arn,
            tags=args.scope.tagged(self.name),
            opts=child,
        )
        role = self._make_role(name, args, child)
        self.component = self._make_cluster(name, args, role, [logs, *role.policies])
        config = pulumi.Output.unsecret(self.component.kubeconfig_json)
        self.endpoint = config.apply(read_endpoint)
        self.security_group_id = self.component.cluster_security_group_id
        self.issuer = self._make_issuer(name, args.scope, child)
        self.provider = self._make_provider(name, args)
        self.register_outputs({"name": self.name})

    def _make_role(self, name: str, args: ClusterArgs, child: pulumi.ResourceOptions) -> Role:
        has_auto_mode = args.cluster.auto_mode
        return Role(
            f"{name}-control-plane",
            RoleArgs(
                scope=args.scope,
                part="control-plane",
                description=f"What the control plane of {self.name} does in this account",
                trust=service_trust("eks.amazonaws.com", has_session_tags=has_auto_mode),
                managed_policies=("AmazonEKSClusterPolicy", *(_AUTO_MODE_POLICIES if has_auto_mode else ())),
            ),
            child,
        )

    def _make_cluster(
        self, name: str, args: ClusterArgs, role: Role, depends_on: list[pulumi.Resource]
    ) -> eks.Cluster:
        cluster, placement = args.cluster, args.placement
        return eks.Cluster(
            name,
            name=self.name,
            version=cluster.version,
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type=_support_type(cluster)),
            vpc_id=placement.vpc_id,
            public_subnet_ids=list(placement.public_subnet_ids),
            private_subnet_ids=list(placement.private_subnet_ids),
            endpoint_public_access=cluster.endpoint.public,
            endpoint_private_access=cluster.endpoint.private,
            public_access_cidrs=list(cluster.endpoint.public_cidrs) if cluster.endpoint.public else None,
            service_role=role.resource,
            encryption_config_key_arn=args.key.arn if cluster.encrypt_secrets else None,
            enabled_cluster_log_types=[log_type.value for log_type in cluster.log_types],
            authentication_mode=eks.AuthenticationMode.API,
            access_entries=access_entries(cluster.access, args.reader_role_arn, args.scope),
            auto_mode=_auto_mode(args),
            deletion_protection=cluster.deletion_protection and args.scope.is_protected,
            # Node groups, add-ons and the issuer are made by their own files, with roles of their own.
            skip_default_node_group=True,
            skip_default_security_groups=True,
            create_instance_role=False,
            create_oidc_provider=False,
            bootstrap_self_managed_addons=False,
            use_default_vpc_cni=True,
            coredns_addon_options=eks.CoreDnsAddonOptionsArgs(enabled=False),
            kube_proxy_addon_options=eks.KubeProxyAddonOptionsArgs(enabled=False),
            tags=args.scope.tagged(self.name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=depends_on),
        )

    def _make_issuer(self, name: str, scope: Scope, child: pulumi.ResourceOptions) -> OidcIssuer:
        address = self.component.oidc_issuer
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-issuer",
            url=pulumi.Output.concat("https://", address),
            client_id_lists=["sts.amazonaws.com"],
            tags=scope.tagged(self.name),
            opts=child,
        )
        return OidcIssuer(provider_arn=provider.arn, address=address)

    def _make_provider(self, name: str, args: ClusterArgs) -> kubernetes.Provider:
        config = self.endpoint.apply(
            lambda endpoint: kubeconfig_json(endpoint, cluster_name=self.name, region=args.scope.region)
        )
        return kubernetes.Provider(
            f"{name}-inside",
            kubernetes.ProviderArgs(kubeconfig=config, enable_server_side_apply=True),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[self.component]),
        )


def _support_type(cluster: EksCluster) -> str:
    return "EXTENDED" if cluster.upgrade_policy is UpgradePolicy.EXTENDED else "STANDARD"


def _auto_mode(args: ClusterArgs) -> eks.AutoModeOptionsArgs | None:
    if not args.cluster.auto_mode:
        return None
    compute = eks.ClusterComputeConfigArgs(
        node_pools=["general-purpose", "system"], node_role_arn=args.node_role_arn
    )
    return eks.AutoModeOptionsArgs(enabled=True, compute_config=compute, create_node_role=False)
