"""What an environment's dashboard on EKS draws."""

import json
from typing import Any

from tests.programs.eks.plans import plan_of
from tests.programs.eks.variants import api, request, web
from tests.programs.recording import Recording, plan

_DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


def _widgets(recording: Recording) -> list[dict[str, Any]]:
    (board,) = recording.of_type(_DASHBOARD)
    return json.loads(str(board.inputs["dashboardBody"]))["widgets"]


def test_every_workload_has_its_row() -> None:
    """With an agent, all workloads show their load, and public ones requests and answer times as well."""
    widgets = _widgets(plan_of("telemetry by agent, dashboard"))
    drawn = [(one["y"], one["x"], one["properties"]["title"]) for one in widgets]
    assert drawn == [
        (0, 0, "web: load"),
        (0, 8, "web: requests"),
        (0, 16, "web: answer time"),
        (6, 0, "api: load"),
    ]


def test_a_graph_searches_within_the_environment() -> None:
    """Searches name the environment's own load balancer or cluster, so that no neighbour is counted."""
    for widget in _widgets(plan_of("telemetry by agent, dashboard")):
        for (line,) in widget["properties"]["metrics"]:
            about = "LoadBalancer=app/storefront-shop" in line["expression"]
            assert about or 'ClusterName="storefront-shop"' in line["expression"]


def test_without_an_agent_only_the_load_balancer_is_drawn() -> None:
    """Rows of workloads that nothing measures are left out."""
    widgets = _widgets(plan(request(api(), web(), observability={"dashboard": True})))
    assert [one["properties"]["title"] for one in widgets] == ["web: requests", "web: answer time"]
    assert {one["y"] for one in widgets} == {0}


def test_nobody_gets_a_dashboard_unasked() -> None:
    """A request that says nothing of a dashboard has none."""
    assert plan(request()).of_type(_DASHBOARD) == []
