"""Faults, one after the other, against the real processes."""

import asyncio
import random
import signal
import subprocess
import threading
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from sandbox.cloud.store.database import Database
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation
from tests.chaos.followers import Followers
from tests.chaos.postgres import restart_postgres
from tests.service.worker.live import Live, descendants

WORKER_MODULE = "tests.chaos.groups_worker"
# Longer than the lease that the live processes are configured with.
FREEZE_SECONDS = 8.0
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
# Calls of the cloud that are still to go wrong, at most: each waits for its call.
MAX_COMING_FAULTS = 3
CLOUD_FAULTS = (
    (Operation.CREATE, FaultKind.ERROR),
    (Operation.CREATE, FaultKind.THROTTLE),
    (Operation.CREATE, FaultKind.TIMEOUT),
    (Operation.CREATE, FaultKind.PARTIAL),
    (Operation.CREATE, FaultKind.LOST),
    (Operation.DELETE, FaultKind.ERROR),
    (Operation.DELETE, FaultKind.THROTTLE),
    (Operation.READ, FaultKind.ERROR),
)


@dataclass(frozen=True, slots=True)
class Hit:
    """An operation whose worker, runner or engine was struck while it ran."""

    at: datetime
    operation_id: str


class Storm:
    """Keeps a number of workers running and lets one fault after the other happen to them.

    Args:
        live: The processes.
        followers: The clients that streams are taken from.
        workers: How many workers to keep.
        seed: Decides the order of faults.
    """

    def __init__(self, live: Live, followers: Followers, *, workers: int, seed: int) -> None:
        self._live = live
        self._followers = followers
        self._random = random.Random(seed)  # noqa: S311 -- picks faults, guards nothing
        self._workers = [live.start_worker(WORKER_MODULE) for _ in range(workers)]
        self._frozen: dict[int, threading.Timer] = {}
        self._cloud = live.data_dir / "cloud"
        self._to_come = deque(self._faults())
        self.faults: Counter[str] = Counter()
        self.hits: list[Hit] = []

    async def strike(self) -> None:
        """Let one fault happen.

        Each kind comes once before any comes twice; then those come more often that cost the machine less.
        """
        fault = self._next()
        # A client is dropped in the loop that it lives in.
        happened = fault() if fault == self._drop_stream else await asyncio.to_thread(fault)
        if happened:
            self.faults[fault.__name__.strip("_")] += 1
            if fault in self._to_come:
                self._to_come.remove(fault)

    def calm(self) -> None:
        """Wake everyone, let the cloud's calls go right; no more faults."""
        for waking in self._frozen.values():
            waking.join()
        database = Database(self._cloud)
        self.faults["fail_cloud_call"] -= Faults(database).clear()
        database.close()

    def _next(self) -> Callable[[], bool]:
        if self._to_come:
            self._to_come.rotate(-1)
            return self._to_come[-1]
        weights = self._faults()
        return self._random.choices(list(weights), list(weights.values()))[0]

    def _faults(self) -> dict[Callable[[], bool], int]:
        return {
            self._kill_engine: 6,
            self._drop_stream: 6,
            self._kill_runner: 6,
            self._fail_cloud_call: 6,
            self._cut_connections: 3,
            self._restart_postgres: 1,
            self._kill_worker: 2,
            self._freeze_worker: 2,
            self._restart_api: 1,
        }

    def _kill_worker(self) -> bool:
        place = self._random.randrange(len(self._workers))
        worker = self._workers[place]
        self._note(worker)
        worker.kill()
        worker.wait()
        self._workers[place] = self._live.start_worker(WORKER_MODULE)
        return True

    def _kill_runner(self) -> bool:
        return self._kill_below("tests.chaos.groups_runner")

    def _kill_engine(self) -> bool:
        return self._kill_below("--client=")

    def _kill_below(self, mark: str) -> bool:
        """Kill a process with the mark in its command line, below a worker that runs an operation."""
        for worker in self._random.sample(self._workers, len(self._workers)):
            below = descendants(worker)
            # A runner that has an engine below it is at work; the others wait for a job.
            engine = next((one for one in below if _has(one, "--client=")), None)
            runner = None if engine is None else _parent(engine, "tests.chaos.groups_runner")
            struck = engine if mark == "--client=" else runner
            if struck is None:
                continue
            self._note(worker)
            try:
                struck.kill()
            except psutil.Error:
                continue
            return True
        return False

    def _freeze_worker(self) -> bool:
        worker = self._random.choice(self._workers)
        if worker.pid in self._frozen and self._frozen[worker.pid].is_alive():
            return False
        self._note(worker)
        worker.send_signal(signal.SIGSTOP)
        waking = threading.Timer(FREEZE_SECONDS, worker.send_signal, [signal.SIGCONT])
        waking.start()
        self._frozen[worker.pid] = waking
        return True

    def _note(self, worker: "subprocess.Popen[bytes]") -> None:
        running = self._live.records.rows(
            "SELECT id FROM operations WHERE state = 'running' AND worker LIKE %s", f"%:{worker.pid}"
        )
        self.hits += [Hit(datetime.now(UTC), str(row["id"])) for row in running]

    def _cut_connections(self) -> bool:
        self._live.records.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return True

    def _restart_postgres(self) -> bool:
        folder = self._live.records.rows("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        restart_postgres(Path(str(folder[0]["setting"])))
        return True

    def _restart_api(self) -> bool:
        self._live.restart_api()
        return True

    def _fail_cloud_call(self) -> bool:
        database = Database(self._cloud)
        faults = Faults(database)
        is_room = len(faults.everything()) < MAX_COMING_FAULTS
        if is_room:
            operation, kind = self._random.choice(CLOUD_FAULTS)
            faults.add(Fault(LOG_GROUP, operation, kind, skip=self._random.randrange(3)))
        database.close()
        return is_room

    def _drop_stream(self) -> bool:
        return self._followers.drop(self._random)


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return any(mark in part for part in process.cmdline())
    except psutil.Error:
        return False


def _parent(process: psutil.Process, mark: str) -> psutil.Process | None:
    try:
        return next((one for one in process.parents() if _has(one, mark)), None)
    except psutil.Error:
        return None
