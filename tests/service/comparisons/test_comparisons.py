"""The same application on both orchestrators, side by side."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from programs.request import EksEnvironment
from service.comparisons.application import InvalidApplicationError, adapt_application
from service.comparisons.model import demand_of
from service.comparisons.report import render_report
from service.recommendations.recommend import Verdict
from tests.service.comparisons.sides import APPLICATION, comparison


def test_sides_are_estimated_at_each_size() -> None:
    """Each side has its cost at the least, desired and largest size, and its resources by type."""
    result = comparison()
    assert result.ecs.estimate is not None
    assert result.eks.estimate is not None
    ecs, eks = result.ecs.estimate.total.in_cents(), result.eks.estimate.total.in_cents()
    assert (ecs.at_min, ecs.at_desired, ecs.at_max) == (
        Decimal("105.41"),
        Decimal("141.45"),
        Decimal("285.61"),
    )
    assert (eks.at_min, eks.at_desired, eks.at_max) == (
        Decimal("214.05"),
        Decimal("285.73"),
        Decimal("429.09"),
    )
    assert result.ecs.resources_by_type["aws:ecs/service:Service"] == 1
    assert result.eks.resources_by_type["aws:eks/nodeGroup:NodeGroup"] == 1


def test_comparison_is_the_same_every_time() -> None:
    """Equal applications, plans, prices and answers give an equal comparison and an equal page."""
    assert comparison() == comparison()
    assert render_report(comparison()) == render_report(comparison())


def test_components_are_not_counted_as_resources() -> None:
    """What only groups resources is in the graph, not in the counts."""
    result = comparison()
    assert not any(kind.startswith("berth:") for kind in result.ecs.resources_by_type)
    assert any(node.type == "berth:ecs:Workload" for node in result.ecs.graph.nodes)
    assert ("urn:web", "urn:web-service") in {(edge.parent, edge.child) for edge in result.ecs.graph.edges}


def test_duties_follow_the_plan() -> None:
    """Node images are a duty where there are nodes, instance images only where there are instances."""
    result = comparison()
    assert any("Node images" in duty.what for duty in result.eks.duties)
    assert not any("EC2 instances" in duty.what for duty in result.ecs.duties)


def test_cost_decides_with_the_answers() -> None:
    """Twice the cost and a team with little time for clusters make it ECS, with the figures as a reason."""
    recommendation = comparison().recommendation
    assert recommendation.verdict is Verdict.ECS
    assert recommendation.reasons[0].because == "141.45 USD a month on ECS, 285.73 USD on EKS"


def test_app_runner_stands_as_closed_and_express_as_its_successor() -> None:
    """What is closed to new customers is not offered; the smallest choice that is open is."""
    alternatives = {other.name: other for other in comparison().alternatives}
    assert not alternatives["AWS App Runner"].is_open
    assert "2026-04-30" in alternatives["AWS App Runner"].what
    assert alternatives["ECS Express Mode"].is_open


def _changed(**changes: object) -> dict[str, Any]:
    return {**APPLICATION, **changes}


def test_what_one_side_lacks_is_left_out_and_named() -> None:
    """Capacity belongs to ECS, delivery to EKS: each side leaves the other's out and says so."""
    ecs, eks = adapt_application(
        _changed(capacity={"fargate_spot": {"weight": 1}}, cluster={"delivery": "argo_rollouts"})
    )
    assert [(item.pointer, item.is_left_out) for item in ecs.unavailable] == [("/cluster/delivery", True)]
    assert [(item.pointer, item.is_left_out) for item in eks.unavailable] == [("/capacity", True)]
    assert ecs.request is not None
    assert eks.request is not None


def test_what_one_side_refuses_is_planned_without_and_counts_against_it() -> None:
    """Service Connect is ECS's: EKS has a plan and a price without it, and says what is missing."""
    ecs, eks = adapt_application(_changed(mesh={"kind": "service_connect"}))
    assert ecs.unavailable == ()
    assert eks.request is not None
    assert [(gap.pointer, gap.is_left_out, gap.is_refused) for gap in eks.unavailable] == [
        ("/mesh/kind", True, True)
    ]
    result = comparison(_changed(mesh={"kind": "service_connect"}))
    assert result.eks.estimate is not None
    assert "not available on EKS" in {reason.because for reason in result.recommendation.reasons}


def test_who_reaches_the_cluster_is_left_open() -> None:
    """Where production does not say who reaches the Kubernetes API, it is planned with a closed one."""
    _, eks = adapt_application(_changed(**{"class": "production"}))
    assert isinstance(eks.request, EksEnvironment)
    assert not eks.request.cluster.endpoint.public
    assert [(gap.pointer, gap.is_refused) for gap in eks.unavailable] == [
        ("/cluster/endpoint/public_cidrs", False)
    ]


def test_a_side_that_refuses_the_size_has_no_plan() -> None:
    """A workload without the size that was asked for would be another: its price would mislead."""
    workload = {**APPLICATION["workloads"][0], "cpu_units": 256, "memory_mib": 8192}
    ecs, eks = adapt_application(_changed(workloads=[workload]))
    assert ecs.request is None
    assert [gap.is_left_out for gap in ecs.unavailable] == [False]
    assert eks.request is not None


def test_what_both_refuse_is_a_wrong_application() -> None:
    """A mistake in the application itself is refused, with its place."""
    with pytest.raises(InvalidApplicationError) as refused:
        adapt_application(_changed(workloads=[{"name": "web", "image": "nginx", "cpus": 2}]))
    assert [field.pointer for field in refused.value.fields] == ["/workloads/0/cpus"]


def test_demand_is_that_of_the_desired_copies() -> None:
    """Two copies of one vCPU and two GB."""
    ecs, _ = adapt_application(APPLICATION)
    assert ecs.request is not None
    demand = demand_of(ecs.request)
    assert (demand.vcpus, demand.memory_gb) == (Decimal(2), Decimal(4))


def test_report_fetches_and_runs_nothing() -> None:
    """The page has no script, and no link but to sources that a person may follow."""
    page = render_report(comparison())
    assert "<script" not in page
    assert not re.search(r"""(src|@import|url\()\s*=?\s*["']?https?:""", page)
    assert page.count("<svg") == 3


def test_report_escapes_what_a_request_says() -> None:
    """Text of the request is text on the page, never markup."""
    hostile = replace(comparison(), name="<script>alert(1)</script>")
    page = render_report(hostile)
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
