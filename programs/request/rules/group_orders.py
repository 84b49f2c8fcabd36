"""Priorities that keep their order on EKS, whose controller has fewer places for rules than AWS has."""

from collections.abc import Iterator

from programs.planning.group_order import GROUP_ORDERS, MAX_PRIORITY, group_order
from programs.request.rules.problem import Problem
from programs.request.shape import EksShape

_SURE_DISTANCE = MAX_PRIORITY // GROUP_ORDERS + 1


def group_order_problems(request: EksShape) -> Iterator[Problem]:
    """Different priorities that become one place, where the controller orders by name."""
    taken: dict[int, tuple[int, str]] = {}
    for index, workload in enumerate(request.workloads):
        priority = workload.public.priority if workload.public is not None else None
        if priority is None:
            continue
        other, name = taken.setdefault(group_order(priority), (priority, workload.name))
        if other != priority:
            yield Problem(
                ("workloads", index, "public", "priority"),
                f"{priority} and {other} of workload `{name}` are one of the {GROUP_ORDERS} places that the "
                f"controller has; write one {_SURE_DISTANCE} apart",
            )
