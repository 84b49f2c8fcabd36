"""Capacity of ECS: shares that add up, and instances that fit the workloads."""

from collections.abc import Iterator

from programs.planning.instances import has_gpu, is_arm64
from programs.request.ecs import Capacity, Ec2Capacity
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape
from programs.request.strict import is_default
from programs.request.workload import Architecture


def capacity_problems(request: EcsShape) -> Iterator[Problem]:
    """Weights that are all zero, Spot that stands beside EC2 alone, instances that no workload fits."""
    capacity = request.capacity
    if capacity.fargate_weight + capacity.fargate_spot_weight + capacity.ec2_weight == 0:
        yield Problem(
            ("capacity",),
            "no weight is above 0, so nothing could run; write for instance `fargate: {weight: 100}`",
        )
    if capacity.fargate_spot_weight and capacity.ec2_weight and not capacity.fargate_weight:
        yield Problem(
            ("capacity", "fargate_spot"),
            "Fargate Spot cannot stand beside EC2 alone; give `fargate` a weight, or write `ec2: {spot: "
            "true}`",
        )
    if capacity.fargate is not None and capacity.fargate.base and _is_on_instances_alone(capacity):
        yield Problem(
            ("capacity", "fargate", "base"),
            "no copy runs on Fargate, which has no weight here; give `fargate` a weight, or leave it out",
        )
    if capacity.ec2 is not None:
        yield from _instance_problems(capacity.ec2)
        yield from _architecture_problems(request, capacity.ec2)
    yield from _gpu_problems(request)
    yield from _scratch_problems(request)


def _is_on_instances_alone(capacity: Capacity) -> bool:
    """A base belongs to a strategy, and Fargate without a weight has none beside the instances'."""
    return bool(capacity.ec2_weight) and not capacity.runs_on_fargate


def _instance_problems(ec2: Ec2Capacity) -> Iterator[Problem]:
    if ec2.min > ec2.max:
        yield Problem(("capacity", "ec2", "max"), f"below `min` ({ec2.min}); write min <= max")
    for number, instance_type in enumerate(ec2.instance_types):
        place = ("capacity", "ec2", "instance_types", number)
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html: no GPU image for arm64.
        if ec2.gpu and (is_arm64(instance_type) or not has_gpu(instance_type)):
            yield Problem(
                place,
                f"{instance_type} has no GPU that an x86_64 image drives; write one such as g5.xlarge, or "
                f"`gpu: false`",
            )
        if is_arm64(instance_type) != is_arm64(ec2.instance_types[0]):
            yield Problem(
                place,
                f"{instance_type} has another processor than {ec2.instance_types[0]}; "
                "write types of one processor",
            )


def _architecture_problems(request: EcsShape, ec2: Ec2Capacity) -> Iterator[Problem]:
    if ec2.weight == 0:
        return
    offered = Architecture.ARM64 if is_arm64(ec2.instance_types[0]) else Architecture.X86_64
    for index, workload in enumerate(request.workloads):
        if workload.architecture is not offered:
            yield Problem(
                ("workloads", index, "architecture"),
                f"`capacity.ec2` has {offered} instances; write `{offered}`, or other `instance_types`",
            )


def _gpu_problems(request: EcsShape) -> Iterator[Problem]:
    capacity = request.capacity
    offers_gpu = capacity.ec2 is not None and capacity.ec2.gpu and capacity.ec2.weight > 0
    for index, workload in enumerate(request.workloads):
        if workload.gpus and (capacity.runs_on_fargate or not offers_gpu):
            yield Problem(
                ("workloads", index, "gpus"),
                "only EC2 instances have GPUs; write `capacity: {ec2: {weight: 100, gpu: true, "
                "instance_types: [g5.xlarge]}}` without Fargate",
            )


def _scratch_problems(request: EcsShape) -> Iterator[Problem]:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html: Fargate alone."""
    if request.capacity.ec2_weight == 0:
        return
    for index, workload in enumerate(request.workloads):
        if not is_default(workload, "ephemeral_storage_gib"):
            yield Problem(
                ("workloads", index, "ephemeral_storage_gib"),
                "tasks on instances share the instances' disk; leave it out, and write `capacity: {ec2: "
                "{disk_gib: ...}}`",
            )
