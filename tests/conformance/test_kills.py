"""An engine killed at any moment of a deploy: the next run ends it, with nothing lost or doubled."""

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pulumi
import pytest
from pulumi import ResourceOptions, automation

from sandbox.cloud.store.database import Database
from sandbox.cloud.store.inventory import Inventory
from tests.conformance.cloud import serve
from tests.conformance.conftest import engine_command
from tests.conformance.lab import Lab, attempt
from tests.conformance.leftovers import leftovers_closed

COUNT = 60
ROW = 6
MOMENTS = 50
# A deploy of so many resources sends about this many events.
EVENTS = 2 * COUNT + 8
REPOSITORY = Path(__file__).resolve().parents[2]


class Queue(pulumi.CustomResource):
    """A queue of the simulated cloud."""

    def __init__(self, name: str, opts: ResourceOptions) -> None:
        super().__init__("aws:sqs/queue:Queue", name, {"name": name}, opts)


def queues() -> None:
    """Rows of queues; each row waits for one of the row before."""
    before: list[pulumi.Resource] = []
    for row in range(COUNT // ROW):
        names = [f"queue-{row}-{column}" for column in range(ROW)]
        before = [Queue(name, ResourceOptions(depends_on=before[:1])) for name in names]


@pytest.fixture
def cloud_folder(tmp_path: Path) -> Path:
    """Where the simulated cloud keeps what stands in it."""
    return tmp_path / "cloud"


@pytest.fixture
def lab(engine: str, tmp_path: Path, cloud_folder: Path) -> Iterator[Lab]:
    """A lab on the simulated cloud, which is a process of its own and outlives every engine."""
    (tmp_path / "state").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(cloud_folder)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    ports = json.loads(process.stdout.readline())["providers"]
    attached = ",".join(f"{package}:{port}" for package, port in ports.items())
    served = serve()
    with leftovers_closed():
        yield Lab(engine_command(engine), served, tmp_path, environment={"PULUMI_DEBUG_PROVIDERS": attached})
        served.stop()
        process.communicate()


def _standing(folder: Path) -> list[str]:
    database = Database(folder)
    try:
        return sorted(record.id for record in Inventory(database).everything())
    finally:
        database.close()


def _up_until_killed(stack: automation.Stack, moment: int) -> bool:
    """Deploy, kill the engine when it has told so many events, and say whether it came to that."""
    told: list[automation.EngineEvent] = []

    def on_event(event: automation.EngineEvent) -> None:
        told.append(event)
        if len(told) == moment:
            below = psutil.Process().children(recursive=True)
            next(child for child in below if "--event-log" in child.cmdline()).kill()

    error = attempt(lambda: stack.up(on_event=on_event))
    return error is not None


def _put_back_torn_checkpoints(root: Path) -> None:
    """Do what a person does whose official CLI was killed while it wrote: take the copy that it made before.

    On files it writes over the checkpoint in place; the sandbox's engine puts a whole file in its stead.
    """
    for checkpoint in (root / "state").rglob("stacks/**/dev.json"):
        try:
            json.loads(checkpoint.read_bytes())
        except ValueError:
            shutil.copyfile(checkpoint.with_name("dev.json.bak"), checkpoint)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(MOMENTS))
def test_killed_deploy_is_continued(engine: str, lab: Lab, cloud_folder: Path, number: int) -> None:
    """Whenever the engine dies, what stands in the cloud is what the state knows after the next run."""
    moment = random.Random(number).randint(1, EVENTS)  # noqa: S311 -- any moment will do
    stack = lab.stack(queues)
    stack.set_config("aws:region", automation.ConfigValue("us-east-1"))
    killed = _up_until_killed(stack, moment)
    if killed:
        if engine == "official":
            _put_back_torn_checkpoints(lab.root)
        attempt(stack.cancel)
        lab.up(stack)
    recorded = [item for item in lab.resources(stack) if item["type"] == "aws:sqs/queue:Queue"]
    assert len({item["urn"] for item in recorded}) == len(recorded) == COUNT
    assert sorted(item["id"] for item in recorded) == _standing(cloud_folder)
    lab.destroy(stack)
    assert _standing(cloud_folder) == []
