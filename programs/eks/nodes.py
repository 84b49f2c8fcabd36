"""Nodes: the role they run as, managed node groups, Fargate profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from programs.components.network import NetworkPlacement
from programs.components.scope import Scope
from programs.eks.node_plan import ami_type, root_device_name
from programs.eks.roles import Role, RoleArgs, service_trust
from programs.planning.names import EKS_NODE_GROUP_LIMIT, bounded
from programs.request.eks_nodes import FargateProfile, NodeCapacityType, NodeGroup

# https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html
_NODE_POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly")
_AUTO_NODE_POLICIES = ("AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly")


def make_node_role(scope: Scope, opts: pulumi.ResourceOptions, *, has_auto_mode: bool) -> Role:
    """Make the role that nodes run as: join the cluster and pull images, nothing else.

    Neither network nor volumes are among its rights: vpc-cni and the CSI drivers have roles of their own.
    """
    return Role(
        "node",
        RoleArgs(
            scope=scope,
            part="node",
            description=f"What nodes of {scope.prefix} may do",
            trust=service_trust("ec2.amazonaws.com"),
            managed_policies=_AUTO_NODE_POLICIES if has_auto_mode else _NODE_POLICIES,
        ),
        opts,
    )


@dataclass(frozen=True, slots=True)
class ManagedNodesArgs:
    """One node group; with `is_autoscaled` the number of nodes is the autoscaler's."""

    scope: Scope
    cluster_name: str
    group_name: str
    group: NodeGroup
    placement: NetworkPlacement
    node_role: Role
    is_autoscaled: bool
    depends_on: Sequence[pulumi.Resource] = ()


class ManagedNodes(pulumi.ComponentResource):
    """A managed node group with a launch template: IMDSv2 alone, encrypted disk.

    pulumi_eks' own ManagedNodeGroup takes neither update configuration nor node repair, so the group is
    made with pulumi_aws.
    """

    node_group: aws.eks.NodeGroup

    def __init__(self, name: str, args: ManagedNodesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the launch template and the group."""
        super().__init__("berth:eks:ManagedNodes", name, None, opts)
        template = self._make_template(name, args)
        group, physical_name = args.group, bounded(args.group_name, EKS_NODE_GROUP_LIMIT)
        self.node_group = aws.eks.NodeGroup(
            f"{name}-nodes",
            cluster_name=args.cluster_name,
            node_group_name=physical_name,
            node_role_arn=args.node_role.arn,
            subnet_ids=list(args.placement.private_subnet_ids),
            ami_type=ami_type(group),
            capacity_type="SPOT" if group.capacity_type is NodeCapacityType.SPOT else "ON_DEMAND",
            instance_types=list(group.instance_types),
            scaling_config=aws.eks.NodeGroupScalingConfigArgs(
                min_size=group.min, desired_size=group.desired, max_size=group.max
            ),
            update_config=aws.eks.NodeGroupUpdateConfigArgs(
                max_unavailable_percentage=group.max_unavailable_percent
            ),
            node_repair_config=aws.eks.NodeGroupNodeRepairConfigArgs(enabled=group.node_repair),
            launch_template=aws.eks.NodeGroupLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            labels=dict(group.labels),
            taints=[
                aws.eks.NodeGroupTaintArgs(key=taint.key, value=taint.value, effect=taint.effect.value)
                for taint in group.taints
            ],
            tags=args.scope.tagged(physical_name),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[*args.node_role.policies, *args.depends_on],
                ignore_changes=["scalingConfig.desiredSize"] if args.is_autoscaled else None,
            ),
        )
        self.register_outputs({})

    def _make_template(self, name: str, args: ManagedNodesArgs) -> aws.ec2.LaunchTemplate:
        physical_name = args.scope.name(f"{args.group_name}-nodes")
        tags = args.scope.tagged(physical_name)
        return aws.ec2.LaunchTemplate(
            f"{name}-template",
            name=physical_name,
            update_default_version=True,
            metadata_options=aws.ec2.LaunchTemplateMetadataOptionsArgs(
                http_endpoint="enabled",
                http_tokens="required",
                # Pods get credentials by IRSA or Pod Identity; one hop keeps them from the node's own.
                http_put_response_hop_limit=1,
            ),
            block_device_mappings=[
                aws.ec2.LaunchTemplateBlockDeviceMappingArgs(
                    device_name=root_device_name(args.group),
                    ebs=aws.ec2.LaunchTemplateBlockDeviceMappingEbsArgs(
                        volume_size=args.group.disk_gib,
                        volume_type="gp3",
                        encrypted="true",
                        delete_on_termination="true",
                    ),
                )
            ],
            tag_specifications=[
                aws.ec2.LaunchTemplateTagSpecificationArgs(resource_type=kind, tags=tags)
                for kind in ("instance", "volume", "network-interface")
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )


@dataclass(frozen=True, slots=True)
class FargateProfilesArgs:
    """The Fargate profiles of a cluster, by name."""

    scope: Scope
    cluster_name: str
    profiles: Mapping[str, FargateProfile]
    placement: NetworkPlacement
    cluster: pulumi.Resource


class FargateProfiles(pulumi.ComponentResource):
    """Pods that run on Fargate, and the role that starts them."""

    def __init__(
        self, name: str, args: FargateProfilesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        """Make the pods' execution role and each profile."""
        super().__init__("berth:eks:FargateProfiles", name, None, opts)
        scope, child = args.scope, pulumi.ResourceOptions(parent=self)
        role = Role(
            f"{name}-pods",
            RoleArgs(
                scope=scope,
                part="fargate-pods",
                description=f"Starts pods of {scope.prefix} on Fargate",
                trust=service_trust("eks-fargate-pods.amazonaws.com"),
                managed_policies=("AmazonEKSFargatePodExecutionRolePolicy",),
            ),
            child,
        )
        self.profiles = [
            self._make_profile(name, profile_name, profile, args, role)
            for profile_name, profile in args.profiles.items()
        ]
        self.register_outputs({})

    def _make_profile(
        self, name: str, profile_name: str, profile: FargateProfile, args: FargateProfilesArgs, role: Role
    ) -> aws.eks.FargateProfile:
        return aws.eks.FargateProfile(
            f"{name}-{profile_name}",
            cluster_name=args.cluster_name,
            fargate_profile_name=profile_name,
            pod_execution_role_arn=role.arn,
            subnet_ids=list(args.placement.private_subnet_ids),
            selectors=[
                aws.eks.FargateProfileSelectorArgs(
                    namespace=selector.namespace, labels=dict(selector.labels) or None
                )
                for selector in profile.selectors
            ],
            tags=args.scope.tagged(profile_name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[args.cluster, *role.policies]),
        )
