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


def access_entries(
    entries: Iterable[AccessEntry], reader_role_arn: str | None, scope: Scope
) -> dict[str, eks.AccessEntryArgs]:
    """Return the entries by a name that stays when others come or go: the principal's.

    The role that Berth looks with may see everything in the cluster, unless the request says otherwise of it.
    """
    asked = {_entry_name(entry.principal_arn): _entry(entry, scope) for entry in entries}
    if reader_role_arn is None:
        return asked
    return {_entry_name(reader_role_arn): _reader(reader_role_arn, scope), **asked}


def _entry_name(principal_arn: str) -> str:
    return "-".join(principal_arn.split(":")[4:]).replace("/", "-")


def _reader(role_arn: str, scope: Scope) -> eks.AccessEntryArgs:
    whole_cluster = aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster")
    # Of the policies that change nothing only this one reads Secrets, where Helm keeps what it released.
    association = eks.AccessPolicyAssociationArgs(
        policy_arn=_policy_arn("AmazonEKSAdminViewPolicy", scope), access_scope=whole_cluster
    )
    return eks.AccessEntryArgs(
        principal_arn=role_arn, access_policies={"admin-view": association}, tags=dict(scope.tags)
    )


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
    policy_arn = _policy_arn(_POLICY_NAMES[entry.policy], scope)
    return {
        entry.policy.value: eks.AccessPolicyAssociationArgs(policy_arn=policy_arn, access_scope=access_scope)
    }


def _policy_arn(name: str, scope: Scope) -> str:
    return f"arn:{scope.partition}:eks::aws:cluster-access-policy/{name}"
