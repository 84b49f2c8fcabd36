"""Rollouts: settings that belong to the strategy asked for, and steps that rise."""

from collections.abc import Iterator
from itertools import pairwise

from programs.request.rollout import MEASURED_OF_COPIES, Rollout, RolloutStrategy
from programs.request.rules.problem import Place, Problem
from programs.request.shape import SharedShape
from programs.request.strict import is_default
from programs.request.workload import Workload

SETTINGS_OF_STRATEGY = {
    RolloutStrategy.ROLLING: frozenset[str](),
    RolloutStrategy.BLUE_GREEN: frozenset({"bake_minutes", "hooks", "stable_image"}),
    RolloutStrategy.CANARY: frozenset(
        {"bake_minutes", "hooks", "canary_percent", "canary_bake_minutes", "steps", "stable_image"}
    ),
    RolloutStrategy.LINEAR: frozenset({"bake_minutes", "hooks", "linear_percent", "linear_bake_minutes"}),
}
"""The settings that mean something under each strategy; the rest hold under all."""

_SPECIFIC = frozenset[str]().union(*SETTINGS_OF_STRATEGY.values())


def shared_rollout_problems(request: SharedShape) -> Iterator[Problem]:
    """Rollout settings that would be ignored, steps that fall, percentages that leave nothing running."""
    for index, workload in enumerate(request.workloads):
        place: Place = ("workloads", index, "rollout")
        yield from _ignored_settings(workload.rollout, place)
        yield from _step_problems(workload.rollout, place)
        yield from _unmeasured_alarms(workload, (*place, "rollback_alarms"))
        rolling = workload.rollout.strategy is RolloutStrategy.ROLLING
        if rolling:
            yield from room_problems(workload.rollout, place)
        if rolling and workload.public is not None and workload.public.test_port is not None:
            yield Problem(
                ("workloads", index, "public", "test_port"),
                "a rolling rollout has no version to test; write `strategy: blue_green`, or leave it out",
            )


def room_problems(rollout: Rollout, place: Place) -> Iterator[Problem]:
    """Bounds between which no copy can be replaced, where copies are replaced bit by bit."""
    if rollout.minimum_healthy_percent == rollout.maximum_percent:
        yield Problem(
            (*place, "maximum_percent"),
            "leaves no room to replace a copy; write a `maximum_percent` above `minimum_healthy_percent`",
        )


def _ignored_settings(rollout: Rollout, place: Place) -> Iterator[Problem]:
    for name in sorted(_SPECIFIC - SETTINGS_OF_STRATEGY[rollout.strategy]):
        if not is_default(rollout, name):
            fitting = [s.value for s, names in SETTINGS_OF_STRATEGY.items() if name in names]
            yield Problem(
                (*place, name),
                f"means nothing under `{rollout.strategy}`; write `strategy: {' or '.join(fitting)}`, or "
                f"leave it out",
            )


def _step_problems(rollout: Rollout, place: Place) -> Iterator[Problem]:
    if not rollout.steps:
        return
    weights = [step.weight for step in rollout.steps]
    for number, (before, after) in enumerate(pairwise(weights), start=1):
        if after <= before:
            yield Problem(
                (*place, "steps", number, "weight"),
                f"{after} does not rise above {before}; write rising weights",
            )
    for name in ("canary_percent", "canary_bake_minutes"):
        if not is_default(rollout, name):
            yield Problem((*place, name), "`steps` take its place, with a `pause` each; leave one out")


def _unmeasured_alarms(workload: Workload, place: Place) -> Iterator[Problem]:
    if workload.public is not None:
        return
    for number, alarm in enumerate(workload.rollout.rollback_alarms):
        if alarm not in MEASURED_OF_COPIES:
            yield Problem(
                (*place, number),
                f"only the load balancer measures `{alarm}`; write `public: {{}}`, or alarms of "
                f"{' and '.join(f'`{one}`' for one in MEASURED_OF_COPIES)}",
            )
