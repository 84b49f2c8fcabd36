"""What a Pulumi package's generated SDK says about its types."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """The shapes that a property's value can have."""

    STRING = "string"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    LIST = "list"
    MAP = "map"
    OBJECT = "object"
    ASSET = "asset"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class TypeSpec:
    """The type of a property.

    `item` is a list's or map's content. `reference` is the `module:Class` of an object's class.
    `enumeration` is the `module:Class` of the values an open or closed enumeration names.
    """

    kind: Kind
    item: "TypeSpec | None" = None
    reference: str | None = None
    enumeration: str | None = None


@dataclass(frozen=True, slots=True)
class PropertySpec:
    """One property: its name on the wire, its type, and what its documentation says of changing it."""

    name: str
    type: TypeSpec
    is_required: bool
    forces_replacement: bool = False


@dataclass(frozen=True, slots=True)
class ObjectSpec:
    """The properties of an object type, by their name on the wire."""

    properties: dict[str, PropertySpec] = field(default_factory=dict[str, PropertySpec])


@dataclass(frozen=True, slots=True)
class ResourceSpec:
    """A resource type: what it takes, what it gives, and which outputs are secret."""

    token: str
    inputs: ObjectSpec
    outputs: ObjectSpec
    secret_outputs: frozenset[str]


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """A function: what it takes and what it returns."""

    token: str
    inputs: ObjectSpec
    outputs: ObjectSpec
