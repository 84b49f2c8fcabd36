"""A provider of values that are made once and then live in the engine's state alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sandbox.cloud.provider.checking import checked_against, properties_without_marks
from sandbox.cloud.provider.comparing import Comparing
from sandbox.cloud.provider.defaults import ProviderDefaults
from sandbox.cloud.provider.errors import UnknownTokenError
from sandbox.cloud.provider.faulting import refuse_if_told, strike_afterwards
from sandbox.cloud.provider.model import (
    CheckCall,
    Checked,
    CreateCall,
    DeleteCall,
    DiffCall,
    Difference,
    Made,
    ReadCall,
    Session,
    UpdateCall,
)
from sandbox.cloud.sdk.model import ObjectSpec, ResourceSpec
from sandbox.cloud.store.faults import Faults, Operation
from sandbox.cloud.wire.values import UNKNOWN, Properties, Value


@dataclass(frozen=True, slots=True)
class GeneratedType:
    """A type whose outputs are made from its inputs.

    Attributes:
        spec: what it takes and gives.
        make: makes the id (under `id`) and the outputs.
        defaults: inputs that are filled in.
        updatable: inputs that change without a new value.
    """

    spec: ResourceSpec
    make: Callable[[Properties], Properties]
    defaults: Mapping[str, Value] = field(default_factory=dict[str, Value])
    updatable: frozenset[str] = frozenset()


class GeneratedProvider(ProviderDefaults):
    """Serves types whose values no cloud holds: what was made is read back from the state."""

    def __init__(self, version: str, types: Mapping[str, GeneratedType], faults: Faults) -> None:
        self._version = version
        self._types = types
        self._faults = faults

    @property
    def version(self) -> str:
        """The version of the package that is simulated."""
        return self._version

    def check(self, session: Session, call: CheckCall) -> Checked:
        """Check inputs and fill in defaults."""
        del session
        type_ = self._type(call.target.type)
        news = properties_without_marks(call.news)
        inputs, failures = checked_against(_no_object, type_.spec.inputs, news)
        return Checked({**type_.defaults, **inputs}, tuple(failures))

    def diff(self, session: Session, call: DiffCall) -> Difference:
        """Compare inputs; nearly every change needs a new value."""
        del session
        type_ = self._type(call.target.type)
        comparing = Comparing(is_map=lambda _path: True, is_computed=lambda _name: False, has_sets=False)
        changes = comparing.changes(call.old_inputs, call.old_inputs, call.news)
        wanted = (change for change in changes if change.path.partition(".")[0] not in call.ignored)
        return Difference(
            tuple(
                replace(change, replaces=change.path.partition(".")[0] not in type_.updatable)
                for change in wanted
            )
        )

    async def create(self, session: Session, call: CreateCall) -> Made:
        """Make a value."""
        del session
        type_ = self._type(call.target.type)
        if call.is_preview:
            computed: Properties = dict.fromkeys(type_.spec.outputs.properties, UNKNOWN)
            return Made("", {**computed, **call.inputs})
        fault = refuse_if_told(self._faults, call.target.type, Operation.CREATE, call.target.name)
        outputs = {**call.inputs, **type_.make(call.inputs)}
        made = Made(str(outputs["id"]), outputs, call.inputs)
        strike_afterwards(fault, made)
        return made

    async def read(self, session: Session, call: ReadCall) -> Made | None:
        """Give back what the state holds; nothing else knows of the value."""
        del session
        return Made(call.id, call.outputs, call.inputs) if call.outputs else None

    async def update(self, session: Session, call: UpdateCall) -> Made:
        """Change what does not make a new value."""
        del session
        return Made(call.id, {**call.old_outputs, **call.news}, call.news)

    async def delete(self, session: Session, call: DeleteCall) -> None:
        """Forget a value: there is nothing to do."""
        del session
        refuse_if_told(self._faults, call.target.type, Operation.DELETE, call.id)

    def secret_outputs(self, type_: str) -> frozenset[str]:
        """The outputs that are secret."""
        found = self._types.get(type_)
        return found.spec.secret_outputs if found else frozenset()

    def _type(self, token: str) -> GeneratedType:
        found = self._types.get(token)
        if found is None:
            raise UnknownTokenError(f"unrecognized resource type (Check): {token}")
        return found


def _no_object(reference: str) -> ObjectSpec:
    raise LookupError(reference)
