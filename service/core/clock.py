"""Time as the service reads it. Leases use the database's clock instead (`func.now()` in SQL)."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)
