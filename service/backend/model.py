"""Stacks, updates and leases: the nouns of the Pulumi backend and their rules."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from service.core.errors import InvalidInputError
from service.core.ids import EnvironmentId, OperationId, StackId, UpdateId
from service.operations.model import Epoch
from service.state.json_values import JsonObject

PROJECT = "environments"
"""The project that every environment's stack belongs to."""

LEASE_SECONDS = 300
"""How long a lease holds; the CLI asks for 300 s at most and renews after half of it."""

STACK_TOKEN_PREFIX = "bst_"  # noqa: S105 -- marks the kind of token, is none
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


class UpdateKind(StrEnum):
    """What an update does to its stack."""

    UPDATE = "update"
    PREVIEW = "preview"
    REFRESH = "refresh"
    DESTROY = "destroy"
    IMPORT = "import"
    RENAME = "rename"


class UpdateStatus(StrEnum):
    """Where an update stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing can follow."""
        return self in {UpdateStatus.SUCCEEDED, UpdateStatus.FAILED, UpdateStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class StackName:
    """How a stack is addressed: organization (the team), project, stack."""

    team: str
    project: str
    name: str

    def __str__(self) -> str:
        return f"{self.team}/{self.project}/{self.name}"

    def check(self) -> None:
        """Raise InvalidInputError unless each part is 1 to 100 letters, digits, `.`, `_` or `-`."""
        for what, part in (("organization", self.team), ("project", self.project), ("stack", self.name)):
            if not _NAME.fullmatch(part) or not part.strip("."):
                raise InvalidInputError(
                    f"invalid {what} name {part[:120]!r}: 1 to 100 letters, digits, '.', '_', '-' are allowed"
                )


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as recorded; `version` is the number of its newest update that was no preview."""

    id: StackId
    address: StackName
    environment_id: EnvironmentId | None
    version: int
    key_generation: int
    active_update_id: UpdateId | None
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Update:
    """An update as recorded; an update of one of Berth's operations carries that operation's epoch."""

    id: UpdateId
    stack_id: StackId
    kind: UpdateKind
    status: UpdateStatus
    requested_by: str
    created_at: datetime
    operation_id: OperationId | None = None
    epoch: Epoch | None = None
    version: int | None = None
    base_version: int | None = None
    engine_version: str = ""
    journal_version: int = 0
    started_at: datetime | None = None
    resource_changes: JsonObject | None = None

    @property
    def is_by_hand(self) -> bool:
        """Whether a person runs it on an environment's stack, as an operation that no worker runs."""
        return self.operation_id is not None and self.requested_by != engine_login(self.operation_id)

    @property
    def writes_state(self) -> bool:
        """Whether a state version follows from it."""
        return self.kind is not UpdateKind.PREVIEW


def engine_login(operation_id: OperationId) -> str:
    """Return the name under which an engine's deeds are recorded."""
    return f"operation:{operation_id}"


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to write for one update, until a moment on the database's clock."""

    token: str
    until: datetime


def new_stack_token() -> str:
    """Make an engine's token: 256 random bits that say nothing about what they open."""
    return STACK_TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_lease_token() -> str:
    """Make an update's lease token."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; it has 256 random bits, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode()).digest()
