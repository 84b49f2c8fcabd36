"""Everything of Berth on one machine: Postgres from its wheel, the API, a worker and the sandbox's cloud."""

import base64
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Self

import httpx

from service.cli.errors import CommandError
from service.cli.exit_codes import ExitCode
from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.settings import Settings

READY_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 20
POLL_SECONDS = 0.5
LOG_TAIL_LINES = 15


class LocalStack:
    """Starts the parts as processes of their own and stops them again.

    Postgres is started only where no `BERTH_DATABASE_URL` names one.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = settings.data_dir / "logs"
        self._stopping = threading.Event()
        self.port = settings.port or free_port(settings.host)
        self.url = f"http://{settings.host}:{self.port}"

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        database_url = self._database_url()
        upgrade_to_head(database_url)
        environment = self._environment(database_url)
        key = {"BERTH_SECRETS_KEY": self._secrets_key()}
        try:
            self._start("api", {**environment, **key})
            self._await_ready()
            self._start("worker", environment)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> None:
        """Serve until Ctrl-C, or until a part ends by itself: that raises CommandError."""
        while not self._stopping.wait(POLL_SECONDS):
            self.check()

    def check(self) -> None:
        """Raise CommandError with the end of its log if a part has ended by itself."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                raise self._ended(name)

    def interrupt_when_a_part_ends(self) -> None:
        """From now on wake the main thread by SIGINT when a part ends by itself; `check` then says which."""
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            if any(process.poll() is not None for process in self._processes.values()):
                signal.raise_signal(signal.SIGINT)
                return

    def stop(self) -> None:
        """Ask the parts to end, the worker first; kill what does not."""
        self._stopping.set()
        for name in ("worker", "api"):
            process = self._processes.get(name)
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _database_url(self) -> str:
        if self._settings.database_url is not None:
            return self._settings.database_url.get_secret_value()
        return start_embedded_postgres(self._settings.data_dir / "postgres")

    def _environment(self, database_url: str) -> dict[str, str]:
        return {
            **os.environ,
            "BERTH_DATABASE_URL": database_url,
            "BERTH_DATA_DIR": str(self._settings.data_dir.resolve()),
            "BERTH_SANDBOX_LATENCY": self._settings.sandbox_latency,
            "BERTH_HOST": self._settings.host,
            "BERTH_PORT": str(self.port),
            "BERTH_BACKEND_URL": self._settings.backend_url or self.url,
        }

    def _secrets_key(self) -> str:
        """Return the configured key, or the one made once for this data directory."""
        if self._settings.secrets_key is not None:
            return self._settings.secrets_key.get_secret_value()
        path = self._settings.data_dir / "secrets.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
        return path.read_text().strip()

    def _start(self, name: str, environment: dict[str, str]) -> None:
        with (self._logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(  # noqa: S603 -- our own command
                [sys.executable, "-m", "service.cli", name],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches us, and we end them in order
            )

    def _await_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while time.monotonic() < deadline:
            if self._processes["api"].poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise self._ended("api")

    def _ended(self, name: str) -> CommandError:
        log = self._logs / f"{name}.log"
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
        return CommandError(
            f"the {name} ended by itself:\n{tail}", hint=f"its log is {log}", exit_code=ExitCode.UNREACHABLE
        )


def free_port(host: str) -> int:
    """Find a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def is_port_free(host: str, port: int) -> bool:
    """Tell whether something could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True
