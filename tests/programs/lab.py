"""Stacks deployed for real: an engine, the simulated AWS, and nothing in between."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pulumi import automation
from pulumi.automation.events import EngineEvent

from programs.program import program_for
from programs.request import parse_request
from tests.conformance.conftest import warm_command
from tests.programs.existing import let_network_stand
from tests.programs.recording import FACTS
from tests.programs.strategies.documents import Document

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Step:
    """What an engine did with one resource."""

    operation: str
    type: str
    name: str


@contextmanager
def cloud(folder: Path) -> Iterator[str]:
    """Serve an empty cloud; yield the addresses that engines attach to."""
    command = [sys.executable, "-m", "sandbox.cloud", "serve", "--store", str(folder), "--latency", "none"]
    server = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        providers = json.loads(server.stdout.readline())["providers"]
        yield ",".join(f"{name}:{port}" for name, port in providers.items())
    finally:
        server.stdin.close()
        server.wait(timeout=20)
        server.stdout.close()


class Lab:
    """One stack in a cloud of its own."""

    def __init__(self, engine: str, folder: Path, providers: str) -> None:
        """Choose the engine: `sandbox`, or the official one on PATH."""
        (folder / "state").mkdir()
        self._store = folder / "cloud"
        self._command = warm_command(engine)
        self._variables = {
            "PULUMI_BACKEND_URL": f"file://{folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_HOME": str(folder / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "BERTH_SANDBOX_PYTHON": sys.executable,
            "PATH": os.environ["PATH"],
        }

    def stack(self, document: Document) -> automation.Stack:
        """Return the stack with the program of a document."""
        program = program_for(parse_request(document), FACTS)
        options = automation.LocalWorkspaceOptions(env_vars=self._variables, pulumi_command=self._command)
        return automation.create_or_select_stack("lab", "environments", program, opts=options)

    def planned(self, document: Document) -> Mapping[str, int]:
        """Plan a document; return how many resources would be made, changed, kept."""
        return {str(one): count for one, count in self.stack(document).preview().change_summary.items()}

    def changes(self, document: Document) -> Mapping[str, int]:
        """Deploy a document; return how many resources were made, changed, kept."""
        return self.stack(document).up().summary.resource_changes or {}

    def steps(self, document: Document) -> list[Step]:
        """Deploy a document; return what was done with each resource that was not kept."""
        log = EventLog()
        self.stack(document).up(on_event=log.note)
        return log.begun

    def destroy(self, document: Document) -> "EventLog":
        """Destroy the stack, and find nothing left in its state; return what happened."""
        log = EventLog()
        stack = self.stack(document)
        stack.destroy(on_event=log.note)
        assert not (stack.export_stack().deployment or {}).get("resources")
        return log

    def let_network_stand(self) -> None:
        """Put the network that documents name into the cloud."""
        let_network_stand(self._store)

    def standing(self) -> Counter[str]:
        """What stands in the cloud, each as one text, whoever made it."""
        command = [sys.executable, "-m", "sandbox.cloud", "show", "--json", "--store", str(self._store)]
        shown = subprocess.run(command, check=True, capture_output=True, text=True, cwd=_ROOT).stdout
        return Counter(json.dumps(one, sort_keys=True) for one in json.loads(shown))


class EventLog:
    """The steps of an update, in the order in which they began and ended."""

    def __init__(self) -> None:
        """Begin empty."""
        self.begun: list[Step] = []
        self.ended: list[Step] = []
        self.order: list[tuple[str, Step]] = []

    def note(self, event: EngineEvent) -> None:
        """Keep a step that changes something; what a provider or component is, is not a step of its own."""
        for moment, told, steps in (
            ("begun", event.resource_pre_event, self.begun),
            ("ended", event.res_outputs_event, self.ended),
        ):
            if told is None or told.metadata.op.value in {"same", "read", "refresh"}:
                continue
            step = Step(told.metadata.op.value, told.metadata.type, told.metadata.urn.rpartition("::")[2])
            steps.append(step)
            self.order.append((moment, step))
