"""Closes what the Automation API leaves open when an engine ends before its program does."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager


def _open_loops() -> list[asyncio.BaseEventLoop]:
    found = [item for item in gc.get_objects() if issubclass(type(item), asyncio.BaseEventLoop)]
    return [loop for loop in found if not loop.is_closed() and not loop.is_running()]


@contextmanager
def leftovers_closed() -> Iterator[None]:
    """Close the event loops that were begun inside and that nobody runs any more."""
    before = {id(loop) for loop in _open_loops()}
    yield
    for loop in _open_loops():
        if id(loop) not in before:
            loop.close()
    gc.collect()


@contextmanager
def older_things_overlooked() -> Iterator[None]:
    """Leave out of the collections inside what was there before: there is much, and it stays."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
    gc.collect()
