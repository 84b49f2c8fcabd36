"""What an engine asks of a provider and what it is answered, in plain values."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pulumi.runtime.proto import provider_pb2 as rpc

from sandbox.cloud.wire.values import Properties, Value


@dataclass(frozen=True, slots=True)
class Session:
    """One configured provider instance of one engine.

    The protocol names no instance in its calls; but an engine opens a connection for each instance, so the
    connection's peer address tells them apart.
    """

    peer: str
    urn: str = ""
    configuration: Properties = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class Target:
    """The resource that a call is about."""

    urn: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Autonaming:
    """What the stack's configuration says about generated names."""

    proposed_name: str = ""
    is_enforced: bool = False
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class CheckCall:
    """New inputs to check, beside the ones that the state holds (none for a new resource)."""

    target: Target
    olds: Properties
    news: Properties
    random_seed: bytes
    autonaming: Autonaming = field(default_factory=Autonaming)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an input is refused."""

    property: str
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Inputs with defaults filled in, or why they are refused."""

    inputs: Properties
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True)
class DiffCall:
    """Two versions of a resource: its recorded outputs and inputs, and its new inputs."""

    target: Target
    id: str
    old_outputs: Properties
    old_inputs: Properties
    news: Properties
    ignored: tuple[str, ...] = ()


class Change(StrEnum):
    """How a property differs."""

    ADD = "add"
    DELETE = "delete"
    UPDATE = "update"


@dataclass(frozen=True, slots=True)
class PathChange:
    """A property path that differs, and whether that needs a new resource."""

    path: str
    change: Change
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions of a resource."""

    changes: tuple[PathChange, ...]
    delete_before_replace: bool = False


@dataclass(frozen=True, slots=True)
class CreateCall:
    """A resource to make; in a preview nothing is made and what would be computed is unknown."""

    target: Target
    inputs: Properties
    is_preview: bool


@dataclass(frozen=True, slots=True)
class UpdateCall:
    """A resource to change in place."""

    target: Target
    id: str
    old_outputs: Properties
    old_inputs: Properties
    news: Properties
    is_preview: bool
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadCall:
    """A resource to look up by id; without recorded inputs it is being imported or got."""

    target: Target
    id: str
    outputs: Properties
    inputs: Properties


@dataclass(frozen=True, slots=True)
class DeleteCall:
    """A resource to delete."""

    target: Target
    id: str
    outputs: Properties


@dataclass(frozen=True, slots=True)
class Made:
    """A resource as it stands, with the inputs that would make it; in a preview its id is empty."""

    id: str
    outputs: Properties
    inputs: Properties = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True)
class InvokeAnswer:
    """What a function returned, or which arguments it refused."""

    result: Properties
    failures: tuple[Failure, ...] = ()


class Provider(Protocol):
    """What a simulated package serves, told apart from how it is served."""

    @property
    def version(self) -> str:
        """The version of the SDK package that the provider goes with."""
        ...

    @property
    def accepts_references(self) -> bool:
        """Whether resources among the inputs come as references rather than as ids."""
        ...

    def check_configuration(self, news: Properties) -> Checked:
        """Check a provider instance's own settings."""
        ...

    def diff_configuration(self, olds: Properties, news: Properties) -> Difference:
        """Compare a provider instance's settings."""
        ...

    def check(self, session: Session, call: CheckCall) -> Checked:
        """Check a resource's inputs and fill in defaults."""
        ...

    def diff(self, session: Session, call: DiffCall) -> Difference:
        """Compare a resource with its new inputs."""
        ...

    async def create(self, session: Session, call: CreateCall) -> Made:
        """Make a resource."""
        ...

    async def read(self, session: Session, call: ReadCall) -> Made | None:
        """Look a resource up; None when it does not exist."""
        ...

    async def update(self, session: Session, call: UpdateCall) -> Made:
        """Change a resource in place."""
        ...

    async def delete(self, session: Session, call: DeleteCall) -> None:
        """Delete a resource; deleting what is gone already is no error."""
        ...

    async def invoke(self, session: Session, token: str, arguments: Properties) -> InvokeAnswer:
        """Answer a function call."""
        ...

    async def construct(self, request: rpc.ConstructRequest) -> rpc.ConstructResponse:
        """Make a component's children."""
        ...

    def secret_outputs(self, type_: str) -> frozenset[str]:
        """The outputs of a resource type that are secret whatever its inputs were."""
        ...
