"""The tags that controllers give to what they make in AWS: their own, and those they were told to give."""

import json

from sandbox.cloud.kubernetes.clusters import Cluster
from sandbox.cloud.kubernetes.helm import releases_in
from sandbox.cloud.kubernetes.tables import chart_of
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, is_properties, object_of, text_of

_ADDON = "aws:eks/addon:Addon"
_NODE_CLASS = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
_ANNOTATION = "alb.ingress.kubernetes.io/tags"


def balancer_tags(inventory: Inventory, cluster: Cluster, record: Record) -> Properties:
    """Tags of load balancers, their groups and targets: of the chart's values and of the object itself."""
    told = object_of(_chart_values(inventory, cluster, "load_balancer"), "defaultTags")
    annotations = object_of(object_of(record.outputs, "metadata"), "annotations")
    pairs = (pair.partition("=") for pair in text_of(annotations, _ANNOTATION).split(",") if pair)
    asked: Properties = {key: value for key, _, value in pairs}
    key = "eks:eks-cluster-name" if cluster.has_auto_mode else "elbv2.k8s.aws/cluster"
    return {**told, **asked, key: _name(cluster)}


def volume_tags(inventory: Inventory, cluster: Cluster) -> Properties:
    """Tags of the EBS driver's volumes: of the add-on's configuration."""
    if cluster.has_auto_mode:
        return {"eks:eks-cluster-name": _name(cluster)}
    told: Properties = {}
    for addon in inventory.of_type(_ADDON):
        named = addon.outputs.get("clusterName") == _name(cluster)
        if named and addon.outputs.get("addonName") == "aws-ebs-csi-driver":
            values: object = json.loads(text_of(addon.outputs, "configurationValues") or "{}")
            if is_properties(values):
                told = object_of(object_of(values, "controller"), "extraVolumeTags")
    owned = f"kubernetes.io/cluster/{_name(cluster)}"
    return {**told, "ebs.csi.aws.com/cluster": "true", "KubernetesCluster": _name(cluster), owned: "owned"}


def node_tags(inventory: Inventory, cluster: Cluster, record: Record) -> Properties:
    """Tags of Karpenter's nodes: of their pool's node class."""
    spec = object_of(object_of(object_of(record.outputs, "spec"), "template"), "spec")
    wanted = text_of(object_of(spec, "nodeClassRef"), "name")
    classes = inventory.in_scope_of_type(cluster.scope, _NODE_CLASS)
    told = next((item for item in classes if item.id.rpartition("/")[2] == wanted), None)
    return {
        **(object_of(object_of(told.outputs, "spec"), "tags") if told else {}),
        f"kubernetes.io/cluster/{_name(cluster)}": "owned",
        "eks:eks-cluster-name": _name(cluster),
        "karpenter.sh/nodepool": record.id.rpartition("/")[2],
    }


def _chart_values(inventory: Inventory, cluster: Cluster, controller: str) -> Properties:
    for release in releases_in(inventory, cluster.host):
        if chart_of(text_of(release.outputs, "chart")).controller == controller:
            return object_of(release.outputs, "values")
    return {}


def _name(cluster: Cluster) -> str:
    return cluster.record.id if cluster.record else ""
