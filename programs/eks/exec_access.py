"""Who may open a shell in a workload's pods: members of the group `berth-exec`, in that namespace alone."""

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import PolicyRuleArgs, Role, RoleBinding, RoleRefArgs, SubjectArgs

from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.request.workload import Workload

EXEC_GROUP = "berth-exec"
"""The group that an access entry names to let somebody in (`cluster.access[].groups`)."""


class ExecAccess(pulumi.ComponentResource):
    """A role that finds pods and opens shells in them, and its binding to the group."""

    def __init__(
        self,
        name: str,
        workload: Workload,
        platform: Platform,
        namespace: pulumi.Resource,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the role and the binding."""
        super().__init__("berth:eks:ExecAccess", name, None, opts)
        metadata = ObjectMetaArgs(
            name="exec", namespace=namespace_of(workload.name), labels=object_labels(platform.scope, workload)
        )
        inside = platform.inside(self, [namespace])
        Role(
            f"{name}-role",
            metadata=metadata,
            rules=[
                PolicyRuleArgs(api_groups=[""], resources=["pods"], verbs=["get", "list"]),
                PolicyRuleArgs(api_groups=[""], resources=["pods/exec"], verbs=["create"]),
            ],
            opts=inside,
        )
        RoleBinding(
            f"{name}-binding",
            metadata=metadata,
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="Role", name="exec"),
            subjects=[SubjectArgs(api_group="rbac.authorization.k8s.io", kind="Group", name=EXEC_GROUP)],
            opts=inside,
        )
        self.register_outputs({})
