"""The sandbox's engine without its start: each command runs in a fork of one process that is loaded already.

Most cases state what an engine does and run several commands each; what a process of its own adds (its start,
its signals, its sudden death) is stated by the cases that use `sandbox_command`.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable, Mapping
from multiprocessing.reduction import DupFd
from pathlib import Path
from typing import TextIO

from pulumi import automation
from pulumi.automation.errors import create_command_error
from semver import VersionInfo

from sandbox.engine.version import VERSION
from tests.conformance.warm_engine import received, run_engine

OnOutput = Callable[[str], object]

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload([run_engine.__module__])


class _Passed:
    """A file descriptor that becomes the number of its copy in a forked process."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[object, ...]:
        """Be copied at the very moment of the fork."""
        return received, (DupFd(self._descriptor),)


class _Reader(threading.Thread):
    """Collects what an engine writes to one of its streams."""

    def __init__(self, stream: TextIO, callback: OnOutput | None) -> None:
        super().__init__(daemon=True)
        self._stream = stream
        self._callback = callback
        self._lines: list[str] = []

    def run(self) -> None:
        """Read until the engine has ended."""
        with self._stream:
            for line in self._stream:
                self._lines.append(line.rstrip())
                if self._callback:
                    self._callback(line.rstrip())

    def text(self) -> str:
        """Everything that was written."""
        self.join()
        return "\n".join(self._lines)


class WarmCommand(automation.PulumiCommand):
    """The sandbox's engine, as the Automation API calls it."""

    def __init__(self, root: Path) -> None:
        self.command = str(root / "bin" / "pulumi")
        self.version = VersionInfo.parse(VERSION)

    def run(
        self,
        args: list[str],
        cwd: str,
        additional_env: Mapping[str, str],
        on_output: OnOutput | None = None,
        on_error: OnOutput | None = None,
    ) -> automation.CommandResult:
        """Run a command to its end."""
        if "--non-interactive" not in args:
            args.insert(0, "--non-interactive")
        environment = {**os.environ, **additional_env, "PULUMI_AUTOMATION_API": "true"}
        pipes = [os.pipe(), os.pipe()]
        outputs = tuple(_Passed(writes) for _, writes in pipes)
        engine = _forks.Process(target=run_engine, args=(args, cwd, environment, outputs))
        engine.start()
        for _, writes in pipes:
            os.close(writes)
        readers = [
            _Reader(os.fdopen(reads, encoding="utf-8"), callback)
            for (reads, _), callback in zip(pipes, (on_output, on_error), strict=True)
        ]
        for reader in readers:
            reader.start()
        stdout, stderr = (reader.text() for reader in readers)
        engine.join()
        result = automation.CommandResult(stderr=stderr, stdout=stdout, code=engine.exitcode or 0)
        engine.close()
        if result.code != 0:
            raise create_command_error(result)
        return result
