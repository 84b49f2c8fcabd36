"""The most memory that something held while it was watched."""

import threading
from collections.abc import Callable
from typing import Self

MEBIBYTE = 1 << 20


class MemoryWatch:
    """Asks again and again, beside what is measured, how many bytes are held, and keeps the most."""

    def __init__(self, held_bytes: Callable[[], int], *, sample_seconds: float) -> None:
        self.peak_bytes = 0
        self._held_bytes = held_bytes
        self._sample_seconds = sample_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(self._sample_seconds):
            self.peak_bytes = max(self.peak_bytes, self._held_bytes())
