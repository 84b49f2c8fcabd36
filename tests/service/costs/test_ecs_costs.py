"""What ECS environments cost."""

from decimal import Decimal

import pytest

from service.costs.estimate import estimate_plan
from service.costs.model import Component, Kind
from service.costs.planned import PlannedResource
from service.costs.spread import Spread
from service.pricing.load import read_table
from tests.service.costs.plans import ecs_request, plan_of, plan_of_example, service, workload

TABLE = read_table("us-east-1")


def _compute(resources: list[PlannedResource]) -> Spread:
    return estimate_plan(resources, TABLE).by_component()[Component.COMPUTE]


def test_fargate_task_costs_its_vcpus_and_memory() -> None:
    """A task of 0.25 vCPU and 0.5 GB for 730 hours: 182.5 x 0.04048 + 365 x 0.004445."""
    assert _compute(service()) == Spread.same(Decimal("9.010025"))


def test_smallest_environment_is_priced_line_by_line() -> None:
    """The minimal example's fixed lines are its task, load balancer, NAT gateway, addresses, key and zone."""
    estimate = estimate_plan(plan_of_example("minimal.ecs.yaml"), TABLE)
    fixed = {(line.resource_name, line.what) for line in estimate.lines if line.kind is Kind.FIXED}
    assert fixed == {
        ("entrance-balancer", "2 public IPv4 addresses"),
        ("entrance-balancer", "application load balancer"),
        ("key-key", "KMS key"),
        ("names-dns", "hosted zone"),
        ("network-nat-1", "NAT gateway"),
        ("network-nat-1-address", "public IPv4 address"),
        ("web-service", "Fargate memory"),
        ("web-service", "Fargate vCPU"),
    }


def test_autoscaled_service_has_a_range() -> None:
    """The autoscaler's bounds make the range, the desired count the figure between."""
    request = ecs_request(
        workloads=[workload("web", replicas={"min": 1, "desired": 2, "max": 5}, scaling={"cpu_percent": 70})]
    )
    one = Decimal("9.010025")
    assert _compute(plan_of(request)) == Spread(one, one * 2, one * 5)


def test_fargate_spot_takes_its_share_beyond_the_base() -> None:
    """Base tasks are on demand; the rest is split by weight."""
    request = ecs_request(
        capacity={"fargate": {"base": 1, "weight": 50}, "fargate_spot": {"weight": 50}},
        workloads=[workload("web", replicas={"min": 3, "desired": 3, "max": 3})],
    )
    lines = {line.what: line.quantity.at_desired for line in estimate_plan(plan_of(request), TABLE).lines}
    assert lines["Fargate vCPU"] == Decimal(2) * 730 / 4
    assert lines["Fargate Spot vCPU"] == Decimal(1) * 730 / 4


def test_arm_tasks_have_arm_prices() -> None:
    """The task definition's architecture picks the price."""
    request = ecs_request(workloads=[workload("web", architecture="arm64")])
    prices = {line.price for line in estimate_plan(plan_of(request), TABLE).lines}
    assert "fargate_arm_usd_per_vcpu_hour" in prices
    assert "fargate_x86_usd_per_vcpu_hour" not in prices


def test_tasks_on_instances_are_in_the_instances_price() -> None:
    """On EC2 alone, the group holds as many instances as the tasks need, and the tasks cost nothing more."""
    request = ecs_request(
        capacity={"ec2": {"weight": 1, "instance_types": ["m5.xlarge"], "min": 0, "max": 6}},
        workloads=[
            workload("web", cpu_units=2048, memory_mib=4096, replicas={"min": 4, "desired": 4, "max": 4})
        ],
    )
    compute = [line for line in estimate_plan(plan_of(request), TABLE).lines if line.component == "compute"]
    assert [(line.what, line.quantity.at_desired) for line in compute] == [
        ("m5.xlarge on demand", Decimal(3 * 730))  # 8 vCPUs at 80 % of 4 each
    ]


def test_interface_endpoints_cost_in_every_zone_and_gateway_endpoints_nothing() -> None:
    """Interface endpoints are charged by zone and hour; the gateway endpoint for S3 is free."""
    request = ecs_request(
        registry={"repositories": ["web"]},
        workloads=[workload("web", image={"repository": "web", "tag": "v1"})],
        network={"nat_gateways": "none", "endpoints": ["ecr.api", "ecr.dkr", "s3", "logs"]},
    )
    lines = estimate_plan(plan_of(request), TABLE).lines
    endpoints = [line for line in lines if line.price == "vpc_interface_endpoint_usd_per_az_hour"]
    assert [line.quantity.at_desired for line in endpoints] == [Decimal(2 * 730)] * 3


def test_what_has_no_price_is_named() -> None:
    """Container Insights is charged by what it measures: it is in no figure, and said so."""
    estimate = estimate_plan(plan_of_example("shop.ecs.yaml"), TABLE)
    assert [item.what for item in estimate.unpriced] == ["Container Insights (enabled)"]


def test_price_that_the_table_lacks_is_never_a_zero() -> None:
    """Without a price there is no line but an unpriced item that names the price."""
    gateway = PlannedResource("aws:ec2/natGateway:NatGateway", "nat", "urn:nat")
    without = TABLE.model_copy(
        update={"prices": {key: price for key, price in TABLE.prices.items() if "nat_gateway" not in key}}
    )
    estimate = estimate_plan([gateway], without)
    assert estimate.lines == ()
    assert [item.what for item in estimate.unpriced] == ["NAT gateway", "NAT gateway data"]
    assert "nat_gateway_usd_per_hour" in estimate.unpriced[0].reason


def test_unknown_type_is_not_priced() -> None:
    """A type without a rule is named, so that a new one cannot pass for free."""
    estimate = estimate_plan([PlannedResource("aws:rds/instance:Instance", "db", "urn:db")], TABLE)
    assert [item.reason for item in estimate.unpriced] == ["no rule knows this type"]


@pytest.mark.parametrize("size", ["not known yet", None, True, {"secret": True}])
def test_size_that_is_not_known_yet_is_named(size: object) -> None:
    """A task definition whose size is computed later makes an unpriced item, not a wrong figure."""
    resources = service()
    broken = PlannedResource(
        resources[2].type, resources[2].name, resources[2].urn, {"cpu": size, "memory": "512"}, "urn:web"
    )
    estimate = estimate_plan([*resources[:2], broken], TABLE)
    assert [item.what for item in estimate.unpriced] == ["tasks"]
