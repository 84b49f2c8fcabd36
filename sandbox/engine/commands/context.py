"""Where a command runs: its project, backend and stack."""

import json
import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sandbox.engine.backends.choice import home_folder, open_backend
from sandbox.engine.backends.protocol import Backend, StackName
from sandbox.engine.errors import EngineError, StackNotFoundError
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.state.json_values import load_object, text
from sandbox.engine.workspace.project import Project, StackFile, load_project, load_stack_file, workspace_file


class NoStackSelectedError(EngineError):
    """No stack was named and none is selected."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("no stack selected; specify a stack name with --stack")


@dataclass
class Context:
    """The surroundings of one command, looked up when needed."""

    arguments: Namespace
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    @cached_property
    def folder(self) -> Path:
        """The working directory."""
        return Path(str(getattr(self.arguments, "cwd", "")) or Path.cwd()).absolute()

    @cached_property
    def project(self) -> Project:
        """The project of the working directory."""
        return load_project(self.folder)

    @cached_property
    def maybe_project(self) -> Project | None:
        """The project of the working directory, if it has one."""
        try:
            return self.project
        except EngineError:
            return None

    @cached_property
    def backend(self) -> Backend:
        """The backend in use."""
        return open_backend(self.maybe_project, self.environment)

    def name(self, given: str) -> StackName:
        """The stack that a name means here."""
        project = self.maybe_project
        return self.backend.parse_name(given, project.name if project else "")

    @cached_property
    def stack(self) -> StackName:
        """The stack that was named or is selected; it exists.

        Raises:
            StackNotFoundError: if it does not.
        """
        given = str(getattr(self.arguments, "stack", "") or "") or self.selected()
        if not given:
            raise NoStackSelectedError
        name = self.name(given)
        if not self.backend.exists(name):
            raise StackNotFoundError(given)
        return name

    def selected(self) -> str:
        """The selected stack's name, empty when there is none."""
        path = self._selection_path()
        return text(load_object(path.read_bytes()), "stack") if path and path.is_file() else ""

    def select(self, name: StackName) -> None:
        """Remember a stack for the commands to come."""
        path = self._selection_path()
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"stack": name.qualified}), encoding="utf-8")

    def unselect(self) -> None:
        """Remember no stack."""
        path = self._selection_path()
        if path is not None:
            path.unlink(missing_ok=True)

    def _selection_path(self) -> Path | None:
        project = self.maybe_project
        return workspace_file(home_folder(self.environment), project) if project else None

    @cached_property
    def settings(self) -> StackFile:
        """The stack's settings file."""
        return load_stack_file(
            self.project, self.stack.stack, str(getattr(self.arguments, "config_file", "") or "")
        )

    @cached_property
    def secrets(self) -> SecretsManager:
        """Who encrypts the stack's configuration."""
        return self.backend.secrets_manager(self.stack, self.settings)
