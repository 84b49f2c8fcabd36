"""Postgres, Berth's API and a folder: what the benchmarks of the backend run on."""

import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.engine.choice import REPOSITORY_ROOT

START_SECONDS = 60
RUN_SECONDS = 1_800


class BackendBench:
    """Starts the API over a fresh database and stops it again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database_url = start_embedded_postgres(folder / "postgres")
        upgrade_to_head(self.database_url)
        with closing(socket.socket()) as listener:
            listener.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.http = httpx.Client(
            base_url=f"{self.url}/api", headers={"Authorization": "token bench"}, timeout=60
        )
        self._api = self._start_api()

    def _start_api(self) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "BERTH_DATABASE_URL": self.database_url,
            "BERTH_DATA_DIR": str(self.folder),
            "BERTH_SECRETS_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "BERTH_PORT": self.url.rpartition(":")[2],
        }
        log = self.folder / "api.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "api"], env=environment, stdout=output, stderr=output
            )
        limit = time.monotonic() + START_SECONDS
        while not self._is_alive():
            if time.monotonic() > limit or process.poll() is not None:
                sys.exit(f"the API did not start:\n{log.read_text()}")
            time.sleep(0.1)
        return process

    def _is_alive(self) -> bool:
        try:
            return self.http.get("/capabilities").is_success
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        """Stop the API."""
        self._api.terminate()
        self._api.wait()

    def seconds_of_up(self, backend_url: str, organization: str, count: int) -> float:
        """Return how long an `up` of so many components to a new stack takes."""
        sandbox = f"{REPOSITORY_ROOT / 'sandbox' / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {
            "PATH": os.environ["PATH"] if has_official_engine() else sandbox,
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "BERTH_SANDBOX_PYTHON": sys.executable,
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": backend_url,
            "PULUMI_ACCESS_TOKEN": "bench",
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
        }
        stack = f"{organization}/environments/bench-{secrets.token_hex(4)}"
        run = subprocess.run(  # noqa: S603 -- our own script
            [sys.executable, "-m", "benchmarks._many_components", stack, str(count)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=RUN_SECONDS,
        )
        return float(run.stdout)


def has_official_engine() -> bool:
    """Whether the official CLI is on PATH."""
    return shutil.which("pulumi") is not None
