"""What everything inside the cluster is made with: its name, its provider, its issuer."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from programs.components.scope import Scope
from programs.eks.roles import OidcIssuer


@dataclass(frozen=True, slots=True)
class Platform:
    """A cluster that is there, as the parts inside it see it.

    `foundation` is what must stand before anything can run: nodes and the add-ons pods need.
    """

    scope: Scope
    cluster_name: str
    cluster: pulumi.Resource
    provider: kubernetes.Provider
    issuer: OidcIssuer
    foundation: tuple[pulumi.Resource, ...] = ()

    def inside(
        self, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> pulumi.ResourceOptions:
        """Return options for what ends with the cluster: when that goes, nobody deletes it one by one."""
        return pulumi.ResourceOptions(
            parent=parent,
            provider=self.provider,
            deleted_with=self.cluster,
            depends_on=[*self.foundation, *depends_on],
        )

    def reaching_out(
        self, parent: pulumi.Resource, depends_on: Sequence[pulumi.Resource] = ()
    ) -> pulumi.ResourceOptions:
        """Return options for what makes things outside the cluster (load balancers, volumes, nodes).

        These are deleted, and waited for, while the controllers that clean up after them still run.
        """
        return pulumi.ResourceOptions(
            parent=parent, provider=self.provider, depends_on=[*self.foundation, *depends_on]
        )
