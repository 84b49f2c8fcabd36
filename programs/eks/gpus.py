"""NVIDIA's device plugin, which tells Kubernetes of the GPUs that a node has.

Bottlerocket's NVIDIA variants and Auto Mode bring it; AL2023 does not.
"""

from collections.abc import Iterator

import pulumi
from pulumi_kubernetes.helm.v3 import Release

from programs.eks.charts import NVIDIA_DEVICE_PLUGIN, Installation, install
from programs.eks.platform import Platform
from programs.request.eks import EksCluster
from programs.request.rules.nodes import GPU_TAINT_KEY, buys_gpus, lacks_device_plugin

_Expression = dict[str, object]


def make_device_plugin(platform: Platform, cluster: EksCluster, parent: pulumi.Resource) -> Release | None:
    """Run the plugin on the nodes that need it; None where there are none."""
    nodes = list(plugin_nodes(cluster))
    if not nodes:
        return None
    terms = [{"matchExpressions": [expression]} for expression in nodes]
    required = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return install(
        "nvidia-device-plugin",
        Installation(
            chart=NVIDIA_DEVICE_PLUGIN,
            release="nvidia-device-plugin",
            namespace="kube-system",
            values={
                # In place of the chart's own affinity, which looks for labels that nobody sets here.
                "affinity": {"nodeAffinity": required},
                "tolerations": [{"key": GPU_TAINT_KEY, "operator": "Exists"}],
            },
        ),
        platform,
        parent,
    )


def plugin_nodes(cluster: EksCluster) -> Iterator[_Expression]:
    """Return the nodes with NVIDIA GPUs on AL2023, as expressions that Kubernetes finds them by."""
    groups = [name for name, group in sorted(cluster.node_groups.items()) if lacks_device_plugin(group)]
    if groups:
        yield {"key": "eks.amazonaws.com/nodegroup", "operator": "In", "values": groups}
    if buys_gpus(cluster):
        # https://karpenter.sh/docs/concepts/scheduling/#well-known-labels
        yield {"key": "karpenter.k8s.aws/instance-gpu-manufacturer", "operator": "In", "values": ["nvidia"]}
