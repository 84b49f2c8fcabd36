"""Faults, several at once, against the real processes."""

import asyncio
import random
import signal
import subprocess
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from sandbox.cloud.store.database import Database
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation
from tests.chaos.followers import Followers
from tests.chaos.postgres import restart_postgres
from tests.service.worker.live import Live, descendants

WORKER_MODULE = "tests.chaos.groups_worker"
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


Strike = Callable[[], bool]


class Lane:
    """Kinds of fault that happen one after the other; what other lanes do happens at the same time.

    Args:
        first: What comes first, each until it has happened.
        weights: How often each comes then.
        dice: Decides the order.
        is_heavy: Whether something has to start again after them, or to connect.
    """

    def __init__(
        self,
        first: Sequence[Strike],
        weights: dict[Strike, int],
        dice: random.Random,
        *,
        is_heavy: bool = False,
    ) -> None:
        self.is_heavy = is_heavy
        self._first = deque(first)
        self._weights = weights
        self._dice = dice

    @property
    def has_more_to_force(self) -> bool:
        return bool(self._first)

    def next(self) -> Strike:
        if self._first:
            self._first.rotate(-1)
            return self._first[-1]
        return self._dice.choices(list(self._weights), list(self._weights.values()))[0]

    def happened(self, strike: Strike) -> None:
        if strike in self._first:
            self._first.remove(strike)


class Storm:
    """Keeps a number of workers running and lets faults happen to them.

    Args:
        live: The processes.
        followers: The clients that streams are taken from.
        workers: How many workers to keep.
        seed: Decides the order of faults.
        freeze_seconds: How long a worker stands still: longer than its lease.
    """

    def __init__(
        self, live: Live, followers: Followers, *, workers: int, seed: int, freeze_seconds: float
    ) -> None:
        self._live = live
        self._followers = followers
        self._freeze_seconds = freeze_seconds
        self._random = random.Random(seed)  # noqa: S311 -- picks faults, guards nothing
        self._workers = [live.start_worker(WORKER_MODULE) for _ in range(workers)]
        self._frozen: dict[int, threading.Timer] = {}
        self._cloud = live.data_dir / "cloud"
        self.faults: Counter[str] = Counter()
        self.hits: list[Hit] = []

    def forced(self) -> list[Lane]:
        """Return what the shortest storm has at least: a worker and a runner killed, Postgres cut off."""
        first = [self.kill_runner, self.kill_worker, self.cut_connections]
        return [Lane(first, self._light(), self._random)]

    def everything(self) -> list[Lane]:
        """Return every kind, each once before any comes twice: what takes long, and what does not."""
        light, heavy = self._light(), self._heavy()
        return [
            Lane(list(light), light, self._random),
            Lane(list(heavy), heavy, self._random, is_heavy=True),
        ]

    async def strike(self, lane: Lane) -> bool:
        """Let one fault of a lane happen; return whether there was anything to strike."""
        strike = lane.next()
        # A client is dropped in the loop that it lives in.
        happened = strike() if strike == self.drop_stream else await asyncio.to_thread(self._try, strike)
        if happened:
            self.faults[strike.__name__] += 1
            lane.happened(strike)
        return happened

    @staticmethod
    def _try(strike: Strike) -> bool:
        try:
            return strike()
        except (psycopg.OperationalError, psutil.NoSuchProcess):
            return False  # another lane has just struck Postgres, or this process

    def calm(self) -> None:
        """Wake everyone, let the cloud's calls go right; no more faults."""
        for waking in self._frozen.values():
            waking.join()
        database = Database(self._cloud)
        self.faults["fail_cloud_call"] -= Faults(database).clear()
        database.close()

    def _light(self) -> dict[Strike, int]:
        return {
            self.kill_engine: 2,
            self.drop_stream: 2,
            self.kill_runner: 2,
            self.fail_cloud_call: 2,
        }

    def _heavy(self) -> dict[Strike, int]:
        return {
            self.cut_connections: 3,
            self.kill_worker: 3,
            self.freeze_worker: 3,
            self.restart_postgres: 1,
            self.kill_api: 1,
        }

    def kill_worker(self) -> bool:
        """Kill a worker that runs an operation, and start another."""
        worker = next((one for one in self._in_any_order() if self._note(one)), None)
        if worker is None:
            return False
        place = self._workers.index(worker)
        worker.kill()
        worker.wait()
        self._workers[place] = self._live.start_worker(WORKER_MODULE)
        return True

    def kill_runner(self) -> bool:
        return self._kill_below("tests.chaos.groups_runner")

    def kill_engine(self) -> bool:
        return self._kill_below("--client=")

    def _kill_below(self, mark: str) -> bool:
        """Kill a process with the mark in its command line, below a worker that runs an operation."""
        for worker in self._in_any_order():
            if worker.poll() is not None:
                continue  # another lane has killed it just now
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

    def freeze_worker(self) -> bool:
        worker = self._random.choice(self._workers)
        if worker.pid in self._frozen and self._frozen[worker.pid].is_alive():
            return False
        self._note(worker)
        worker.send_signal(signal.SIGSTOP)
        waking = threading.Timer(self._freeze_seconds, worker.send_signal, [signal.SIGCONT])
        waking.start()
        self._frozen[worker.pid] = waking
        return True

    def _in_any_order(self) -> "list[subprocess.Popen[bytes]]":
        return self._random.sample(self._workers, len(self._workers))

    def _note(self, worker: "subprocess.Popen[bytes]") -> bool:
        """Remember what a worker that is about to be struck runs; return whether it runs anything."""
        running = self._live.records.rows(
            "SELECT id FROM operations WHERE state = 'running' AND worker LIKE %s", f"%:{worker.pid}"
        )
        self.hits += [Hit(datetime.now(UTC), str(row["id"])) for row in running]
        return bool(running)

    def cut_connections(self) -> bool:
        self._live.records.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return True

    def restart_postgres(self) -> bool:
        folder = self._live.records.rows("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        restart_postgres(Path(str(folder[0]["setting"])))
        return True

    def kill_api(self) -> bool:
        self._live.restart_api()
        return True

    def fail_cloud_call(self) -> bool:
        database = Database(self._cloud)
        faults = Faults(database)
        is_room = len(faults.everything()) < MAX_COMING_FAULTS
        if is_room:
            operation, kind = self._random.choice(CLOUD_FAULTS)
            faults.add(Fault(LOG_GROUP, operation, kind, skip=self._random.randrange(3)))
        database.close()
        return is_room

    def drop_stream(self) -> bool:
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
