"""A resource as the state records it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sandbox.engine import urn as urns
from sandbox.engine.properties.values import Properties, Property


@dataclass(frozen=True, slots=True)
class CustomTimeouts:
    """Timeouts in seconds; 0 leaves the provider's own."""

    create: float = 0
    update: float = 0
    delete: float = 0
    read: float = 0


NO_TIMEOUTS = CustomTimeouts()


class HookKind(StrEnum):
    """When a resource hook runs, by its name in the state."""

    BEFORE_CREATE = "BeforeCreate"
    AFTER_CREATE = "AfterCreate"
    BEFORE_UPDATE = "BeforeUpdate"
    AFTER_UPDATE = "AfterUpdate"
    BEFORE_DELETE = "BeforeDelete"
    AFTER_DELETE = "AfterDelete"
    ON_ERROR = "OnError"


@dataclass(slots=True, eq=False)
class ResourceState:
    """One resource: what was asked for, what came of it, and how it hangs together with others.

    Compared by identity: the same URN may stand in a state more than once while a replacement is under way.
    """

    type: str
    urn: str
    custom: bool
    id: str = ""
    inputs: Properties = field(default_factory=dict[str, Property])
    outputs: Properties = field(default_factory=dict[str, Property])
    parent: str = ""
    provider: str = ""
    delete: bool = False
    protect: bool = False
    taint: bool = False
    external: bool = False
    dependencies: list[str] = field(default_factory=list[str])
    init_errors: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    pending_replacement: bool = False
    additional_secret_outputs: list[str] = field(default_factory=list[str])
    aliases: list[str] = field(default_factory=list[str])
    custom_timeouts: CustomTimeouts = NO_TIMEOUTS
    import_id: str = ""
    retain_on_delete: bool = False
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list[str])
    created: str = ""
    modified: str = ""
    source_position: str = ""
    stack_trace: list[str] = field(default_factory=list[str])
    ignore_changes: list[str] = field(default_factory=list[str])
    hide_diff: list[str] = field(default_factory=list[str])
    replace_on_changes: list[str] = field(default_factory=list[str])
    replacement_trigger: Property = None
    refresh_before_update: bool = False
    view_of: str = ""
    hooks: dict[HookKind, list[str]] = field(default_factory=dict[HookKind, list[str]])

    def copy(self) -> "ResourceState":
        """Another state with the same content."""
        return replace(self)

    @property
    def name(self) -> str:
        """The name in the URN."""
        return urns.name_of(self.urn)

    @property
    def provider_urn(self) -> str:
        """The URN of its provider, or nothing for a component or a provider."""
        return urns.split_reference(self.provider)[0] if self.provider else ""

    def related(self) -> Iterator[str]:
        """URNs it needs other than its parent and provider."""
        yield from self.dependencies
        for dependencies in self.property_dependencies.values():
            yield from dependencies
        if self.deleted_with:
            yield self.deleted_with
        yield from self.replace_with

    def requirements(self) -> Iterator[str]:
        """URNs that must stand before it: parent, dependencies, provider."""
        if self.parent:
            yield self.parent
        yield from self.related()
        if self.provider:
            yield self.provider_urn


class OperationKind(StrEnum):
    """What was under way when a state was written."""

    CREATING = "creating"
    UPDATING = "updating"
    DELETING = "deleting"
    READING = "reading"
    IMPORTING = "importing"


@dataclass(frozen=True, slots=True)
class PendingOperation:
    """An operation that had begun and not ended."""

    resource: ResourceState
    kind: OperationKind
