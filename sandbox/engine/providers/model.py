"""What the engine asks of a provider and what it is told."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

from sandbox.engine.errors import EngineError
from sandbox.engine.properties.values import Properties


class Outcome(IntEnum):
    """What is known of a resource after a failed operation (resource.Status)."""

    OK = 0
    PARTIAL_FAILURE = 1
    UNKNOWN = 2


class ProviderError(EngineError):
    """A provider failed an operation."""

    def __init__(self, message: str, outcome: Outcome = Outcome.OK) -> None:
        """Keep what is known of the resource beside the text."""
        super().__init__(message)
        self.outcome = outcome


class DiffUnavailableError(EngineError):
    """The provider cannot compare, as its configuration is not known yet."""


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """An input that a provider refuses."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Inputs with defaults filled in, or what is wrong with them."""

    inputs: Properties
    failures: list[CheckFailure] = field(default_factory=list[CheckFailure])


class DiffKind(StrEnum):
    """How a property differs, by its name in events."""

    ADD = "add"
    ADD_REPLACE = "add-replace"
    DELETE = "delete"
    DELETE_REPLACE = "delete-replace"
    UPDATE = "update"
    UPDATE_REPLACE = "update-replace"

    @property
    def replacing(self) -> "DiffKind":
        """The kind that forces a replacement."""
        return self if self.value.endswith("-replace") else DiffKind(f"{self.value}-replace")

    @property
    def inverted(self) -> "DiffKind":
        """The kind seen from the other side."""
        swapped = {"add": "delete", "delete": "add"}
        base, dash, rest = self.value.partition("-")
        return DiffKind(f"{swapped.get(base, base)}{dash}{rest}")


@dataclass(frozen=True, slots=True)
class PropertyDiff:
    """How one property differs, and whether inputs were compared."""

    kind: DiffKind
    is_input: bool


@dataclass(frozen=True, slots=True)
class DiffResult:
    """How a resource differs; `has_changes` is None when the provider does not say."""

    has_changes: bool | None
    replace_keys: list[str] = field(default_factory=list[str])
    changed_keys: list[str] = field(default_factory=list[str])
    detailed: dict[str, PropertyDiff] | None = None
    delete_before_replace: bool = False

    @property
    def must_replace(self) -> bool:
        """Whether the change cannot be made in place."""
        return bool(self.replace_keys) or any(
            diff.kind.value.endswith("-replace") for diff in (self.detailed or {}).values()
        )

    def inverted(self) -> "DiffResult":
        """The difference seen from the other side."""
        detailed = self.detailed
        if detailed is not None:
            detailed = {
                path: PropertyDiff(diff.kind.inverted, diff.is_input) for path, diff in detailed.items()
            }
        return DiffResult(
            self.has_changes, self.replace_keys, self.changed_keys, detailed, self.delete_before_replace
        )


NO_DIFFERENCE = DiffResult(has_changes=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A resource after an operation; reasons tell why it is not ready."""

    id: str
    outputs: Properties
    inputs: Properties | None = None
    refresh_before_update: bool = False
    init_errors: list[str] = field(default_factory=list[str])
    exists: bool = True


@dataclass(frozen=True, slots=True)
class Identity:
    """Which resource an operation is about."""

    urn: str
    id: str = ""


class Provider(Protocol):
    """The life of a provider's resources."""

    async def check(
        self, urn: str, olds: Properties, news: Properties, *, allow_unknowns: bool, random_seed: bytes
    ) -> CheckResult:
        """Validate inputs and fill in defaults."""
        ...

    async def diff(
        self,
        identity: Identity,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        allow_unknowns: bool,
        ignore_changes: list[str],
    ) -> DiffResult:
        """Compare what stands with what is wanted."""
        ...

    async def create(self, urn: str, inputs: Properties, *, timeout_seconds: float, is_preview: bool) -> Made:
        """Make a resource."""
        ...

    async def update(
        self,
        identity: Identity,
        old_inputs: Properties,
        old_outputs: Properties,
        new_inputs: Properties,
        *,
        timeout_seconds: float,
        ignore_changes: list[str],
        is_preview: bool,
    ) -> Made:
        """Change a resource in place."""
        ...

    async def read(
        self, identity: Identity, inputs: Properties, state: Properties, *, timeout_seconds: float
    ) -> Made:
        """Look at a resource."""
        ...

    async def delete(
        self, identity: Identity, inputs: Properties, outputs: Properties, *, timeout_seconds: float
    ) -> None:
        """Remove a resource."""
        ...


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """What a function returned, or what is wrong with its arguments."""

    values: Properties
    failures: list[CheckFailure]


@dataclass(frozen=True, slots=True)
class CallResult:
    """What a method returned and what that depends on."""

    values: Properties
    dependencies: dict[str, list[str]]
    failures: list[CheckFailure]


@dataclass(frozen=True, slots=True)
class ConstructResult:
    """A component that a provider made."""

    urn: str
    outputs: Properties
    dependencies: dict[str, list[str]]
