"""Runner processes as a worker sees them: started warm, told one job, followed, and known to be dead."""

import asyncio
import os
import shutil
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

import psutil
from pydantic import BaseModel, ValidationError

from service.engine.choice import REPOSITORY_ROOT
from service.engine.protocol import (
    CancelRequested,
    EventEmitted,
    LeaseRenewed,
    Result,
    RunnerJob,
    runner_message_adapter,
)
from service.engine.watchdog import end_session

RUNNER_MODULE = "service.engine.runner"
MAX_LINE_BYTES = 16 * 1024 * 1024
KEPT_STDERR_LINES = 50
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def runner_environment(engine_root: str, run_dir: Path) -> dict[str, str]:
    """Build a runner's environment from nothing: no variable of the worker's own is in it.

    HOME and TMPDIR are the run's private folder, which is removed after the run.
    """
    return {
        "PATH": os.pathsep.join((f"{engine_root}/bin", SYSTEM_PATH)),
        "HOME": str(run_dir),
        "TMPDIR": str(run_dir),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(REPOSITORY_ROOT),
        "PYTHONUNBUFFERED": "1",
        "BERTH_SANDBOX_PYTHON": sys.executable,
    }


class RunnerProcess:
    """One runner process: the leader of a session that holds the engine and its plugins."""

    def __init__(self, process: asyncio.subprocess.Process, run_dir: Path) -> None:
        self._process = process
        self._run_dir = run_dir
        self._stderr: deque[str] = deque(maxlen=KEPT_STDERR_LINES)
        self._stderr_reader = asyncio.create_task(self._read_stderr())

    @classmethod
    async def start(cls, engine_root: str, runs_dir: Path, *, module: str = RUNNER_MODULE) -> Self:
        """Start a process with a private folder under `runs_dir`; it imports at once and waits for a job."""
        run_dir = await asyncio.to_thread(make_run_dir, runs_dir)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=run_dir,
            env=runner_environment(engine_root, run_dir),
            start_new_session=True,
            limit=MAX_LINE_BYTES,
        )
        return cls(process, run_dir)

    @property
    def pid(self) -> int:
        """The process's id, which is its session's too."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the runner itself has not ended."""
        return self._process.returncode is None

    def last_words(self) -> str:
        """Return the end of what the process wrote to stderr."""
        return "\n".join(self._stderr)

    async def run(self, job: RunnerJob) -> AsyncIterator[EventEmitted | Result]:
        """Hand over the job and yield what the runner tells, until it ends."""
        await self._send(job)
        if self._process.stdout is None:
            return
        async for line in self._process.stdout:
            try:
                message = runner_message_adapter.validate_json(line)
            except ValidationError:
                self._stderr.append(f"unreadable message: {line[:200]!r}")
                continue
            if isinstance(message, EventEmitted | Result):
                yield message

    async def renew(self, lease_deadline: float) -> None:
        """Tell the runner that its lease runs until this second of the machine's clock since its boot."""
        await self._send(LeaseRenewed(lease_deadline=lease_deadline))

    async def cancel(self) -> None:
        """Ask for a graceful end."""
        await self._send(CancelRequested())

    async def kill(self) -> None:
        """Kill the whole session and return when none of it is left."""
        await asyncio.to_thread(end_session, self.pid)
        await self._process.wait()

    async def close(self) -> None:
        """Make sure that nothing of the run is left: no process, no file."""
        await self.kill()
        await self._stderr_reader
        await asyncio.to_thread(shutil.rmtree, self._run_dir, ignore_errors=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await asyncio.shield(self.close())

    async def _send(self, message: BaseModel) -> None:
        stdin = self._process.stdin
        if stdin is None or stdin.is_closing():
            return
        try:
            stdin.write(message.model_dump_json().encode() + b"\n")
            await stdin.drain()
        except ConnectionError:
            self._stderr.append("the runner has ended and takes no more messages")

    async def _read_stderr(self) -> None:
        if self._process.stderr is None:
            return
        async for line in self._process.stderr:
            self._stderr.append(line.decode(errors="replace").rstrip())


class WarmRunners:
    """Keeps runner processes ready, so that an operation does not wait for imports.

    Args:
        engine_root: The folder of the engine's `bin/pulumi`.
        runs_dir: Where each run gets its private folder.
        count: How many to keep ready.
        module: What a runner process executes.
    """

    def __init__(self, engine_root: str, runs_dir: Path, *, count: int, module: str = RUNNER_MODULE) -> None:
        self._engine_root = engine_root
        self._runs_dir = runs_dir
        self._count = count
        self._module = module
        self._ready: deque[asyncio.Task[RunnerProcess]] = deque()
        self._is_closed = False

    async def open(self) -> None:
        """Clear away the folders of runs whose worker is gone, and start the first runners."""
        await asyncio.to_thread(remove_abandoned_runs, self._runs_dir)
        self._refill()

    async def take(self) -> RunnerProcess:
        """Return a runner that lives, and start the next."""
        while self._ready:
            runner = await self._ready.popleft()
            self._refill()
            if runner.is_alive:
                return runner
            await runner.close()
        return await self._start()

    async def close(self) -> None:
        """End the runners that wait."""
        self._is_closed = True
        while self._ready:
            runner = await self._ready.popleft()
            await runner.close()

    def _refill(self) -> None:
        while not self._is_closed and len(self._ready) < self._count:
            self._ready.append(asyncio.create_task(self._start()))

    async def _start(self) -> RunnerProcess:
        return await RunnerProcess.start(self._engine_root, self._runs_dir, module=self._module)


def make_run_dir(runs_dir: Path) -> Path:
    """Make a folder that only this user can read; its name begins with the worker's host and process id."""
    runs_dir.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=f"{socket.gethostname()}-{os.getpid()}-", dir=runs_dir)).resolve()


def remove_abandoned_runs(runs_dir: Path) -> None:
    """Remove the folders of runs whose worker on this host is gone; a worker calls it before it makes any.

    In a container each worker has the same process id: a folder of this one's is its predecessor's. Whether
    a worker of another container that shares the folder lives cannot be seen from here.
    """
    if not runs_dir.is_dir():
        return
    for folder in runs_dir.iterdir():
        host, _, pid = folder.name.rpartition("-")[0].rpartition("-")
        if host != socket.gethostname() or not pid.isdigit():
            continue
        if int(pid) == os.getpid() or not psutil.pid_exists(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def passed_environment(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Pick the variables that providers need, such as cloud credentials; nothing else goes to a runner."""
    return {name: environment[name] for name in names if name in environment}
