"""The shop's worker: does one piece of work after another until it is asked to stop."""

import logging
import os
import signal
import sys
import threading
from itertools import count

log = logging.getLogger("worker")


def work(stopped: threading.Event, pause_seconds: float) -> int:
    """Do jobs until `stopped`, resting between them; return how many were done.

    A job that has begun is finished: ECS waits `stop_timeout_seconds` between asking and killing.
    """
    for number in count(1):
        log.info("job %d done", number)
        if stopped.wait(pause_seconds):
            return number
    raise AssertionError  # pragma: no cover -- counting has no end


def main() -> None:
    """Work until ECS asks to stop."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(message)s")
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    done = work(stopped, float(os.environ.get("PAUSE_SECONDS", "5")))
    log.info("stopped after %d jobs", done)


if __name__ == "__main__":
    main()
