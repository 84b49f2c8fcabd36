"""What an environment has cost, and will have cost at its end."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.costs.forecast import RateChange, cost_of, forecast

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_month_is_730_hours() -> None:
    """730 hours at 73 USD a month are 73 USD; one hour is a tenth of a dollar."""
    assert cost_of(Decimal(73), 730 * HOUR) == 73
    assert cost_of(Decimal(73), HOUR) == Decimal("0.1")


def test_each_stretch_costs_its_own_rate() -> None:
    """Ten hours at 73 USD a month, ten at 146, and ten more until the end."""
    changes = [RateChange(BEGIN, Decimal(73)), RateChange(BEGIN + 10 * HOUR, Decimal(146))]
    foreseen = forecast(changes, now=BEGIN + 20 * HOUR, expires_at=BEGIN + 30 * HOUR)
    assert foreseen.spent_usd == Decimal("3.00")
    assert foreseen.at_expiry_usd == Decimal("5.00")


def test_what_was_destroyed_goes_on_at_nothing() -> None:
    """After the destroy nothing is added, and there is no end to reckon for."""
    changes = [RateChange(BEGIN, Decimal(73)), RateChange(BEGIN + 10 * HOUR, Decimal(0))]
    foreseen = forecast(changes, now=BEGIN + 1000 * HOUR, expires_at=None)
    assert (foreseen.spent_usd, foreseen.at_expiry_usd) == (Decimal("1.00"), None)


@given(
    hours=st.integers(min_value=0, max_value=10_000),
    rate=st.integers(min_value=0, max_value=100_000),
    left=st.integers(min_value=-100, max_value=10_000),
)
def test_the_end_never_costs_less_than_what_is_spent(hours: int, rate: int, left: int) -> None:
    """However long it has left, an end that has passed among it."""
    now = BEGIN + hours * HOUR
    foreseen = forecast([RateChange(BEGIN, Decimal(rate))], now=now, expires_at=now + left * HOUR)
    assert foreseen.at_expiry_usd is not None
    assert foreseen.at_expiry_usd >= foreseen.spent_usd
