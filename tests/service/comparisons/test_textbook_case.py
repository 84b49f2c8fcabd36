"""The textbook case: 10 vCPUs and 20 GB for a month of 730 hours in us-east-1, to the cent."""

from decimal import Decimal

import pytest

from service.comparisons.compute import (
    ComputeChoice,
    Demand,
    UnpricedInstanceTypeError,
    compute_choices,
)
from service.pricing.load import read_table

DEMAND = Demand(vcpus=Decimal(10), memory_gb=Decimal(20))


def _choices(instance_type: str = "m5.xlarge") -> dict[str, ComputeChoice]:
    table = read_table("us-east-1")
    choices = compute_choices(DEMAND, table, instance_type=instance_type, auto_mode_fee_percent=Decimal(12))
    return {choice.name: choice for choice in choices}


@pytest.mark.parametrize(
    ("name", "usd", "arithmetic"),
    [
        (
            "Fargate",
            "360.40",
            (
                "10 vCPU x 730 h x 0.04048 USD = 295.504 USD",
                "20 GB x 730 h x 0.004445 USD = 64.897 USD",
            ),
        ),
        (
            "Fargate Spot",
            "114.75",
            (
                "10 vCPU x 730 h x 0.01288871 USD = 94.087583 USD",
                "20 GB x 730 h x 0.00141527 USD = 20.662942 USD",
            ),
        ),
        ("EC2", "420.48", ("3 m5.xlarge x 730 h x 0.192 USD = 420.48 USD",)),
        (
            "EC2 Spot",
            "142.96",
            (
                "0.192 USD less 66 % = 0.06528 USD",
                "3 m5.xlarge x 730 h x 0.06528 USD = 142.9632 USD",
            ),
        ),
        (
            "Auto Mode",
            "470.94",
            (
                "3 m5.xlarge x 730 h x 0.192 USD = 420.48 USD",
                "fee: 3 m5.xlarge x 730 h x 0.02304 USD = 50.4576 USD",
            ),
        ),
    ],
)
def test_textbook_case_to_the_cent(name: str, usd: str, arithmetic: tuple[str, ...]) -> None:
    """Each way of buying comes out to the cent, from the price table alone, with its arithmetic."""
    choice = _choices()[name]
    assert choice.usd_per_month == Decimal(usd)
    assert choice.arithmetic == arithmetic


def test_managed_nodes_and_karpenter_cost_what_their_instances_cost() -> None:
    """EKS takes nothing for managing nodes; its control plane is no compute."""
    choices = _choices()
    same = {choices[name].usd_per_month for name in ("EC2", "managed nodes", "Karpenter")}
    assert same == {Decimal("420.48")}


def test_type_without_a_price_is_refused() -> None:
    """No other type's price is taken for it."""
    with pytest.raises(UnpricedInstanceTypeError, match="has no x9"):
        _choices("x9.mega")
