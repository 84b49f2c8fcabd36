"""Rolling bounds on ECS: percentages that, of so few copies, leave no room to replace one."""

from collections.abc import Iterable, Iterator

from programs.planning.shares import is_one_service, split_count
from programs.request.rollout import Rollout, RolloutStrategy
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape
from programs.request.workload import Workload

_PERCENT = 100


def rolling_room_problems(request: EcsShape) -> Iterator[Problem]:
    """Workloads that roll, and whose least number of copies never could.

    ECS rounds the fewest up and the most down:
    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
    """
    for index, workload in enumerate(request.workloads):
        rollout = workload.rollout
        # Bounds that are equal leave no room whatever the number, on EKS either: another rule says so.
        is_judged = rollout.minimum_healthy_percent < rollout.maximum_percent
        if rollout.strategy is not RolloutStrategy.ROLLING or not is_judged:
            continue
        stuck = [count for count in _counts(workload, request) if not _has_room(rollout, count)]
        if stuck:
            yield Problem(
                ("workloads", index, "rollout", "maximum_percent"),
                f"with a service of {min(stuck)}, no copy may stop and none may start beside the rest; "
                f"write `maximum_percent: 200`, or a lower `minimum_healthy_percent`",
            )


def _has_room(rollout: Rollout, count: int) -> bool:
    most = rollout.maximum_percent * count // _PERCENT
    fewest = -(-rollout.minimum_healthy_percent * count // _PERCENT)
    return most > fewest


def _counts(workload: Workload, request: EcsShape) -> Iterable[int]:
    """Return how many copies each service has at its beginning, and at its least where it scales."""
    replicas = workload.replicas
    whole = {replicas.desired} if workload.scaling is None else {replicas.desired, replicas.min}
    fargate = request.capacity.fargate_weight + request.capacity.fargate_spot_weight
    ec2 = request.capacity.ec2_weight
    if fargate and ec2 and not is_one_service(workload, request.mesh.kind):
        main, second = max(fargate, ec2), min(fargate, ec2)
        whole = {part for count in whole for part in split_count(count, main, second)}
    return whole - {0}
