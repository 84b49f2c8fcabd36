"""A model of the engine's two ways to write state: whole checkpoints, and a journal of what it did.

The checkpoint side keeps resources as objects and forgets those that are done with; the journal side only
tells entries. Whatever the steps, folding the entries has to give the checkpoint.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from service.state.deployment import Deployment, Resource
from service.state.json_values import JsonObject

STACK = "urn:pulumi:dev::environments::pulumi:pulumi:Stack::environments-dev"


def urn(name: str) -> str:
    return f"urn:pulumi:dev::environments::test:index:Thing::{name}"


@dataclass(eq=False, slots=True)
class State:
    """A resource as the engine holds it; identity matters, as two states may share a URN."""

    name: str
    needs: tuple[str, ...]
    value: int
    is_pending_delete: bool = False
    is_pending_replacement: bool = False

    def to_json(self) -> JsonObject:
        return {
            "urn": urn(self.name),
            "custom": True,
            "id": f"id-{self.name}",
            "type": "test:index:Thing",
            "inputs": {"value": self.value},
            "dependencies": [urn(need) for need in self.needs],
            "delete": self.is_pending_delete,
            "pendingReplacement": self.is_pending_replacement,
        }


@dataclass(slots=True)
class Pending:
    """A step that has begun."""

    kind: str
    state: State
    finish: Callable[[bool], None]


@dataclass(slots=True)
class ModelEngine:
    """Runs steps over a base and writes both ways after each."""

    base: list[State]
    entries: list[JsonObject] = field(default_factory=list[JsonObject])
    checkpoints: list[list[object]] = field(default_factory=list[list[object]])
    new: list[State] = field(default_factory=list[State])
    made_by: dict[int, int] = field(default_factory=dict[int, int])
    done: set[int] = field(default_factory=set[int])
    pending: list[Pending] = field(default_factory=list[Pending])
    operation: int = 0

    def __post_init__(self) -> None:
        self.checkpoints.append(self.checkpoint())

    def checkpoint(self) -> list[object]:
        """What a full write would hold now."""
        kept = [state for state in (*self.new, *self.base) if id(state) not in self.done]
        steps = sorted((step.kind, urn(step.state.name)) for step in self.pending)
        return [[shape(Resource.from_json(state.to_json())) for state in kept], steps]

    def _tell(self, kind: int, number: int, **rest: object) -> None:
        entry: JsonObject = {
            "version": 1,
            "kind": kind,
            "sequenceID": len(self.entries) + 1,
            "operationID": number,
            "removeOld": None,
            "removeNew": None,
        }
        self.entries.append({**entry, **rest})

    def _reference(self, prefix: str, state: State) -> JsonObject:
        if id(state) in self.made_by:
            return {f"{prefix}New": self.made_by[id(state)]}
        return {f"{prefix}Old": next(i for i, other in enumerate(self.base) if other is state)}

    def begin(self, kind: str, state: State, end: Callable[[int, bool], None]) -> None:
        """Begin a step; `end` tells what its success or failure changes."""
        self.operation += 1
        operation = self.operation
        step = Pending(kind, state, lambda is_good: end(operation, is_good))
        self.pending.append(step)
        document: JsonObject = {"type": kind, "resource": state.to_json()}
        self._tell(0, operation, operation=document)
        self.checkpoints.append(self.checkpoint())

    def end(self, step: Pending, *, is_good: bool) -> None:
        """End a step that has begun."""
        self.pending.remove(step)
        step.finish(is_good)
        self.checkpoints.append(self.checkpoint())

    def _make(self, operation: int, state: State) -> None:
        self.new.append(state)
        self.made_by[id(state)] = operation

    def create(self, state: State, *, replaced: State | None = None) -> None:
        def end(operation: int, is_good: bool) -> None:
            if not is_good:
                self._tell(2, operation)
                return
            rest: JsonObject = {}
            if replaced is not None and replaced.is_pending_replacement:
                rest = self._reference("remove", replaced)
                self.done.add(id(replaced))
            elif replaced is not None:
                rest = self._reference("delete", replaced)
                replaced.is_pending_delete = True
            self._tell(1, operation, state=state.to_json(), **rest)
            self._make(operation, state)

        self.begin("creating", state, end)

    def update(self, old: State, state: State) -> None:
        def end(operation: int, is_good: bool) -> None:
            rest = self._reference("remove", old)
            self._tell(1 if is_good else 2, operation, state=state.to_json(), **rest)
            if is_good:
                self.done.add(id(old))
                self._make(operation, state)

        self.begin("updating", state, end)

    def delete(self, old: State, *, is_replacement: bool) -> None:
        def end(operation: int, is_good: bool) -> None:
            if not is_good:
                self._tell(2, operation)
                return
            if is_replacement:
                self._tell(1, operation, **self._reference("pendingReplacement", old))
                old.is_pending_replacement = True
            else:
                self._tell(1, operation, **self._reference("remove", old))
                self.done.add(id(old))

        self.begin("deleting", old, end)

    def keep(self, old: State) -> None:
        """A step that changes nothing is told as success at once."""
        self.operation += 1
        state = State(old.name, old.needs, old.value)
        rest = self._reference("remove", old)
        self._tell(1, self.operation, state=state.to_json(), **rest)
        self.done.add(id(old))
        self._make(self.operation, state)
        self.checkpoints.append(self.checkpoint())

    def register_outputs(self, state: State, value: int) -> None:
        self.operation += 1
        rest = self._reference("remove", state)
        state.value = value
        self._tell(4, self.operation, state=state.to_json(), **rest)
        self.checkpoints.append(self.checkpoint())

    def living(self) -> list[State]:
        return [state for state in self.new if id(state) not in self.done and not state.is_pending_delete]


def shape(resource: Resource) -> tuple[object, ...]:
    """What of a resource the two ways must agree on."""
    return (
        resource.urn,
        resource.is_pending_delete,
        resource.is_pending_replacement,
        resource.dependencies,
        str(resource.rest),
    )


def folded_shape(deployment: Deployment) -> list[object]:
    steps = sorted((step.type, step.resource.urn) for step in deployment.pending_operations)
    return [[shape(resource) for resource in deployment.resources], steps]


def _needs(draw: st.DrawFn, names: list[str]) -> tuple[str, ...]:
    if not names:
        return ()
    return tuple(sorted(draw(st.sets(st.sampled_from(names), max_size=3))))


def base_states(draw: st.DrawFn) -> list[State]:
    states: list[State] = []
    for index in range(draw(st.integers(0, 6))):
        needs = _needs(draw, [state.name for state in states])
        states.append(State(f"base-{index}", needs, draw(st.integers(0, 9))))
    return states


class Run:
    """Draws an update: every base resource meets a fate, new ones appear, what is left over is deleted."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.engine = ModelEngine(base_states(draw))
        self.condemned: list[State] = []

    def close(self, *names: str) -> None:
        """End steps that others wait for, and some that nobody waits for."""
        for step in list(self.engine.pending):
            if step.state.name in names or self.draw(st.booleans()):
                self.engine.end(step, is_good=self.draw(st.integers(0, 9)) > 0)

    def go(self) -> ModelEngine:
        created = 0
        for old in list(self.engine.base):
            if self.draw(st.booleans()):
                self._create(created)
                created += 1
            self._meet(old)
        self.close(*(step.state.name for step in self.engine.pending))
        for old in reversed(self.condemned):
            if old.is_pending_delete:  # what could not be replaced stands, and others may need it
                self.engine.delete(old, is_replacement=False)
                self.close(old.name)
        return self.engine

    def _create(self, number: int) -> None:
        names = [state.name for state in self.engine.living()]
        state = State(f"new-{number}", _needs(self.draw, names), self.draw(st.integers(0, 9)))
        self.engine.create(state)

    def _meet(self, old: State) -> None:
        self.close(*old.needs)
        living = {state.name for state in self.engine.living()}
        if not set(old.needs) <= living:
            return
        changed = State(old.name, old.needs, old.value + 10)
        match self.draw(st.sampled_from(["same", "update", "replace", "delete first", "outputs"])):
            case "same":
                self.engine.keep(old)
            case "update":
                self.engine.update(old, changed)
            case "replace":
                self.engine.create(changed, replaced=old)
                self.condemned.append(old)
            case "delete first":
                self._delete_first(old, changed)
            case _:
                self.engine.keep(old)
                self.engine.register_outputs(self.engine.new[-1], old.value + 20)

    def _delete_first(self, old: State, changed: State) -> None:
        self.engine.delete(old, is_replacement=True)
        self.close(old.name)
        if old.is_pending_replacement:
            self.engine.create(changed, replaced=old)


@st.composite
def runs(draw: st.DrawFn) -> ModelEngine:
    """An update, finished or as far as it got: each of its checkpoints is a place to crash at."""
    return Run(draw).go()
