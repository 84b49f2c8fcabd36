"""What a process loads when it starts and keeps for as long as it runs."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def kept_for_good() -> Generator[None]:
    """Look for no garbage while things are loaded that stay, nor in them afterwards.

    A full collection stops a process for as long as it walks through every module, model and route.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
