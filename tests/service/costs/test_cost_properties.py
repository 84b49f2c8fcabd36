"""What holds for every estimate."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from programs.request.costs import CostAssumptions
from service.costs.estimate import estimate_plan
from service.costs.model import Estimate, Kind
from service.costs.planned import PlannedResource
from service.costs.spread import Spread
from service.pricing.load import read_table
from tests.service.costs.plans import service

TABLE = read_table("us-east-1")
SIZES = st.sampled_from([(256, 512), (256, 1024), (512, 1024), (1024, 2048), (2048, 8192), (4096, 16384)])
COUNTS = st.integers(min_value=0, max_value=50)


def _estimate(resources: list[PlannedResource]) -> Estimate:
    return estimate_plan(resources, TABLE)


@settings(deadline=None, max_examples=50)
@given(size=SIZES, count=COUNTS, more=st.integers(min_value=1, max_value=20))
def test_more_copies_cost_more(size: tuple[int, int], count: int, more: int) -> None:
    """Cost grows with the number of copies."""
    few = _estimate(service(count=count, cpu_units=size[0], memory_mib=size[1]))
    many = _estimate(service(count=count + more, cpu_units=size[0], memory_mib=size[1]))
    assert many.total.at_desired > few.total.at_desired


@settings(deadline=None, max_examples=50)
@given(count=st.integers(min_value=1, max_value=50), size=SIZES)
def test_larger_copies_cost_more(count: int, size: tuple[int, int]) -> None:
    """Cost grows with the size of a copy."""
    small = _estimate(service(count=count, cpu_units=size[0], memory_mib=size[1]))
    large = _estimate(service(count=count, cpu_units=size[0] * 2, memory_mib=size[1] * 2))
    assert large.total.at_desired > small.total.at_desired


@settings(deadline=None, max_examples=50)
@given(counts=st.lists(COUNTS, min_size=1, max_size=6))
def test_workloads_add_up(counts: list[int]) -> None:
    """The cost of several workloads is the sum of each one's."""
    parts = [service(f"w{number}", count=count) for number, count in enumerate(counts)]
    together = _estimate([resource for part in parts for resource in part])
    apart = [_estimate(part).total for part in parts]
    assert together.total == sum(apart, start=Spread.same(0))


@settings(deadline=None, max_examples=50)
@given(data=st.data(), counts=st.lists(COUNTS, min_size=1, max_size=4))
def test_order_makes_no_difference(data: st.DataObject, counts: list[int]) -> None:
    """Equal resources in any order give an equal estimate, lines included."""
    resources = [
        resource
        for number, count in enumerate(counts)
        for resource in service(f"w{number}", count=count, cpu_units=256 * (number + 1))
    ]
    shuffled = data.draw(st.permutations(resources))
    assert _estimate(list(shuffled)) == _estimate(resources)


@settings(deadline=None, max_examples=50)
@given(gb=st.integers(min_value=0, max_value=10**6))
def test_assumptions_move_the_usage_part_alone(gb: int) -> None:
    """Saying how much passes the NAT gateway changes what depends on use, and nothing that is fixed."""
    gateway = PlannedResource("aws:ec2/natGateway:NatGateway", "nat", "urn:nat")
    estimate = estimate_plan([gateway], TABLE, CostAssumptions(nat_gb_per_gateway=Decimal(gb)))
    assert estimate.total_of(Kind.FIXED) == Spread.same(Decimal("32.85"))
    assert estimate.total_of(Kind.USAGE) == Spread.same(gb * Decimal("0.045"))


def test_parts_add_up_to_the_total() -> None:
    """By component, by resource, by type, fixed and by use: each adds up to the same total."""
    estimate = _estimate([*service("a", count=3), *service("b", count=2)])
    views = (estimate.by_component(), estimate.by_resource(), estimate.by_type())
    for view in views:
        assert sum(view.values(), start=Spread.same(0)) == estimate.total
    assert estimate.total_of(Kind.FIXED) + estimate.total_of(Kind.USAGE) == estimate.total
