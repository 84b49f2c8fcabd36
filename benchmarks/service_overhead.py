"""From request to finished operation through the service, beside a plain script on the same engine.

The service: POST to the API until the operation's end is answered, with everything recorded in
Postgres. The script: its process from start to end, state in files. Both make the same resources in
the same simulated cloud, without latency, a new stack each time.
"""

import base64
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median

import httpx
import yaml

from service.core.migrations import upgrade_to_head
from service.core.postgres import start_embedded_postgres
from service.engine.choice import REPOSITORY_ROOT, choose_engine
from service.engine.protocol import Engine
from service.settings import Settings

REPEATS_BY_COUNT = {10: 5, 100: 3, 500: 1}
START_SECONDS = 60
OPERATION_SECONDS = 600


class Bench:
    """Everything that both sides need, and the service itself, in one folder."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder = folder
        self._engine = engine
        self._processes: list[subprocess.Popen[bytes]] = []
        with closing(socket.socket()) as listener:
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=OPERATION_SECONDS)
        self._environment = {
            "PATH": f"{engine.root}/bin{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(REPOSITORY_ROOT),
            "BERTH_SANDBOX_PYTHON": sys.executable,
            "BERTH_ENGINE": engine.name,
            "BERTH_DATA_DIR": str(folder),
            "BERTH_PORT": str(port),
            "BERTH_BACKEND_URL": f"http://127.0.0.1:{port}",
        }

    def start(self) -> None:
        """Start Postgres, the API, a worker, and a cloud for the scripts."""
        url = start_embedded_postgres(self._folder / "postgres")
        upgrade_to_head(url)
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        self._start("service.cli", "api", BERTH_DATABASE_URL=url, BERTH_SECRETS_KEY=key)
        self._start("benchmarks._log_groups_worker", BERTH_DATABASE_URL=url)
        limit = time.monotonic() + START_SECONDS
        while not self._is_alive():
            if time.monotonic() > limit:
                sys.exit("the API did not start")
            time.sleep(0.1)
        self._deploy_by_service("warm-up", 1)

    def stop(self) -> None:
        """Stop the processes, the last first."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            process.wait()

    def by_service(self, name: str, count: int) -> float:
        """Return the seconds from request to finished operation."""
        began = time.monotonic()
        self._deploy_by_service(name, count)
        return time.monotonic() - began

    def by_script(self, name: str, count: int, ports: str) -> float:
        """Return the seconds of the plain script."""
        state = self._folder / "script-state"
        state.mkdir(exist_ok=True)
        environment = {
            **self._environment,
            "PULUMI_HOME": str(self._folder / "script-home"),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": "benchmark",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_PROVIDERS": ports,
        }
        began = time.monotonic()
        subprocess.run(  # noqa: S603 -- our own script
            [sys.executable, "-m", "benchmarks._plain_script", name, str(count)],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.monotonic() - began

    def _deploy_by_service(self, name: str, count: int) -> None:
        document = yaml.safe_load((REPOSITORY_ROOT / "examples" / "minimal.ecs.yaml").read_text())
        document |= {"name": name, "tags": {"resources": str(count)}}
        answer = self._client.post("/v1/environments", json=document).raise_for_status().json()
        operation = answer["operation"]
        while operation["finished_at"] is None:
            path = f"/v1/operations/{operation['id']}"
            operation = self._client.get(path, params={"wait": 30}).raise_for_status().json()
        if operation["state"] != "succeeded":
            sys.exit(f"the operation {operation['state']}: {operation['failure']}")

    def _start(self, module: str, *arguments: str, **settings: str) -> None:
        log = (self._folder / f"{module}.log").open("wb")
        with log:
            self._processes.append(
                subprocess.Popen(  # noqa: S603 -- our own processes
                    [sys.executable, "-m", module, *arguments],
                    env={**self._environment, **settings},
                    stderr=log,
                    stdout=log,
                )
            )

    def _is_alive(self) -> bool:
        try:
            return self._client.get("/livez").is_success
        except httpx.TransportError:
            return False


class ScriptCloud:
    """The simulated cloud for the scripts: the same program that the worker starts for itself."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 -- our own process
            [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(folder / "script-cloud")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY_ROOT)},
            text=True,
        )

    def ports(self) -> str:
        """Return what PULUMI_DEBUG_PROVIDERS takes."""
        if self._process.stdout is None:
            sys.exit("the cloud was started without a pipe")
        providers = yaml.safe_load(self._process.stdout.readline())["providers"]
        return ",".join(f"{package}:{port}" for package, port in providers.items())

    def stop(self) -> None:
        """End the cloud."""
        self._process.terminate()
        self._process.wait()


def main() -> None:
    """Measure both sides by turns and print how they compare and grow."""
    engine = choose_engine(Settings())
    print(f"engine: {engine.name} {engine.version}; seconds, median\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        cloud = ScriptCloud(folder)
        stack.callback(cloud.stop)
        ports = cloud.ports()
        bench = Bench(folder, engine)
        stack.callback(bench.stop)
        bench.start()
        print(f"{'resources':>10} {'script':>8} {'service':>8} {'ratio':>6}")
        for count, repeats in REPEATS_BY_COUNT.items():
            names = [f"bench-{count}-{turn}" for turn in range(repeats)]
            pairs = [(bench.by_script(name, count, ports), bench.by_service(name, count)) for name in names]
            script, service = (median(side) for side in zip(*pairs, strict=True))
            print(f"{count:>10} {script:>8.2f} {service:>8.2f} {service / script:>6.2f}", flush=True)


if __name__ == "__main__":
    main()
