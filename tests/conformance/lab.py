"""Drives one engine through the Automation API against the test cloud."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from pulumi import automation
from pulumi.automation._stack import StackInitMode

from tests.conformance.cloud import Cloud, Served

Program = Callable[[], None]


class Resource(TypedDict, total=False):
    """What these tests look at in a recorded resource."""

    urn: str
    type: str
    id: str
    custom: bool
    external: bool
    delete: bool
    protect: bool
    retainOnDelete: bool
    pendingReplacement: bool
    parent: str
    provider: str
    dependencies: list[str]
    propertyDependencies: dict[str, list[str]]
    inputs: dict[str, object]
    outputs: dict[str, object]
    initErrors: list[str]
    aliases: list[str]
    additionalSecretOutputs: list[str]
    customTimeouts: dict[str, float]
    importID: str
    deletedWith: str
    ignoreChanges: list[str]
    replaceOnChanges: list[str]


class LeanStack(automation.Stack):
    """A stack that asks nothing after a run: what a run came to is read from its events and the state."""

    def outputs(self) -> automation.OutputMap:
        return {}

    def info(self, show_secrets: bool = True) -> automation.UpdateSummary:
        del show_secrets
        return automation.UpdateSummary("lean", datetime.now(UTC), "", {}, {}, "unknown")


@dataclass
class Lab:
    """One engine, one state directory, one cloud."""

    command: automation.PulumiCommand
    served: Served
    root: Path
    events: list[automation.EngineEvent] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def cloud(self) -> Cloud:
        """What stands behind the provider."""
        return self.served.cloud

    @property
    def backend_url(self) -> str:
        """Where stacks are kept."""
        return self.environment.get("PULUMI_BACKEND_URL", f"file://{self.root}/state")

    def variables(self) -> dict[str, str]:
        """What the engine finds in its environment."""
        return {
            "PULUMI_BACKEND_URL": self.backend_url,
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_DEBUG_PROVIDERS": f"test:{self.served.port}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.environment,
        }

    def workspace(self, program: Program | None = None, project: str = "lab") -> automation.LocalWorkspace:
        """A workspace of a project of the lab."""
        work_dir = self.root / "work" / project
        work_dir.mkdir(parents=True, exist_ok=True)
        return automation.LocalWorkspace(
            work_dir=str(work_dir),
            pulumi_home=str(self.root / "home"),
            env_vars=self.variables(),
            program=program,
            pulumi_command=self.command,
            project_settings=automation.ProjectSettings(name=project, runtime="python", main=str(work_dir)),
        )

    def stack(
        self, program: Program | None = None, name: str = "dev", project: str = "lab"
    ) -> automation.Stack:
        """A new stack."""
        return LeanStack(name, self.workspace(program, project), StackInitMode.CREATE)

    def same_stack(
        self, program: Program | None = None, name: str = "dev", project: str = "lab"
    ) -> automation.Stack:
        """A stack that is there already."""
        return LeanStack(name, self.workspace(program, project), StackInitMode.SELECT)

    def with_engine(self, command: automation.PulumiCommand) -> "Lab":
        """The same lab at the hands of another engine."""
        return replace(self, command=command, events=[])

    def full_stack(
        self, program: Program | None = None, name: str = "dev", project: str = "lab"
    ) -> automation.Stack:
        """A stack that is made or selected, with everything that the SDK asks around a run."""
        return automation.Stack.create_or_select(name, self.workspace(program, project))

    def up(
        self, stack: automation.Stack, program: Program | None = None, **options: object
    ) -> dict[str, int]:
        """Deploy, and answer how often each operation happened."""
        self.events.clear()
        stack.up(program=program, on_event=self.events.append, color="never", **options)
        return self.changes()

    def preview(
        self, stack: automation.Stack, program: Program | None = None, **options: object
    ) -> dict[str, int]:
        """Preview, and answer how often each operation would happen."""
        self.events.clear()
        stack.preview(program=program, on_event=self.events.append, color="never", **options)
        return self.changes()

    def refresh(self, stack: automation.Stack, **options: object) -> dict[str, int]:
        """Refresh, and answer how often each operation happened."""
        self.events.clear()
        stack.refresh(on_event=self.events.append, color="never", **options)
        return self.changes()

    def destroy(self, stack: automation.Stack, **options: object) -> dict[str, int]:
        """Destroy, and answer how often each operation happened."""
        self.events.clear()
        stack.destroy(on_event=self.events.append, color="never", **options)
        return self.changes()

    def changes(self) -> dict[str, int]:
        """How often each operation happened in the last run, the stack itself left out of creations."""
        (summary,) = [event.summary_event for event in self.events if event.summary_event]
        return {str(op): count for op, count in summary.resource_changes.items()}

    def checkpoint(self, stack: automation.Stack) -> dict[str, object]:
        """The deployment as it is kept, wherever that is."""
        if not self.backend_url.startswith("file://"):
            return dict(json.loads(self.ask("stack", "export", "--stack", stack.name).stdout)["deployment"])
        project = stack.workspace.project_settings().name
        path = self.root / "state" / ".pulumi" / "stacks" / project / f"{stack.name}.json"
        return json.loads(path.read_text(encoding="utf-8"))["checkpoint"].get("latest", {})

    def ask(self, *arguments: str, project: str = "lab") -> automation.CommandResult:
        """What a command of the engine answers, in the folder of a project."""
        variables = {**self.variables(), "PULUMI_HOME": str(self.root / "home")}
        return self.command.run(list(arguments), str(self.root / "work" / project), variables)

    def resources(self, stack: automation.Stack) -> list[Resource]:
        """The recorded resources, in their recorded order."""
        return self.checkpoint(stack).get("resources", [])

    def resource(self, stack: automation.Stack, name: str) -> Resource:
        """The recorded resource of that name."""
        (found,) = [item for item in self.resources(stack) if item["urn"].rsplit("::", 1)[1] == name]
        return found

    def names(self, stack: automation.Stack) -> list[str]:
        """Names of the recorded resources other than the stack and its providers, sorted."""
        return sorted(
            item["urn"].rsplit("::", 1)[1]
            for item in self.resources(stack)
            if not item["type"].startswith("pulumi:")
        )

    def steps(self) -> list[tuple[str, str]]:
        """(operation, name) of every step that began in the last run; providers and the stack left out."""
        found = [event.resource_pre_event.metadata for event in self.events if event.resource_pre_event]
        return [
            (str(step.op.value), step.urn.rsplit("::", 1)[1]) for step in found if "::pulumi:" not in step.urn
        ]

    def step(self, op: str, name: str) -> automation.StepEventMetadata:
        """What the last event says of a step."""
        found = [
            (event.res_outputs_event or event.resource_pre_event).metadata
            for event in self.events
            if event.res_outputs_event or event.resource_pre_event
        ]
        return [step for step in found if step.op.value == op and step.urn.endswith(f"::{name}")][-1]

    def diagnostics(self, severity: str = "error") -> list[str]:
        """The messages of one severity in the last run."""
        return [
            event.diagnostic_event.message
            for event in self.events
            if event.diagnostic_event and event.diagnostic_event.severity == severity
        ]


def attempt(run: Callable[[], object]) -> automation.CommandError | None:
    """The error that a run ends with, if any."""
    try:
        run()
    except automation.CommandError as error:
        return error
    return None


SANDBOX_ROOT = Path(__file__).resolve().parents[2] / "sandbox"


def sandbox_command() -> automation.PulumiCommand:
    """The sandbox's engine, started anew for each command as users start it."""
    os.environ.setdefault("BERTH_SANDBOX_PYTHON", sys.executable)
    return automation.PulumiCommand(root=str(SANDBOX_ROOT))
