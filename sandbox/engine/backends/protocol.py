"""What a backend does for the engine, whether it is a service or a folder."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sandbox.engine.errors import EngineError
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.journal import JournalEntry
from sandbox.engine.state.json_values import Json, JsonObject
from sandbox.engine.workspace.project import StackFile

_BAD_CHARACTER = re.compile(r"[^a-zA-Z0-9_.-]")
_LONGEST_NAME = 100


def refuse_bad_name(name: str) -> None:
    """Refuse what cannot name a stack (tokens.ParseStackName).

    Raises:
        EngineError: with what is wrong.
    """
    if not name:
        raise EngineError("a stack name may not be empty")
    if len(name) > _LONGEST_NAME:
        raise EngineError(f"a stack name cannot exceed {_LONGEST_NAME} characters")
    if bad := _BAD_CHARACTER.search(name):
        raise EngineError(
            "a stack name may only contain alphanumeric, hyphens, underscores, or periods: "
            f"invalid character '{bad.group()}' at position {bad.start()}"
        )


@dataclass(frozen=True, slots=True)
class StackName:
    """A stack with its organization and project."""

    organization: str
    project: str
    stack: str

    @property
    def qualified(self) -> str:
        """The full name."""
        return f"{self.organization}/{self.project}/{self.stack}"


@dataclass(frozen=True, slots=True)
class StackListing:
    """A stack as `stack ls` shows it."""

    name: str
    last_update: str = ""
    is_updating: bool = False
    resource_count: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """Who is logged in."""

    name: str
    organizations: list[str] = field(default_factory=list[str])


class UpdateKind(StrEnum):
    """What an update does."""

    PREVIEW = "preview"
    UPDATE = "update"
    REFRESH = "refresh"
    DESTROY = "destroy"
    IMPORT = "resource-import"


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """An update as the backend is told of it."""

    kind: UpdateKind
    project: str
    runtime: str
    main: str
    description: str
    config: Mapping[str, Json]
    message: str
    environment: Mapping[str, str]
    is_dry_run: bool
    parallel: int


class Journal(Protocol):
    """Takes what each step did to the state."""

    async def append(self, entry: JournalEntry, *, is_durable: bool) -> None:
        """Take an entry; a durable one is safe when this returns.

        Raises:
            EngineError: if it cannot be recorded.
        """
        ...


class UpdateSession(Journal, Protocol):
    """One running update."""

    def record_event(self, event: JsonObject) -> None:
        """Take an engine event for the record."""
        ...

    async def finish(self, *, succeeded: bool, changes: Mapping[str, int]) -> None:
        """Write what is left and end the update."""
        ...


class Backend(Protocol):
    """Where stacks, their state and their history are kept."""

    @property
    def url(self) -> str:
        """The address under which it was chosen."""
        ...

    def user(self) -> User:
        """Who is logged in."""
        ...

    def parse_name(self, name: str, project: str) -> StackName:
        """The stack that a name given on the command line means."""
        ...

    def show_name(self, name: StackName, project: str) -> str:
        """The name as shown within a project."""
        ...

    def exists(self, name: StackName) -> bool:
        """Whether there is such a stack."""
        ...

    def create(self, name: StackName) -> None:
        """Make a stack.

        Raises:
            StackAlreadyExistsError: if there is one.
        """
        ...

    def remove(self, name: StackName, *, force: bool) -> None:
        """Remove a stack.

        Raises:
            EngineError: if it still holds resources and this is not forced.
        """
        ...

    def rename(self, name: StackName, new_name: StackName) -> None:
        """Give a stack another name."""
        ...

    def list_stacks(self, project: str | None) -> list[StackListing]:
        """Stacks of a project, or all."""
        ...

    def export(self, name: StackName) -> UntypedDeployment:
        """The recorded state."""
        ...

    def replace_state(self, name: StackName, deployment: UntypedDeployment) -> None:
        """Record another state."""
        ...

    def history(self, name: StackName, page_size: int, page: int) -> list[JsonObject]:
        """Past updates, newest first, as the backend records them."""
        ...

    def tags(self, name: StackName) -> dict[str, str]:
        """The stack's tags."""
        ...

    def set_tags(self, name: StackName, tags: Mapping[str, str]) -> None:
        """Replace the stack's tags."""
        ...

    def cancel(self, name: StackName) -> None:
        """End the running update's hold on the stack."""
        ...

    def secrets_manager(self, name: StackName, settings: StackFile) -> SecretsManager:
        """Who encrypts this stack's configuration and state; may complete the settings."""
        ...

    def manager_for(self, name: StackName, deployment: JsonObject) -> SecretsManager | None:
        """Who can read a deployment's secrets."""
        ...

    def begin(self, name: StackName, request: UpdateRequest, base: JsonObject) -> UpdateSession:
        """Start an update on top of a deployment; it must run inside an event loop."""
        ...
