"""Postgres, Berth's API and workers over one simulated cloud without latency: what benchmarks measure."""

import asyncio
import base64
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import httpx
import yaml

from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.engine.choice import REPOSITORY_ROOT
from service.engine.protocol import Engine

START_SECONDS = 60
OPERATION_SECONDS = 600
WORKER_MODULE = "benchmarks._log_groups_worker"


class ServiceBench:
    """The service in a folder of its own, and what starts and stops its processes."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.client = httpx.Client(base_url=self.url, timeout=OPERATION_SECONDS)
        self.database_url = ""
        self._processes: list[subprocess.Popen[bytes]] = []
        self.environment = {
            "PATH": f"{engine.root}/bin{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "BERTH_SANDBOX_PYTHON": sys.executable,
            "BERTH_ENGINE": engine.name,
            "BERTH_DATA_DIR": str(folder),
            "BERTH_PORT": str(port),
            "BERTH_BACKEND_URL": self.url,
        }

    def start(self) -> "subprocess.Popen[bytes]":
        """Start Postgres and the API; return the API's process."""
        self.database_url = start_embedded_postgres(self.folder / "postgres")
        upgrade_to_head(self.database_url)
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        api = self._start("service.cli", "api", BERTH_SECRETS_KEY=key)
        limit = time.monotonic() + START_SECONDS
        while not self._is_alive():
            if time.monotonic() > limit:
                sys.exit("the API did not start")
            time.sleep(0.1)
        return api

    def start_worker(self, **settings: str) -> "subprocess.Popen[bytes]":
        """Start a worker whose programs make log groups."""
        return self._start(WORKER_MODULE, **settings)

    def stop(self) -> None:
        """Stop every process, the last first."""
        self.stop_these(self._processes[:])

    def stop_these(self, processes: "list[subprocess.Popen[bytes]]") -> None:
        """Stop some processes, the last first."""
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait()
            self._processes.remove(process)

    def create(self, name: str, count: int) -> str:
        """Ask for an environment of so many log groups; return the id of its deploy."""
        answer = self.client.post("/v1/environments", json=document(name, count)).raise_for_status()
        return answer.json()["operation"]["id"]

    def wait_for(self, operation_id: str) -> dict[str, object]:
        """Return an operation once it has succeeded."""
        while True:
            path = f"/v1/operations/{operation_id}"
            operation = self.client.get(path, params={"wait": 30}).raise_for_status().json()
            if operation["finished_at"] is None:
                continue
            if operation["state"] != "succeeded":
                sys.exit(f"the operation {operation['state']}: {operation['failure']}")
            return operation

    def _start(self, module: str, *arguments: str, **settings: str) -> "subprocess.Popen[bytes]":
        environment = {**self.environment, "BERTH_DATABASE_URL": self.database_url, **settings}
        with (self.folder / f"{module}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 -- our own processes
                [sys.executable, "-m", module, *arguments], env=environment, stderr=log, stdout=log
            )
        self._processes.append(process)
        return process

    def _is_alive(self) -> bool:
        try:
            return self.client.get("/livez").is_success
        except httpx.TransportError:
            return False


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def document(name: str, count: int) -> dict[str, object]:
    """Return the request for an environment of so many log groups."""
    example = yaml.safe_load((REPOSITORY_ROOT / "examples" / "minimal.ecs.yaml").read_text())
    return {**example, "name": name, "tags": {"resources": str(count)}}


class ScriptBench:
    """Plain scripts on the same engine: state in files, and a simulated cloud of their own."""

    def __init__(self, bench: ServiceBench) -> None:
        self._folder = bench.folder
        self._cloud = subprocess.Popen(  # noqa: S603 -- our own process
            [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(bench.folder / "script-cloud")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY_ROOT)},
            text=True,
        )
        if self._cloud.stdout is None:
            sys.exit("the cloud was started without a pipe")
        providers = yaml.safe_load(self._cloud.stdout.readline())["providers"]
        state = self._folder / "script-state"
        state.mkdir()
        self._environment = {
            **bench.environment,
            "PULUMI_HOME": str(self._folder / "script-home"),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in providers.items()),
        }

    def start(self, count: int, *names: str) -> "subprocess.Popen[bytes]":
        """Start a script that deploys stacks of so many log groups, one after the other."""
        return subprocess.Popen(  # noqa: S603 -- our own script
            [sys.executable, "-m", "benchmarks._plain_script", str(count), *names],
            env=self._environment,
            stdout=subprocess.DEVNULL,
        )

    def seconds(self, count: int, *names: str) -> float:
        """Return how long such a script takes from its process's start to its end."""
        began = time.monotonic()
        if self.start(count, *names).wait() != 0:
            sys.exit("the plain script failed")
        return time.monotonic() - began

    def stop(self) -> None:
        """End the cloud."""
        self._cloud.terminate()
        self._cloud.wait()


@contextmanager
def side_by_side(engine: Engine) -> Iterator[tuple[ServiceBench, ScriptBench]]:
    """Start the service, and what plain scripts need beside it; stop both in the end."""
    with ExitStack() as stack:
        bench = ServiceBench(Path(stack.enter_context(tempfile.TemporaryDirectory())), engine)
        stack.callback(bench.stop)
        scripts = ScriptBench(bench)
        stack.callback(scripts.stop)
        bench.start()
        yield bench, scripts


def percentile(values: list[float], percent: int) -> float:
    """Return the value that so many percent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


async def cancelled(*tasks: "asyncio.Task[object]") -> None:
    """Cancel tasks and wait for their ends."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
