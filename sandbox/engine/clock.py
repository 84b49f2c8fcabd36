"""The time, as the state and the events write it."""

import time
from datetime import UTC, datetime


def timestamp() -> str:
    """Now in RFC 3339 with nanoseconds' place, UTC."""
    nanoseconds = time.time_ns()
    moment = datetime.fromtimestamp(nanoseconds // 10**9, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{nanoseconds % 10**9:09d}Z"


def unix_seconds() -> int:
    """Now in whole seconds since 1970."""
    return int(time.time())
