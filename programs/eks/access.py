"""Who may use the cluster, as EKS access entries."""

from collections.abc import Iterable

import pulumi_aws as aws
import pulumi_eks as eks

from programs.components.scope import Scope
from programs.request.eks_access import AccessEntry, AccessPolicy

# https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
_POLICY_NAMES = {
    AccessPolicy.CLUSTER_ADMIN: "AmazonEKSClusterAdminPolicy",
    AccessPolicy.ADMIN: "AmazonEKSAdminPolicy",
    AccessPolicy.EDIT: "AmazonEKSEditPolicy",
    AccessPolicy.VIEW: "AmazonEKSViewPolicy",
}


def access_entries(entries: Iterable[AccessEntry], scope: Scope) -> dict[str, eks.AccessEntryArgs]:
    """Return the entries by a name that stays when others come or go: the principal's."""
    return {_entry_name(entry): _entry(entry, scope) for entry in entries}


def _entry_name(entry: AccessEntry) -> str:
    return "-".join(entry.principal_arn.split(":")[4:]).replace("/", "-")


def _entry(entry: AccessEntry, scope: Scope) -> eks.AccessEntryArgs:
    return eks.AccessEntryArgs(
        principal_arn=entry.principal_arn,
        username=entry.username,
        kubernetes_groups=list(entry.groups) or None,
        access_policies=_associations(entry, scope),
        tags=dict(scope.tags),
    )


def _associations(entry: AccessEntry, scope: Scope) -> dict[str, eks.AccessPolicyAssociationArgs] | None:
    if entry.policy is None:
        return None
    access_scope = aws.eks.AccessPolicyAssociationAccessScopeArgs(
        type="namespace" if entry.namespaces else "cluster", namespaces=list(entry.namespaces) or None
    )
    policy_arn = f"arn:{scope.partition}:eks::aws:cluster-access-policy/{_POLICY_NAMES[entry.policy]}"
    return {
        entry.policy.value: eks.AccessPolicyAssociationArgs(policy_arn=policy_arn, access_scope=access_scope)
    }
