"""The real processes around a worker: the API as the engines' backend, and the worker itself."""

import base64
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic, sleep

import httpx
import psutil

from service.core.ids import EnvironmentId, OperationId
from service.engine.choice import REPOSITORY_ROOT
from tests.service.worker.rows import Records

PATIENCE_SECONDS = 90
POLL_SECONDS = 0.05
# Linux gives outgoing connections ports from 32,768 on, others from 49,152 on (RFC 6335, 6).
LISTENING_PORTS = (20_000, 32_768)
API_CODE = (
    "import uvicorn; from service.core.log import set_up_logging; "
    "from service.main import create_app; from service.settings import Settings; "
    "set_up_logging(as_json=True); s = Settings(); "
    "uvicorn.run(create_app(s), host=s.host, port=s.port, log_level='warning')"
)
SPARE_API_CODE = (
    "import sys, uvicorn; from service.main import create_app; from service.settings import Settings; "
    "s = Settings(); app = create_app(s); print('loaded', flush=True); sys.stdin.read(); "
    "uvicorn.run(app, host=s.host, port=s.port, log_level='warning')"
)


def free_port() -> int:
    """Return a port that nothing listens on, below those that the kernel gives to outgoing connections.

    A client that tries one of those again and again, while the API that is to listen there starts, is at some
    time given the same port as its own: TCP then connects it to itself, and the API finds its port taken.
    """
    while True:
        port = random.randrange(*LISTENING_PORTS)  # noqa: S311 -- guards nothing
        with closing(socket.socket()) as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


def eventually(is_so: Callable[[], bool], what: str) -> None:
    """Wait until something that other processes bring about is so."""
    limit = monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert monotonic() < limit, f"waited {PATIENCE_SECONDS} s for {what}"
        sleep(POLL_SECONDS)


class Live:
    """Starts and stops the processes, and looks at the records from outside."""

    def __init__(self, database_url: str, data_dir: Path, **settings: str) -> None:
        self.records = Records(database_url)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.data_dir = data_dir
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "BERTH_DATABASE_URL": database_url,
            "BERTH_DATA_DIR": str(data_dir),
            "BERTH_PORT": str(port),
            "BERTH_BACKEND_URL": self.url,
            "BERTH_LEASE_SECONDS": "6",
            "BERTH_CANCEL_GRACE_SECONDS": "20",
            "BERTH_WORKER_CONCURRENCY": "1",
            "BERTH_AUTOMATIC_RECOVERIES": "0",
            **settings,
        }
        self._secrets_key = base64.b64encode(os.urandom(32)).decode()
        self._api: subprocess.Popen[bytes] | None = None
        self._processes: list[subprocess.Popen[bytes]] = []

    def start_api(self) -> None:
        self._api = self._start([sys.executable, "-c", API_CODE], BERTH_SECRETS_KEY=self._secrets_key)
        eventually(self._answers, "the API to answer")

    def kill_api(self) -> None:
        """Kill the API, whatever it is doing."""
        if self._api is not None:
            self._api.kill()
            self._api.wait()

    def restart_api(self) -> None:
        """Kill the API and start it again."""
        self.kill_api()
        self.start_api()

    def spare_api(self) -> "subprocess.Popen[bytes]":
        """Load another API, which listens when it is told to: a busy machine takes long to load one."""
        command = [sys.executable, "-c", SPARE_API_CODE]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        environment = {**self.environment, "BERTH_SECRETS_KEY": self._secrets_key}
        spare = subprocess.Popen(command, env=environment, cwd=self.data_dir, **pipes)
        self._processes.append(spare)
        assert spare.stdout is not None
        assert spare.stdout.readline() == b"loaded\n"
        return spare

    def replace_api(self, spare: "subprocess.Popen[bytes]") -> None:
        """Let a spare API listen in the place of the one that was killed."""
        self._api = spare
        assert spare.stdin is not None
        assert spare.stdout is not None
        spare.stdin.close()
        spare.stdout.close()
        eventually(self._answers, "the API to answer")

    def start_worker(
        self, module: str = "tests.service.worker.tiny_worker", **settings: str
    ) -> "subprocess.Popen[bytes]":
        return self._start([sys.executable, "-m", module], **settings)

    def _start(self, command: list[str], **settings: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(command, env={**self.environment, **settings}, cwd=self.data_dir)
        self._processes.append(process)
        return process

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/livez").is_success
        except httpx.TransportError:
            return False

    def run_folders(self) -> list[Path]:
        """Return the private folders of runners."""
        return list((self.data_dir / "runs").iterdir())

    def stop_workers(self) -> None:
        """Kill every process but the API."""
        self._stop([process for process in self._processes if process is not self._api])

    def stop(self) -> None:
        """Kill every process."""
        self._stop(self._processes)

    def _stop(self, processes: "list[subprocess.Popen[bytes]]") -> None:
        for process in reversed(processes):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()

    def wait_for_state(self, operation_id: OperationId, *states: str) -> dict[str, object]:
        """Wait until the operation is in one of the states; return its row."""
        eventually(
            lambda: self.records.operation(operation_id)["state"] in states,
            f"{operation_id} to be {states}, it is {self.records.operation(operation_id)['state']}",
        )
        return self.records.operation(operation_id)

    def wait_for_run(self, environment_id: EnvironmentId, number: int) -> dict[str, object]:
        """Wait until the environment's operation of this number runs; return its row."""
        query = "SELECT * FROM operations WHERE environment_id = %s ORDER BY id"

        def runs() -> bool:
            rows = self.records.rows(query, environment_id)
            return len(rows) >= number and rows[number - 1]["state"] == "running"

        eventually(runs, f"operation {number} of {environment_id} to run")
        return self.records.rows(query, environment_id)[number - 1]

    def wait_for_end(self, operation_id: OperationId) -> dict[str, object]:
        return self.wait_for_state(operation_id, "succeeded", "failed", "cancelled", "interrupted")

    def wait_for_event(self, operation_id: OperationId, event_type: str, count: int = 1) -> None:
        eventually(
            lambda: sum(e["type"] == event_type for e in self.records.events(operation_id)) >= count,
            f"{count} {event_type} of {operation_id}",
        )


def descendants(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    """Return every process below a process: runners and the engines under them."""
    return psutil.Process(process.pid).children(recursive=True)


def gone(processes: list[psutil.Process]) -> bool:
    """Whether none of the processes lives (a zombie that nobody reaps does not)."""
    return all(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in processes)
