"""What a run knows: where it started, what it was asked, what it has done so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.engine.providers.registry import ProviderRegistry
from sandbox.engine.state.deployment import Snapshot
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.graph import DependencyGraph
from sandbox.engine.steps.model import Goal, Op, Registration, Step
from sandbox.engine.steps.plan import Plan
from sandbox.engine.steps.targets import Targets


class Mode(StrEnum):
    """What becomes of resources that the program registers."""

    UPDATE = "update"
    REFRESH = "refresh"
    DESTROY = "destroy"


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is asked to do beyond running the program."""

    is_preview: bool = False
    mode: Mode = Mode.UPDATE
    refreshes: bool = False
    runs_program: bool = False
    parallel: int = 16
    targets: Targets = field(default_factory=Targets)
    excludes: Targets = field(default_factory=Targets)
    replaces: Targets = field(default_factory=Targets)
    target_dependents: bool = False
    exclude_dependents: bool = False
    continue_on_error: bool = False
    plan: Plan | None = None
    saves_plan: bool = False

    @property
    def is_refresh(self) -> bool:
        """Whether the run is a refresh and nothing else."""
        return self.mode is Mode.REFRESH


@dataclass(slots=True)
class Olds:
    """The state that a run starts from, indexed."""

    resources: list[ResourceState]
    by_urn: dict[str, ResourceState] = field(init=False)
    graph: DependencyGraph = field(init=False)

    def __post_init__(self) -> None:
        """Index; what waits for deletion is not found by its URN."""
        self.index(self.resources)

    def index(self, resources: Sequence[ResourceState]) -> None:
        """Start from other resources."""
        self.resources = list(resources)
        self.by_urn = {resource.urn: resource for resource in self.resources if not resource.delete}
        self.graph = DependencyGraph(self.resources)


@dataclass(slots=True)
class Done:
    """URNs by what was done with them so far."""

    seen: set[str] = field(default_factory=set[str])
    reads: set[str] = field(default_factory=set[str])
    deletes: set[str] = field(default_factory=set[str])
    replaces: set[str] = field(default_factory=set[str])
    updates: set[str] = field(default_factory=set[str])
    creates: set[str] = field(default_factory=set[str])
    imports: set[str] = field(default_factory=set[str])
    sames: set[str] = field(default_factory=set[str])
    refreshes: set[str] = field(default_factory=set[str])
    skipped_creates: set[str] = field(default_factory=set[str])

    def has_step(self, urn: str) -> bool:
        """Whether there has been a step for a URN."""
        return any(
            urn in kind
            for kind in (self.creates, self.sames, self.updates, self.deletes, self.replaces, self.reads)
        )


@dataclass(slots=True)
class Run:
    """One run of the engine over one stack."""

    stack: str
    project: str
    options: Options
    registry: ProviderRegistry
    snapshot: Snapshot
    olds: Olds = field(init=False)
    done: Done = field(default_factory=Done)
    goals: dict[str, Goal] = field(default_factory=dict[str, Goal])
    news: dict[str, ResourceState] = field(default_factory=dict[str, ResourceState])
    reads: dict[str, ResourceState] = field(default_factory=dict[str, ResourceState])
    # New URN by the old one that it was recorded under, and the other way round.
    aliased: dict[str, str] = field(default_factory=dict[str, str])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    providers: dict[str, ResourceState] = field(default_factory=dict[str, ResourceState])
    to_delete: list[ResourceState] = field(default_factory=list[ResourceState])
    pending_deletes: set[ResourceState] = field(default_factory=set[ResourceState])
    dependent_replace_keys: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    refreshed: dict[ResourceState, ResourceState] = field(default_factory=dict[ResourceState, ResourceState])
    queued_sames: list[Step] = field(default_factory=list[Step])
    new_plan: Plan = field(default_factory=Plan)
    has_error: bool = False

    def __post_init__(self) -> None:
        """Index the state."""
        self.olds = Olds(self.snapshot.resources)

    def is_operated_on(self, urn: str) -> bool:
        """Whether anything but a deletion or creation was done with a recorded URN or its new name."""
        name = self.aliased.get(urn, urn)
        done = self.done
        return any(
            name in kind for kind in (done.sames, done.updates, done.replaces, done.reads, done.refreshes)
        )

    @staticmethod
    def untargeted_same(old: ResourceState, registration: Registration | None = None) -> Step:
        """A step that carries a recorded resource over as it is."""
        return Step(Op.SAME, old, old.copy(), registration, is_untargeted=True)
