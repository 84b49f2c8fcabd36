"""Advice on a request, with its saving and the change that makes it."""

from decimal import Decimal
from typing import Any, cast

from programs.request import parse_request
from service.costs.spread import to_cents
from service.environments.merge_patch import merge_patch
from service.pricing.load import read_table
from service.recommendations.rightsizing import Advice, advise
from service.state.json_values import JsonObject
from tests.service.costs.plans import ecs_request, workload


def _advice(document: dict[str, Any]) -> dict[str, Advice]:
    found = advise(parse_request(document), document, read_table("us-east-1"))
    return {advice.code: advice for advice in found}


def _applied(document: dict[str, Any], advice: Advice) -> dict[str, Advice]:
    """Return what is advised after the advice's own change."""
    changed = merge_patch(document, cast("JsonObject", advice.merge_patch))
    assert isinstance(changed, dict)
    return _advice(changed)


def test_gateway_in_each_zone_is_too_many_for_a_short_life() -> None:
    """Two zones in class ephemeral: one gateway less saves its hours and its address."""
    document = ecs_request(**{"class": "ephemeral"}, network={"nat_gateways": "one_per_az"})
    advice = _advice(document)["nat_gateway_per_zone"]
    assert to_cents(advice.saving_usd_per_month) == Decimal("36.50")  # 32.85 + 3.65
    assert advice.pointer == "/network/nat_gateways"
    assert "nat_gateway_per_zone" not in _applied(document, advice)


def test_production_keeps_its_gateways() -> None:
    """What production needs to outlive a zone is not advised away."""
    assert "nat_gateway_per_zone" not in _advice(ecs_request(**{"class": "production"}))


def test_size_just_above_another_names_the_smaller_one() -> None:
    """8 GB with one vCPU is just above 7 GB: a seventh less memory for two copies."""
    document = ecs_request(
        workloads=[
            workload("web", cpu_units=1024, memory_mib=8192, replicas={"min": 2, "desired": 2, "max": 2})
        ]
    )
    advice = _advice(document)["fargate_size_just_above"]
    assert to_cents(advice.saving_usd_per_month) == Decimal("6.49")  # 2 x 1 GB x 730 h x 0.004445
    assert advice.merge_patch["workloads"] == [{**document["workloads"][0], "memory_mib": 7168}]


def test_size_far_above_the_next_is_left_alone() -> None:
    """Half the memory is no rounding error: nobody is advised to take it."""
    document = ecs_request(workloads=[workload("web", cpu_units=256, memory_mib=1024)])
    assert "fargate_size_just_above" not in _advice(document)


def test_workers_can_run_on_spot() -> None:
    """Three workers beyond a base of one: two of them on Spot."""
    document = ecs_request(workloads=[workload("jobs", replicas={"min": 3, "desired": 3, "max": 3})])
    advice = _advice(document)["workers_on_spot"]
    one = Decimal("9.010025") - (Decimal("0.01288871") / 4 + Decimal("0.00141527") / 2) * 730
    assert advice.saving_usd_per_month == one * 2
    assert "workers_on_spot" not in _applied(document, advice)


def test_service_that_is_called_stays_on_demand() -> None:
    """A workload with a port is not advised onto capacity that can be taken away."""
    document = ecs_request(workloads=[workload("web", ports=[{"port": 80}])])
    assert "workers_on_spot" not in _advice(document)


def test_endpoints_beside_a_gateway_cost_more_than_they_save() -> None:
    """Three interface endpoints in two zones cost 43.80 USD and keep 30 GB from the gateway: 1.05 USD."""
    endpoints = ["ecr.api", "ecr.dkr", "logs", "s3"]
    document = ecs_request(network={"endpoints": endpoints})
    advice = _advice(document)["interface_endpoints_beside_nat"]
    assert to_cents(advice.saving_usd_per_month) == Decimal("42.75")
    assert advice.merge_patch == {"network": {"endpoints": ["s3"]}}


def test_largest_saving_stands_first() -> None:
    """Advice is sorted by what it saves."""
    document = ecs_request(
        network={"nat_gateways": "one_per_az", "endpoints": ["ecr.api", "ecr.dkr", "logs"]}
    )
    savings = [
        advice.saving_usd_per_month
        for advice in advise(parse_request(document), document, read_table("us-east-1"))
    ]
    assert len(savings) > 1
    assert savings == sorted(savings, reverse=True)
