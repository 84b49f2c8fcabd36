"""Drives one engine through the Automation API against the test cloud."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from cloud import Served
from pulumi import automation

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


@dataclass
class Lab:
    """One engine, one state directory, one cloud."""

    command: automation.PulumiCommand
    served: Served
    root: Path
    backend_url: str
    events: list[automation.EngineEvent] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """What the engine finds in its environment."""
        return {
            "PULUMI_BACKEND_URL": self.backend_url,
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_DEBUG_PROVIDERS": f"test:{self.served.port}",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            **self.environment,
        }

    def stack(self, program: Program, name: str = "dev", project: str = "lab") -> automation.Stack:
        """A stack of the lab's state directory, made when it is missing."""
        work_dir = self.root / "work" / project
        work_dir.mkdir(parents=True, exist_ok=True)
        options = automation.LocalWorkspaceOptions(
            work_dir=str(work_dir),
            pulumi_home=str(self.root / "home"),
            env_vars=self.variables(),
            pulumi_command=self.command,
            project_settings=automation.ProjectSettings(name=project, runtime="python", main=str(work_dir)),
        )
        return automation.create_or_select_stack(name, project_name=project, program=program, opts=options)

    def up(
        self, stack: automation.Stack, program: Program | None = None, **options: object
    ) -> dict[str, int]:
        """Deploy, and answer how often each operation happened."""
        self.events.clear()
        result = stack.up(program=program, on_event=self.events.append, color="never", **options)
        return dict(result.summary.resource_changes or {})

    def preview(
        self, stack: automation.Stack, program: Program | None = None, **options: object
    ) -> dict[str, int]:
        """Preview, and answer how often each operation would happen."""
        self.events.clear()
        result = stack.preview(program=program, on_event=self.events.append, color="never", **options)
        return dict(result.change_summary)

    def refresh(self, stack: automation.Stack, **options: object) -> dict[str, int]:
        """Refresh, and answer how often each operation happened."""
        self.events.clear()
        result = stack.refresh(on_event=self.events.append, color="never", **options)
        return dict(result.summary.resource_changes or {})

    def destroy(self, stack: automation.Stack, **options: object) -> dict[str, int]:
        """Destroy, and answer how often each operation happened."""
        self.events.clear()
        result = stack.destroy(on_event=self.events.append, color="never", **options)
        return dict(result.summary.resource_changes or {})

    def resources(self, stack: automation.Stack) -> list[Resource]:
        """The recorded resources, in their recorded order, secrets in plain text."""
        return stack.export_stack().deployment.get("resources", [])

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
        """(operation, name) of every step that began in the last run, in order, providers and stack left out."""
        return [
            (
                str(event.resource_pre_event.metadata.op.value),
                event.resource_pre_event.metadata.urn.rsplit("::", 1)[1],
            )
            for event in self.events
            if event.resource_pre_event and "::pulumi:" not in event.resource_pre_event.metadata.urn
        ]

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


def read_json(path: Path) -> Mapping[str, object]:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


SANDBOX_ROOT = Path(__file__).resolve().parents[2] / "sandbox"


def sandbox_command() -> automation.PulumiCommand:
    """The sandbox's engine."""
    os.environ.setdefault("BERTH_SANDBOX_PYTHON", sys.executable)
    return automation.PulumiCommand(root=str(SANDBOX_ROOT))
