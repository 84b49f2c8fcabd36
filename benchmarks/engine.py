"""The sandbox's engine beside the official one, on the same simulated cloud and the same program.

    python -m benchmarks.engine [--counts 10,100,500,2000]

Prints, for each number of resources, the seconds of a preview, a deploy, a deploy without changes and a
destroy, the engine's peak memory, and the ratio of the two engines where a `pulumi` is on PATH. The times
include the program, which is the same Python for both.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pulumi
from pulumi import automation

from benchmarks._memory import MEBIBYTE, MemoryWatch

REPOSITORY = Path(__file__).resolve().parents[1]
PHASES = ("preview", "up", "unchanged up", "destroy")
PARALLEL = 16
SAMPLE_SECONDS = 0.05


class Queue(pulumi.CustomResource):
    """A queue of the simulated cloud."""

    def __init__(self, name: str) -> None:
        super().__init__("aws:sqs/queue:Queue", name, {"name": name})


@dataclass
class Measured:
    """Seconds by phase, and the engine's peak memory over all of them."""

    seconds: dict[str, float]
    peak_mebibytes: float


def largest_engine_bytes() -> int:
    """Return the resident memory of the largest process below this one that runs an engine."""
    largest = 0
    for child in psutil.Process().children(recursive=True):
        try:
            if "--client" in " ".join(child.cmdline()) or "destroy" in child.cmdline():
                largest = max(largest, child.memory_info().rss)
        except psutil.Error:
            continue
    return largest


@contextmanager
def simulated_cloud(folder: Path) -> Iterator[str]:
    """Serve an empty cloud and give what attaches engines to it."""
    process = subprocess.Popen(  # noqa: S603 -- the project's own command
        [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None  # noqa: S101 -- it was asked for
    ports = json.loads(process.stdout.readline())["providers"]
    yield ",".join(f"{package}:{port}" for package, port in ports.items())
    process.communicate()


def measure(command: automation.PulumiCommand, count: int) -> Measured:
    """Take a stack of so many queues through its life."""
    with tempfile.TemporaryDirectory() as name, simulated_cloud(Path(name) / "cloud") as attached:
        folder = Path(name)
        (folder / "state").mkdir()

        def program() -> None:
            for number in range(count):
                Queue(f"queue-{number}")

        workspace = automation.LocalWorkspace(
            work_dir=name,
            pulumi_home=str(folder / "home"),
            program=program,
            pulumi_command=command,
            project_settings=automation.ProjectSettings(name="bench", runtime="python", main=name),
            env_vars={
                "PULUMI_BACKEND_URL": f"file://{name}/state",
                "PULUMI_CONFIG_PASSPHRASE": "benchmark",
                "PULUMI_DEBUG_PROVIDERS": attached,
                "PULUMI_SKIP_UPDATE_CHECK": "true",
                "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            },
        )
        stack = automation.Stack.create("dev", workspace)
        stack.set_config("aws:region", automation.ConfigValue("us-east-1"))
        runs: dict[str, Callable[[], object]] = {
            "preview": lambda: stack.preview(parallel=PARALLEL),
            "up": lambda: stack.up(parallel=PARALLEL),
            "unchanged up": lambda: stack.up(parallel=PARALLEL),
            "destroy": lambda: stack.destroy(parallel=PARALLEL),
        }
        seconds: dict[str, float] = {}
        with MemoryWatch(largest_engine_bytes, sample_seconds=SAMPLE_SECONDS) as watch:
            for phase, run in runs.items():
                began = time.monotonic()
                run()
                seconds[phase] = time.monotonic() - began
    return Measured(seconds, watch.peak_bytes / MEBIBYTE)


def show(count: int, ours: Measured, official: Measured | None) -> None:
    """Print one table."""
    print(f"\n{count} resources")
    print(f"  {'':14}{'sandbox':>10}{'official':>10}{'ratio':>8}")
    for phase in PHASES:
        line = f"  {phase:14}{ours.seconds[phase]:>9.2f}s"
        if official is not None:
            ratio = ours.seconds[phase] / official.seconds[phase]
            line += f"{official.seconds[phase]:>9.2f}s{ratio:>8.2f}"
        print(line)
    line = f"  {'peak memory':14}{ours.peak_mebibytes:>7.0f}MiB"
    print(line if official is None else f"{line}{official.peak_mebibytes:>7.0f}MiB")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", default="10,100,500,2000")
    counts = [int(text) for text in parser.parse_args().counts.split(",")]
    os.environ.setdefault("BERTH_SANDBOX_PYTHON", sys.executable)
    sandbox = automation.PulumiCommand(root=str(REPOSITORY / "sandbox"))
    official = automation.PulumiCommand() if shutil.which("pulumi") else None
    for count in counts:
        show(count, measure(sandbox, count), measure(official, count) if official else None)


if __name__ == "__main__":
    main()
