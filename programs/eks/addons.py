"""EKS add-ons, each with a role of its own where it calls AWS."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_eks as eks
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.storage.v1 import StorageClass

from programs.eks.addon_plan import AddonPlan
from programs.eks.platform import Platform
from programs.eks.roles import Role, RoleArgs, ServiceAccount, service_account_trust
from programs.request.eks_addons import AddonName


@dataclass(frozen=True, slots=True)
class AddonRole:
    """The service account an add-on runs as, and AWS's policy for it."""

    service_account: ServiceAccount
    managed_policy: str


# The add-ons' pages under https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
ADDON_ROLES = {
    AddonName.VPC_CNI: AddonRole(ServiceAccount("kube-system", "aws-node"), "AmazonEKS_CNI_Policy"),
    AddonName.EBS_CSI_DRIVER: AddonRole(
        ServiceAccount("kube-system", "ebs-csi-controller-sa"), "service-role/AmazonEBSCSIDriverPolicy"
    ),
    AddonName.EFS_CSI_DRIVER: AddonRole(
        ServiceAccount("kube-system", "efs-csi-controller-sa"), "service-role/AmazonEFSCSIDriverPolicy"
    ),
}


class Addons(pulumi.ComponentResource):
    """The add-ons of one moment: those before the first node, or those after."""

    def __init__(
        self,
        name: str,
        plans: Iterable[AddonPlan],
        cluster: eks.Cluster,
        platform: Platform,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Install each add-on, with its role."""
        super().__init__("berth:eks:Addons", name, None, opts)
        self.installed = [self._install(plan, cluster, platform) for plan in plans]
        self.register_outputs({})

    def _install(self, plan: AddonPlan, cluster: eks.Cluster, platform: Platform) -> eks.Addon:
        role = self._make_role(plan, platform)
        policies: Sequence[pulumi.Resource] = role.policies if role is not None else ()
        return eks.Addon(
            plan.name.value,
            cluster=cluster,
            addon_name=plan.name.value,
            addon_version=plan.version,
            configuration_values=dict(plan.values) or None,
            service_account_role_arn=role.arn if role is not None else None,
            resolve_conflicts_on_create=eks.ResolveConflictsOnCreate.OVERWRITE,
            resolve_conflicts_on_update=eks.ResolveConflictsOnUpdate.OVERWRITE,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[*platform.foundation, *policies]),
        )

    def _make_role(self, plan: AddonPlan, platform: Platform) -> Role | None:
        wanted = ADDON_ROLES.get(plan.name)
        if wanted is None:
            return None
        return Role(
            f"{plan.name.value}-addon",
            RoleArgs(
                scope=platform.scope,
                part=f"{plan.name.value}-addon",
                description=f"What the add-on {plan.name.value} of {platform.cluster_name} does in this "
                f"account",
                trust=service_account_trust(platform.issuer, wanted.service_account),
                managed_policies=(wanted.managed_policy,),
            ),
            pulumi.ResourceOptions(parent=self),
        )


def make_default_storage_class(
    platform: Platform, parent: pulumi.Resource, *, has_auto_mode: bool
) -> StorageClass:
    """Make gp3, encrypted, the storage class of claims that name none."""
    return StorageClass(
        "gp3",
        metadata=ObjectMetaArgs(
            name="gp3", annotations={"storageclass.kubernetes.io/is-default-class": "true"}
        ),
        provisioner="ebs.csi.eks.amazonaws.com" if has_auto_mode else "ebs.csi.aws.com",
        parameters={"type": "gp3", "encrypted": "true"},
        volume_binding_mode="WaitForFirstConsumer",
        allow_volume_expansion=True,
        reclaim_policy="Delete",
        opts=platform.inside(parent),
    )
