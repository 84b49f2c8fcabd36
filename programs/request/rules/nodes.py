"""Nodes of EKS: somewhere for every pod to run, and images that fit the instance types."""

from collections.abc import Iterator

from programs.planning.instances import GPU_SERIES, has_gpu, is_arm64
from programs.request.eks import Autoscaler, EksCluster
from programs.request.eks_nodes import NodeGroup, TaintEffect
from programs.request.rules.problem import Place, Problem
from programs.request.shape import EksShape
from programs.request.workload import Architecture, Workload

GPU_TAINT_KEY = "nvidia.com/gpu"
"""The taint that GPU nodes usually bear; pods that ask for GPUs tolerate it."""


def node_problems(request: EksShape) -> Iterator[Problem]:
    """Clusters without nodes, autoscalers without work, AMIs that do not fit, pods without a node."""
    cluster = request.cluster
    if not (cluster.node_groups or cluster.fargate_profiles or cluster.auto_mode):
        yield Problem(
            ("cluster", "node_groups"),
            "empty, so nothing could run; write a node group, a `fargate_profiles` entry or `auto_mode: "
            "true`",
        )
    if cluster.auto_mode and cluster.autoscaler is not Autoscaler.NONE:
        yield Problem(("cluster", "autoscaler"), "Auto Mode brings its own; write `autoscaler: none`")
    if cluster.autoscaler is Autoscaler.CLUSTER_AUTOSCALER and not cluster.node_groups:
        yield Problem(
            ("cluster", "autoscaler"), "scales node groups, and there are none; write one, or karpenter"
        )
    for name, group in cluster.node_groups.items():
        yield from _group_problems(group, ("cluster", "node_groups", name))
    for index, workload in enumerate(request.workloads):
        yield from _placement_problems(workload, request, ("workloads", index))


def _group_problems(group: NodeGroup, place: Place) -> Iterator[Problem]:
    first = group.instance_types[0]
    for number, instance_type in enumerate(group.instance_types):
        if is_arm64(instance_type) != is_arm64(first):
            yield Problem(
                (*place, "instance_types", number),
                f"{instance_type} has another processor than {first}; write types of one processor",
            )
    if group.ami_type is None:
        return
    if ("ARM_64" in group.ami_type) != is_arm64(first):
        instead = "ARM_64" if is_arm64(first) else "x86_64"
        yield Problem(
            (*place, "ami_type"), f"does not fit the processor of {first}; write one with {instead}"
        )
    if "NVIDIA" in group.ami_type and not all(
        has_gpu(instance_type) for instance_type in group.instance_types
    ):
        yield Problem(
            (*place, "instance_types"), f"{group.ami_type} needs GPU instances; write such as g5.xlarge"
        )


def architecture_of(group: NodeGroup) -> Architecture:
    """The processor of a node group's instances."""
    return Architecture.ARM64 if is_arm64(group.instance_types[0]) else Architecture.X86_64


def runs_on_fargate(workload: Workload, request: EksShape) -> bool:
    """Whether a Fargate profile takes the workload's pods: its namespace is the workload's name."""
    return any(
        selector.namespace == workload.name and not selector.labels
        for profile in request.cluster.fargate_profiles.values()
        for selector in profile.selectors
    )


def _placement_problems(workload: Workload, request: EksShape, place: Place) -> Iterator[Problem]:
    cluster = request.cluster
    finds_its_own = cluster.auto_mode or cluster.autoscaler is Autoscaler.KARPENTER
    if runs_on_fargate(workload, request):
        if workload.architecture is Architecture.ARM64 or workload.gpus:
            yield Problem(place, "EKS runs x86_64 without GPUs on Fargate; drop its Fargate profile")
        return
    if workload.gpus:
        if not (buys_gpus(cluster) or any(_offers_gpus(group) for group in cluster.node_groups.values())):
            yield Problem(
                (*place, "gpus"),
                "no node group has GPUs and an image with their driver; write one with `instance_types: "
                "[g5.xlarge]` and without `ami_type`",
            )
        return
    fitting = [
        group
        for group in cluster.node_groups.values()
        if architecture_of(group) is workload.architecture and _admits_anybody(group)
    ]
    if not fitting and not finds_its_own:
        yield Problem(
            (*place, "architecture"),
            f"no untainted node group has {workload.architecture} nodes; add one, a Fargate profile for the "
            f"namespace `{workload.name}`, or `autoscaler: karpenter`",
        )


def buys_gpus(cluster: EksCluster) -> bool:
    """Whether Karpenter may buy nodes with GPUs: their families are among those it chooses from.

    Its pool is of generations above 4, whose GPUs are all NVIDIA's, and it picks the image that fits them.
    """
    is_asked = cluster.autoscaler is Autoscaler.KARPENTER
    return is_asked and not GPU_SERIES.isdisjoint(cluster.karpenter.instance_categories)


def lacks_device_plugin(group: NodeGroup) -> bool:
    """Whether a group's image has NVIDIA's driver, but not the plugin that offers GPUs to pods: AL2023's.

    https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
    """
    if group.ami_type is None:
        return has_gpu(group.instance_types[0])
    return group.ami_type.startswith("AL2023") and group.ami_type.endswith("NVIDIA")


def _offers_gpus(group: NodeGroup) -> bool:
    has_driver = group.ami_type is None or group.ami_type.endswith("NVIDIA")
    return has_driver and has_gpu(group.instance_types[0])


def _admits_anybody(group: NodeGroup) -> bool:
    return all(taint.effect is TaintEffect.PREFER_NO_SCHEDULE for taint in group.taints)
