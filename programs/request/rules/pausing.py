"""What cannot be brought down to no copies at all, and so not be paused."""

from collections.abc import Iterator

from programs.request.eks import Delivery
from programs.request.rules.problem import Problem
from programs.request.shape import EcsShape, EksShape

EXPRESS = "an ECS Express Mode service keeps one task at least"
FLAGGER = "Flagger keeps copies of its own of each workload"


def pausing_obstacle(request: EcsShape | EksShape) -> str | None:
    """Return why an environment of this request cannot be paused; None where it can.

    Express Mode's least task count is 1 (Amazon ECS API, ExpressGatewayScalingTarget); Flagger's primary
    Deployment follows its own copy of the autoscaler (https://docs.flagger.app/usage/how-it-works).
    """
    if isinstance(request, EcsShape):
        has_express = request.cluster.express and bool(request.public_workloads)
        return EXPRESS if has_express else None
    return FLAGGER if request.cluster.delivery is Delivery.FLAGGER else None


def pausing_problems(request: EcsShape | EksShape) -> Iterator[Problem]:
    """Working hours of an environment that cannot be paused."""
    obstacle = pausing_obstacle(request)
    if request.working_hours is not None and obstacle is not None:
        yield Problem(("working_hours",), f"{obstacle}: it cannot be paused; leave working_hours out")
