"""The Automation API with one CLI run per operation: nothing is asked that the records already know."""

import os
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGINT
from typing import IO

from pulumi.automation import (
    LocalWorkspace,
    OnOutput,
    OutputMap,
    ProjectSettings,
    PulumiCommand,
    PulumiFn,
    Stack,
    UpdateSummary,
)
from pulumi.automation._cmd import CommandResult
from pulumi.automation._stack import StackInitMode
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from service.engine.aws_profile import credentials_environment
from service.engine.protocol import RunnerJob

KEPT_OUTPUT_LINES = 200


class CancelledBeforeStartError(Exception):
    """The operation was cancelled before its engine process was started."""


class EngineCommand(PulumiCommand):
    """The CLI as a child that can be interrupted exactly once.

    The version is known, so none is asked for; of the output only the last lines are kept, and
    the child gets this process's environment, which its worker built from nothing.
    """

    def __init__(self, root: str, version: str) -> None:  # pyright: ignore[reportMissingSuperCall]
        self.command = str(Path(root) / "bin" / "pulumi")
        self.version = VersionInfo.parse(version)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_interrupted = False
        self.last_output = ""

    @property
    def is_interrupted(self) -> bool:
        """Whether `interrupt` was called."""
        return self._is_interrupted

    @property
    def was_started(self) -> bool:
        """Whether an engine process was started."""
        return self._process is not None

    def interrupt(self) -> None:
        """Ask the engine to end gracefully. A second SIGINT would abandon steps in flight: never sent."""
        with self._lock:
            if self._is_interrupted:
                return
            self._is_interrupted = True
            if self._process is not None and self._process.poll() is None:
                self._process.send_signal(SIGINT)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> CommandResult:
        """Run the CLI to its end.

        Raises:
            CommandError: it ended with another code than 0.
            CancelledBeforeStartError: `interrupt` came first.
        """
        process = self._start(["--non-interactive", *args], cwd, additional_env)
        stdout, stderr = _LineTail(process.stdout, on_output), _LineTail(process.stderr, on_error)
        stdout.join()
        stderr.join()
        result = CommandResult(stdout=stdout.text(), stderr=stderr.text(), code=process.wait())
        self.last_output = result.stderr or result.stdout
        if result.code != 0:
            raise create_command_error(result)
        return result

    def _start(self, args: list[str], cwd: str, additional_env: Mapping[str, str]) -> "subprocess.Popen[str]":
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        with self._lock:
            if self._is_interrupted:
                raise CancelledBeforeStartError
            self._process = subprocess.Popen(  # noqa: S603 -- the engine, with arguments of the SDK
                [self.command, *args],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=cwd,
                env=environment,
                encoding="utf-8",
                errors="replace",
            )
            return self._process


class _LineTail(threading.Thread):
    """Drains a pipe and keeps its last lines."""

    def __init__(self, stream: IO[str] | None, on_line: OnOutput | None) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._on_line = on_line
        self._lines: deque[str] = deque(maxlen=KEPT_OUTPUT_LINES)
        self.start()

    def run(self) -> None:
        if self._stream is None:
            return
        with self._stream:
            for line in self._stream:
                self._lines.append(line.rstrip())
                if self._on_line is not None:
                    self._on_line(line.rstrip())

    def text(self) -> str:
        return "\n".join(self._lines)


class RecordedWorkspace(LocalWorkspace):
    """A workspace whose stacks exist in the backend already: selecting one needs no CLI run."""

    def select_stack(self, stack_name: str) -> None:
        """Do nothing: every command names its stack."""


class RecordedStack(Stack):
    """A stack whose outputs and history are read from the service's records, not from the CLI."""

    def outputs(self) -> OutputMap:
        """Return nothing: the backend projected the outputs when the engine completed the update."""
        return {}

    def info(self, show_secrets: bool = True) -> UpdateSummary | None:  # noqa: ARG002 -- the SDK's signature
        """Return an empty summary: the backend holds the update's history."""
        now = datetime.now(UTC)
        return UpdateSummary(
            kind="update",
            start_time=now,
            message="",
            environment={},
            config={},
            result="succeeded",
            end_time=now,
        )


def open_stack(job: RunnerJob, run_dir: Path, program: PulumiFn | None, command: EngineCommand) -> Stack:
    """Prepare the job's private work folder and PULUMI_HOME in `run_dir` and return its stack."""
    work_dir, home = run_dir / "work", run_dir / "home"
    for folder in (work_dir, home):
        folder.mkdir(mode=0o700, exist_ok=True)
    if job.engine.plugins_dir is not None:
        (home / "plugins").symlink_to(job.engine.plugins_dir)
    workspace = RecordedWorkspace(
        work_dir=str(work_dir),
        pulumi_home=str(home),
        program=program,
        env_vars=_engine_environment(job, run_dir),
        project_settings=ProjectSettings(name=job.stack.project, runtime="python"),
        pulumi_command=command,
    )
    return RecordedStack(job.stack.name, workspace, StackInitMode.SELECT)


def _engine_environment(job: RunnerJob, run_dir: Path) -> dict[str, str]:
    environment = {
        "PULUMI_BACKEND_URL": job.stack.backend_url,
        "PULUMI_ACCESS_TOKEN": job.stack.token,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        **credentials_environment(job.role, job.passed_environment, run_dir),
    }
    if job.debug_providers:
        ports = sorted(job.debug_providers.items())
        environment["PULUMI_DEBUG_PROVIDERS"] = ",".join(f"{package}:{port}" for package, port in ports)
    return environment
