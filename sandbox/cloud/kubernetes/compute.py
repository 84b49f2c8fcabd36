"""Whether a cluster has anything that pods can run on."""

from sandbox.cloud.kubernetes.clusters import Cluster
from sandbox.cloud.kubernetes.manifests import Kind
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, object_of, objects_of

_RUNNING = frozenset({"Deployment", "StatefulSet", "Pod", "Job"})
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_PROFILE = "aws:eks/fargateProfile:FargateProfile"
_SELF_MANAGED = "aws:autoscaling/group:Group"
_NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool"
_NO_NODES = "0/0 nodes are available: no nodes available to schedule pods"


def unschedulable(
    inventory: Inventory, cluster: Cluster, kind: Kind, namespace: str, manifest: Properties
) -> str | None:
    """Why the pods of a workload cannot run; None where they can, or where the kind has no pods."""
    if kind.name not in _RUNNING or cluster.record is None or cluster.has_auto_mode:
        return None
    if object_of(manifest, "spec").get("replicas") == 0:
        return None
    name = cluster.record.id
    if any(_belongs(group, name) for group in inventory.of_type(_NODE_GROUP)):
        return None
    if inventory.of_type(_SELF_MANAGED) or inventory.in_scope_of_type(cluster.scope, _NODE_POOL):
        return None
    profiles = [item for item in inventory.of_type(_PROFILE) if _belongs(item, name)]
    if any(_selects(profile, namespace) for profile in profiles):
        return None
    return f"Minimum number of live Pods was not attained: {_NO_NODES}"


def _belongs(record: Record, cluster_name: str) -> bool:
    return record.outputs.get("clusterName") == cluster_name


def _selects(profile: Record, namespace: str) -> bool:
    selectors = objects_of(profile.outputs, "selectors")
    return any(selector.get("namespace") in (namespace, "*") for selector in selectors)
