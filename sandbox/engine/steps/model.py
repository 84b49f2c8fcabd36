"""Goals that programs register and the steps that reach them."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.engine import urn as urns
from sandbox.engine.properties.values import Properties, Property
from sandbox.engine.providers.model import PropertyDiff
from sandbox.engine.state.resource import NO_TIMEOUTS, CustomTimeouts, HookKind, ResourceState


class Op(StrEnum):
    """What a step does, by its name in events."""

    SAME = "same"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    REPLACE = "replace"
    CREATE_REPLACEMENT = "create-replacement"
    DELETE_REPLACED = "delete-replaced"
    READ = "read"
    READ_REPLACEMENT = "read-replacement"
    REFRESH = "refresh"
    DISCARD = "discard"
    DISCARD_REPLACED = "discard-replaced"
    REMOVE_PENDING_REPLACE = "remove-pending-replace"
    IMPORT = "import"
    IMPORT_REPLACEMENT = "import-replacement"


# Steps that are only half of what the program asked for; the other half is counted.
_PARTS = frozenset(
    {
        Op.CREATE_REPLACEMENT,
        Op.DELETE_REPLACED,
        Op.READ_REPLACEMENT,
        Op.DISCARD_REPLACED,
        Op.REFRESH,
        Op.REMOVE_PENDING_REPLACE,
        Op.IMPORT_REPLACEMENT,
    }
)
CREATES = frozenset({Op.CREATE, Op.CREATE_REPLACEMENT})
DELETES = frozenset({Op.DELETE, Op.DELETE_REPLACED, Op.DISCARD, Op.DISCARD_REPLACED})
READS = frozenset({Op.READ, Op.READ_REPLACEMENT})
IMPORTS = frozenset({Op.IMPORT, Op.IMPORT_REPLACEMENT})


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name under which a resource may be recorded: a URN, or what differs from its present name."""

    urn: str = ""
    name: str = ""
    type: str = ""
    stack: str = ""
    project: str = ""
    parent: str = ""
    has_no_parent: bool = False


@dataclass(slots=True)
class Goal:
    """A resource as the program wants it; None leaves a choice to others."""

    type: str
    name: str
    custom: bool
    properties: Properties
    parent: str = ""
    provider: str = ""
    protect: bool | None = None
    dependencies: list[str] = field(default_factory=list[str])
    property_dependencies: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    delete_before_replace: bool | None = None
    ignore_changes: list[str] = field(default_factory=list[str])
    additional_secret_outputs: list[str] = field(default_factory=list[str])
    aliases: list[Alias] = field(default_factory=list[Alias])
    import_id: str = ""
    custom_timeouts: CustomTimeouts = NO_TIMEOUTS
    replace_on_changes: list[str] = field(default_factory=list[str])
    replacement_trigger: Property = None
    retain_on_delete: bool | None = None
    hide_diff: list[str] = field(default_factory=list[str])
    deleted_with: str = ""
    replace_with: list[str] = field(default_factory=list[str])
    source_position: str = ""
    stack_trace: list[str] = field(default_factory=list[str])
    hooks: dict[HookKind, list[str]] = field(default_factory=dict[HookKind, list[str]])


class Result(StrEnum):
    """How a registration ended."""

    SUCCESS = "success"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Registered:
    """The answer to a registration; unknown when its resource was left out of the run."""

    state: ResourceState
    result: Result = Result.SUCCESS
    is_unknown: bool = False


@dataclass(slots=True, eq=False)
class Registration:
    """A goal, or a read, that the program waits for."""

    goal: Goal
    answer: asyncio.Future[Registered]
    read_id: str = ""

    def done(
        self, state: ResourceState, result: Result = Result.SUCCESS, *, is_unknown: bool = False
    ) -> None:
        """Let the program go on."""
        if not self.answer.done():
            self.answer.set_result(Registered(state, result, is_unknown))


@dataclass(slots=True, eq=False)
class Step:
    """One change of the state, and of the cloud where it takes one."""

    op: Op
    old: ResourceState | None
    new: ResourceState | None
    registration: Registration | None = None
    keys: list[str] = field(default_factory=list[str])
    diffs: list[str] = field(default_factory=list[str])
    detailed_diff: dict[str, PropertyDiff] | None = None
    ignore_changes: list[str] = field(default_factory=list[str])
    # Replacements: the old resource is deleted later, or stays in the state until its successor stands.
    marks_old_deleted: bool = False
    marks_pending_replacement: bool = False
    is_skipped_create: bool = False
    is_untargeted: bool = False
    # Refreshes inside a run of the program are recorded like other steps, those of components are not shown.
    is_persisted: bool = False
    is_internal: bool = False
    is_gone: bool = False
    has_difference: bool | None = None
    # Imports: what stood in the state before, and whether a command and not the program asks for it.
    original: ResourceState | None = None
    is_planned: bool = False
    properties_wanted: list[str] = field(default_factory=list[str])
    random_seed: bytes = b""

    @property
    def result(self) -> ResourceState:
        """The newest state that is known: the new one, or the old for what goes."""
        state = self.new if self.new is not None and self.op is not Op.REFRESH else self.old or self.new
        if state is None:
            raise AssertionError(self.op)
        return state

    @property
    def urn(self) -> str:
        """The resource's URN."""
        return self._shown.urn

    @property
    def type(self) -> str:
        """The resource's type."""
        return self._shown.type

    @property
    def provider(self) -> str:
        """The resource's provider."""
        return self._shown.provider

    @property
    def _shown(self) -> ResourceState:
        return self.new if self.new is not None else self.result

    @property
    def is_logical(self) -> bool:
        """Whether the step is counted as what the program asked for."""
        return self.op not in _PARTS

    @property
    def visible_new(self) -> ResourceState | None:
        """The new state, unless a refresh found the resource gone."""
        return None if self.is_gone else self.new

    @property
    def is_hidden(self) -> bool:
        """Whether people do not count it: the engine's own bookkeeping."""
        return self.op is Op.REMOVE_PENDING_REPLACE or self.is_internal or urns.is_default_provider(self.urn)

    @property
    def result_op(self) -> Op:
        """What a refresh came to."""
        if self.is_gone:
            return Op.DELETE
        return Op.UPDATE if self.has_difference else Op.SAME
