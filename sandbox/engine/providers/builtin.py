"""The engine's own provider, `pulumi`: references to other stacks, stashes, lookups of resources."""

from collections.abc import Callable
from uuid import uuid4

from sandbox.engine import urn as urns
from sandbox.engine.errors import EngineError
from sandbox.engine.properties.values import Properties, Unknown, equal, has_secrets
from sandbox.engine.providers.model import (
    NO_DIFFERENCE,
    CheckFailure,
    CheckResult,
    DiffResult,
    Identity,
    InvokeResult,
    Made,
)
from sandbox.engine.state.resource import ResourceState

STACK_REFERENCE = "pulumi:pulumi:StackReference"
STASH = "pulumi:index:Stash"

ReadOutputs = Callable[[str], Properties]
FindResource = Callable[[str], ResourceState | None]


class BuiltinProvider:
    """Serves `pulumi:pulumi:StackReference`, `pulumi:index:Stash` and the functions beside them."""

    def __init__(self, read_outputs: ReadOutputs, find_resource: FindResource) -> None:
        """Take how outputs of another stack and resources of this run are found."""
        self._read_outputs = read_outputs
        self._find_resource = find_resource

    async def check(
        self, urn: str, olds: Properties, news: Properties, *, allow_unknowns: bool, random_seed: bytes
    ) -> CheckResult:
        """Accept the one input that each type has."""
        del olds, allow_unknowns, random_seed
        wanted = _input_of(urn)
        failures = [CheckFailure(key, f'unknown property "{key}"') for key in news if key != wanted]
        if wanted not in news:
            failures.append(CheckFailure(wanted, f'missing required property "{wanted}"'))
        elif wanted == "name" and not isinstance(news[wanted], str | Unknown):
            failures.append(CheckFailure(wanted, 'property "name" must be a string'))
        return CheckResult(news, failures)

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
        """A reference is replaced with its name, a stash changes with its input."""
        del old_outputs, allow_unknowns, ignore_changes
        key = _input_of(identity.urn)
        if equal(old_inputs.get(key), new_inputs.get(key)):
            return NO_DIFFERENCE
        if key == "name":
            return DiffResult(has_changes=True, replace_keys=[key])
        return DiffResult(has_changes=True, changed_keys=[key])

    async def create(self, urn: str, inputs: Properties, *, timeout_seconds: float, is_preview: bool) -> Made:
        """Read the other stack, or keep the input."""
        del timeout_seconds
        identity = "" if is_preview else str(uuid4())
        if urns.type_of(urn) == STACK_REFERENCE:
            return Made(identity, self._reference(inputs))
        return Made(identity, {"input": inputs["input"], "output": inputs["input"]})

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
        """A stash takes the new input and keeps its output."""
        del old_inputs, timeout_seconds, ignore_changes, is_preview
        return Made(identity.id, {"input": new_inputs["input"], "output": old_outputs.get("output")})

    async def read(
        self, identity: Identity, inputs: Properties, state: Properties, *, timeout_seconds: float
    ) -> Made:
        """Read the other stack again, or answer what is kept."""
        del timeout_seconds
        if urns.type_of(identity.urn) == STACK_REFERENCE:
            if "name" not in inputs:
                raise EngineError("stack reference can not be imported")
            return Made(identity.id, self._reference(state or inputs), inputs)
        return Made(identity.id, state, inputs)

    async def delete(
        self, identity: Identity, inputs: Properties, outputs: Properties, *, timeout_seconds: float
    ) -> None:
        """Nothing stands behind these resources."""

    def _reference(self, inputs: Properties) -> Properties:
        name = str(inputs["name"])
        outputs = self._read_outputs(name)
        secret_names = sorted(key for key, value in outputs.items() if has_secrets(value))
        return {"name": name, "outputs": outputs, "secretOutputNames": [*secret_names]}

    async def invoke(self, token: str, args: Properties, *, is_preview: bool) -> InvokeResult:
        """Functions of the engine.

        Raises:
            EngineError: if there is no such function or resource.
        """
        del is_preview
        match token:
            case "pulumi:pulumi:readStackOutputs":
                return InvokeResult(self._reference(args), [])
            case "pulumi:pulumi:getResource":
                return InvokeResult(self._resource(str(args["urn"])), [])
            case _:
                raise EngineError(f"unrecognized function name: '{token}'")

    def _resource(self, urn: str) -> Properties:
        state = self._find_resource(urn)
        if state is None:
            raise EngineError(f"unknown resource {urn}")
        return {"urn": urn, "id": state.id, "provider": state.provider, "state": state.outputs}


def _input_of(urn: str) -> str:
    match urns.type_of(urn):
        case type_token if type_token == STACK_REFERENCE:
            return "name"
        case type_token if type_token == STASH:
            return "input"
        case type_token:
            raise EngineError(f"unrecognized resource type '{type_token}'")
