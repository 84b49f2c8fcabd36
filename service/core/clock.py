"""Time as the service reads it. Leases use the database's clock instead (`func.now()` in SQL)."""

import time
from datetime import UTC, datetime

# Linux stops CLOCK_MONOTONIC while the machine is suspended; where there is no other, it goes on.
# https://man7.org/linux/man-pages/man2/clock_gettime.2.html
_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


def since_boot() -> float:
    """Return seconds that only grow, the same for all processes of the machine, suspended or not."""
    return time.clock_gettime(_CLOCK)
