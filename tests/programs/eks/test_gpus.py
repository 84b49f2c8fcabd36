"""Who tells Kubernetes of GPUs: NVIDIA's plugin, on the nodes that bring none of their own."""

from typing import Any, cast

import pytest

from tests.programs.eks.plans import Document
from tests.programs.eks.variants import IMAGE, request
from tests.programs.recording import plan

_GROUP = "eks.amazonaws.com/nodegroup"
_KARPENTER = "karpenter.k8s.aws/instance-gpu-manufacturer"


def _cluster(ami_type: str | None = None, **settings: object) -> Document:
    group = {"instance_types": ["g5.xlarge"], "taints": [{"key": "nvidia.com/gpu"}]}
    image = {} if ami_type is None else {"ami_type": ami_type}
    return request(cluster={"node_groups": {"general": {}, "gpu": {**group, **image}}, **settings})


def _plugins(document: Document) -> list[dict[str, Any]]:
    releases = plan(document).of_type("kubernetes:helm.sh/v3:Release")
    found = [one.inputs for one in releases if one.inputs["chart"] == "nvidia-device-plugin"]
    return [cast("dict[str, Any]", inputs["values"]) for inputs in found]


def _places(values: dict[str, Any]) -> dict[str, list[str]]:
    affinity = values["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    expressions = [one for term in affinity["nodeSelectorTerms"] for one in term["matchExpressions"]]
    return {one["key"]: one["values"] for one in expressions}


def test_al2023_nodes_with_gpus_get_the_plugin() -> None:
    """It runs on the groups that need it alone, and past the taint that keeps other pods off them."""
    (values,) = _plugins(_cluster())
    assert _places(values) == {_GROUP: ["gpu"]}
    assert values["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists"}]


@pytest.mark.parametrize(
    "document",
    [request(), request(cluster={"autoscaler": "karpenter"}), _cluster("BOTTLEROCKET_x86_64_NVIDIA")],
    ids=["no GPUs", "Karpenter without GPUs", "Bottlerocket, which has its own"],
)
def test_other_nodes_do_not(document: Document) -> None:
    """Nothing is installed where nothing needs it."""
    assert not _plugins(document)


def test_karpenters_nodes_get_it_where_it_may_buy_gpus() -> None:
    """A workload with GPUs needs no node group then."""
    karpenter = {"autoscaler": "karpenter", "karpenter": {"instance_categories": ["m", "g"]}}
    train = {"name": "train", "image": IMAGE, "gpus": 1}
    (values,) = _plugins(request(train, cluster=karpenter))
    assert _places(values) == {_KARPENTER: ["nvidia"]}
