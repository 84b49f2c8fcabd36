"""How long the cloud takes: nothing in tests, a believable fraction of AWS's own time in the demo."""

import asyncio
import random
from enum import StrEnum

_DEMO_SPEED = 25
_DEMO_LONGEST_SECONDS = 6.0
_SPREAD = 0.25


class Latency(StrEnum):
    """How long calls take."""

    NONE = "none"
    DEMO = "demo"


class Clock:
    """Lets calls take their time, until the server is asked to stop."""

    def __init__(self, latency: Latency) -> None:
        self._latency = latency
        self._is_stopping = asyncio.Event()

    def hurry(self) -> None:
        """Cut short what is still waiting: the server stops."""
        self._is_stopping.set()

    async def spend(self, seconds: float) -> None:
        """Wait as long as a call of so many seconds on AWS takes here."""
        if self._latency is Latency.NONE or self._is_stopping.is_set():
            return
        spread = random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 -- not for security
        here = min(seconds / _DEMO_SPEED * spread + 0.05, _DEMO_LONGEST_SECONDS)
        try:
            await asyncio.wait_for(self._is_stopping.wait(), here)
        except TimeoutError:
            return
