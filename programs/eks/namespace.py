"""The namespace that each workload has for itself: confined, bounded, closed to others."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import Namespace as KubernetesNamespace
from pulumi_kubernetes.core.v1 import ResourceQuota, ResourceQuotaSpecArgs
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import NetworkPolicy, NetworkPolicySpecArgs

from programs.eks.naming import namespace_of, object_labels
from programs.eks.platform import Platform
from programs.eks.pod_security import NAMESPACE_LABELS
from programs.eks.resources import cpu
from programs.request.eks import NamespaceQuota
from programs.request.workload import Workload

READINESS_GATE_LABEL = {"elbv2.k8s.aws/pod-readiness-gate-inject": "enabled"}
"""A pod is ready when the load balancer finds it so: no request is lost while versions change."""


@dataclass(frozen=True, slots=True)
class NamespaceArgs:
    """Whose namespace it is, the most its pods may ask for, and labels that a mesh looks for."""

    platform: Platform
    workload: Workload
    quota: NamespaceQuota | None
    extra_labels: tuple[tuple[str, str], ...] = ()


class Namespace(pulumi.ComponentResource):
    """A namespace under Pod Security `restricted`, with its quota, that admits no traffic by itself."""

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make the namespace, its quota and its first network policy."""
        super().__init__("berth:eks:Namespace", name, None, opts)
        self.name = namespace_of(args.workload.name)
        platform, workload = args.platform, args.workload
        labels = {**object_labels(platform.scope, workload), **NAMESPACE_LABELS}
        if workload.public is not None:
            labels |= READINESS_GATE_LABEL
        self.resource = KubernetesNamespace(
            f"{name}-namespace",
            metadata=ObjectMetaArgs(name=self.name, labels={**labels, **dict(args.extra_labels)}),
            opts=platform.inside(self),
        )
        NetworkPolicy(
            f"{name}-closed",
            metadata=ObjectMetaArgs(
                name="closed", namespace=self.name, labels=object_labels(platform.scope, workload)
            ),
            spec=NetworkPolicySpecArgs(pod_selector=LabelSelectorArgs(), policy_types=["Ingress"]),
            opts=platform.inside(self, [self.resource]),
        )
        if args.quota is not None:
            self._make_quota(name, args, args.quota)
        self.register_outputs({"name": self.name})

    def _make_quota(self, name: str, args: NamespaceArgs, quota: NamespaceQuota) -> None:
        memory = f"{quota.memory_mib}Mi"
        ResourceQuota(
            f"{name}-quota",
            metadata=ObjectMetaArgs(
                name="quota", namespace=self.name, labels=object_labels(args.platform.scope, args.workload)
            ),
            spec=ResourceQuotaSpecArgs(
                hard={
                    "requests.cpu": cpu(quota.cpu_units),
                    "requests.memory": memory,
                    "limits.memory": memory,
                    "pods": str(quota.pods),
                }
            ),
            opts=args.platform.inside(self, [self.resource]),
        )
