"""What an environment has cost so far, and will have cost when its time to live is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from service.costs.model import HOURS_PER_MONTH
from service.costs.spread import to_cents

_SECONDS_PER_MONTH = Decimal(HOURS_PER_MONTH) * 3600


@dataclass(frozen=True, slots=True)
class RateChange:
    """From when on an environment's desired size costs how much a month."""

    at: datetime
    usd_per_month: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """US dollars: until now, and until its end if it has one."""

    spent_usd: Decimal
    usd_per_month: Decimal
    expires_at: datetime | None
    at_expiry_usd: Decimal | None


def forecast(changes: Sequence[RateChange], *, now: datetime, expires_at: datetime | None) -> Forecast:
    """Add up what was charged between changes, and go on at the last rate until the end."""
    spent = Decimal(0)
    ends = [change.at for change in changes[1:]] + [now]
    for change, end in zip(changes, ends, strict=False):
        spent += cost_of(change.usd_per_month, end - change.at)
    rate = changes[-1].usd_per_month if changes else Decimal(0)
    at_expiry = None
    if expires_at is not None:
        at_expiry = to_cents(spent + cost_of(rate, max(expires_at - now, timedelta())))
    return Forecast(to_cents(spent), rate, expires_at, at_expiry)


def cost_of(usd_per_month: Decimal, duration: timedelta) -> Decimal:
    """Return what a monthly rate comes to in some time, exact."""
    microseconds = duration // timedelta(microseconds=1)
    return usd_per_month * Decimal(microseconds) / 1_000_000 / _SECONDS_PER_MONTH
