"""Faults, one after the other, against the real processes."""

import random
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep

import psutil

from tests.service.worker.live import Live, descendants

WORKER_MODULE = "tests.chaos.groups_worker"
# Longer than the lease that the live processes are configured with.
FREEZE_SECONDS = 8.0


class Storm:
    """Keeps a number of workers running and lets one fault after the other happen to them.

    Args:
        live: The processes.
        workers: How many workers to keep.
        seed: Decides the order of faults.
    """

    def __init__(self, live: Live, *, workers: int, seed: int) -> None:
        self._live = live
        self._random = random.Random(seed)  # noqa: S311 -- picks faults, guards nothing
        self._workers = [live.start_worker(WORKER_MODULE) for _ in range(workers)]
        self._frozen: list[tuple[float, subprocess.Popen[bytes]]] = []
        self.faults: Counter[str] = Counter()

    def strike(self) -> None:
        """Let one fault happen, and wake those who were frozen long enough."""
        faults: list[Callable[[], bool]] = [
            self._kill_worker,
            self._kill_runner,
            self._kill_engine,
            self._freeze_worker,
            self._cut_connections,
            self._restart_api,
        ]
        fault = self._random.choice(faults)
        if fault():
            self.faults[fault.__name__.strip("_")] += 1
        self._wake()

    def calm(self) -> None:
        """Wake everyone; no more faults."""
        for _, worker in self._frozen:
            worker.send_signal(signal.SIGCONT)
        self._frozen.clear()

    def _kill_worker(self) -> bool:
        place = self._random.randrange(len(self._workers))
        worker = self._workers[place]
        worker.kill()
        worker.wait()
        self._frozen = [(until, one) for until, one in self._frozen if one is not worker]
        self._workers[place] = self._live.start_worker(WORKER_MODULE)
        return True

    def _kill_runner(self) -> bool:
        return self._kill_one(lambda command: "tests.chaos.groups_runner" in command)

    def _kill_engine(self) -> bool:
        return self._kill_one(lambda command: any(part.startswith("--client=") for part in command))

    def _kill_one(self, matches: Callable[[list[str]], bool]) -> bool:
        below = [process for worker in self._workers for process in descendants(worker)]
        self._random.shuffle(below)
        for process in below:
            try:
                if matches(process.cmdline()):
                    process.kill()
                    return True
            except psutil.Error:
                continue
        return False

    def _freeze_worker(self) -> bool:
        worker = self._random.choice(self._workers)
        if any(one is worker for _, one in self._frozen):
            return False
        worker.send_signal(signal.SIGSTOP)
        self._frozen.append((monotonic() + FREEZE_SECONDS, worker))
        return True

    def _wake(self) -> None:
        due = [worker for until, worker in self._frozen if until <= monotonic()]
        for worker in due:
            worker.send_signal(signal.SIGCONT)
        self._frozen = [(until, worker) for until, worker in self._frozen if worker not in due]

    def _cut_connections(self) -> bool:
        self._live.records.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return True

    def _restart_api(self) -> bool:
        self._live.restart_api()
        return True

    def rest(self, seconds: float) -> None:
        """Let the processes work between two faults."""
        sleep(seconds)
