"""How rollouts are watched, without a plan around them."""

from typing import Any, cast

import pytest

from programs.eks.analysis import analysis_metrics, measures_of
from programs.eks.argo_rollouts import circuit_breaking, rollout_strategy
from programs.eks.flagger import canary_analysis
from programs.request.observability import AlarmThresholds
from programs.request.rollout import CircuitBreaker
from programs.request.workload import Workload
from tests.programs.eks.scopes import SCOPE

_ALARMS = ["http_5xx", "latency_p95", "unhealthy_hosts"]


def _workload(**rollout: object) -> Workload:
    document = {"name": "web", "image": "nginx:1", "ports": [{"port": 80}], "public": {}, "rollout": rollout}
    return Workload.model_validate(document)


def test_a_rollback_alarm_rings_above_its_threshold_and_not_at_it() -> None:
    """Argo and Flagger draw the line where alarms on ECS do: GreaterThanThreshold, and no unhealthy host."""
    workload = _workload(strategy="blue_green", rollback_alarms=_ALARMS)
    measures = measures_of(workload, AlarmThresholds(), SCOPE)
    argo = [str(one["successCondition"]) for one in analysis_metrics(workload, measures)]
    flagger = cast("list[dict[str, Any]]", canary_analysis(workload, measures)["metrics"])
    assert [condition.rpartition(" || ")[2] for condition in argo] == [
        "result[0].Values[0] <= 10",
        "result[0].Values[0] <= 1",
        "result[0].Values[0] <= 0",
    ]
    assert [one["thresholdRange"] for one in flagger] == [{"max": 10}, {"max": 1.0}, {"max": 0}]


@pytest.mark.parametrize("strategy", ["canary", "linear"])
def test_argo_watches_as_long_as_weights_shift(strategy: str) -> None:
    """Without a count an analysis in the background ends with the steps, however long they are."""
    workload = _workload(strategy=strategy, rollback_alarms=_ALARMS)
    for metric in analysis_metrics(workload, measures_of(workload, AlarmThresholds(), SCOPE)):
        assert metric["interval"] == "1m"
        assert "count" not in metric


@pytest.mark.parametrize(("bake_minutes", "watched"), [(0, 3), (5, 5), (60, 60)])
def test_argo_watches_a_switch_as_long_as_both_versions_stay(bake_minutes: int, watched: int) -> None:
    """A switch is watched for the bake time, a few minutes at least; meanwhile the way back is open."""
    workload = _workload(strategy="blue_green", bake_minutes=bake_minutes, rollback_alarms=_ALARMS)
    metrics = analysis_metrics(workload, measures_of(workload, AlarmThresholds(), SCOPE))
    assert {metric["count"] for metric in metrics} == {watched}
    switch = cast("dict[str, Any]", rollout_strategy(workload)["blueGreen"])
    assert switch["scaleDownDelaySeconds"] == watched * 60


@pytest.mark.parametrize(
    ("breaker", "deadline", "aborts"),
    [
        ({}, 600, True),
        ({"rollback": False}, 600, False),
        ({"enabled": False}, 2**31 - 1, False),
    ],
)
def test_argo_gives_a_rollout_up_as_the_circuit_breaker_says(
    breaker: dict[str, bool], deadline: int, *, aborts: bool
) -> None:
    """Copies that do not come up bring the old version back, or only fail the rollout, or do neither."""
    given = circuit_breaking(CircuitBreaker.model_validate(breaker))
    assert given == {"progressDeadlineSeconds": deadline, "progressDeadlineAbort": aborts}
