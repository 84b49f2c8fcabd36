"""Property values as the providers see them: JSON, and what Pulumi adds to it.

Source: the property value signatures of Pulumi's provider protocol (`sdk/go/common/resource`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias, TypeGuard


class Unknown(Enum):
    """A value that will be known only once something has been made."""

    UNKNOWN = auto()


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must not be shown or stored in the clear."""

    value: Value


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, a text or an archive, kept as the wire has it (signature and all)."""

    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Reference:
    """A resource as a value: its URN, and its id where it is a custom one.

    An empty id is that of a component; an unknown one is not yet given.
    """

    urn: str
    id: str | Unknown = ""


Value: TypeAlias = (
    "bool | int | float | str | list[Value] | dict[str, Value] | Secret | Unknown | Asset | Reference | None"
)
Properties: TypeAlias = dict[str, "Value"]


def is_properties(value: object) -> TypeGuard[Properties]:
    """Whether a value is an object with named properties."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Value]]:
    """Whether a value is a list of values."""
    return isinstance(value, list)


def revealed(value: Value) -> Value:
    """The value with every secret's wrapping taken off, at any depth."""
    if isinstance(value, Secret):
        return revealed(value.value)
    if is_list(value):
        return [revealed(item) for item in value]
    if is_properties(value):
        return {name: revealed(item) for name, item in value.items()}
    return value


def revealed_properties(values: Properties) -> Properties:
    """The properties with every secret's wrapping taken off, at any depth."""
    return {name: revealed(item) for name, item in values.items()}


def has_unknown(value: Value) -> bool:
    """Whether a value is unknown or holds something unknown."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if is_list(value):
        return any(has_unknown(item) for item in value)
    if is_properties(value):
        return any(has_unknown(item) for item in value.values())
    return False


def secrets_kept(value: Value, like: Value) -> Value:
    """Wrap what is secret in `like` where `value` has something at the same place.

    An output repeats its input under the same name, so an input's secrecy carries over to it.
    """
    if isinstance(value, Secret):
        return value
    if isinstance(like, Secret):
        return Secret(value)
    if is_properties(value) and is_properties(like):
        return {name: secrets_kept(item, like.get(name)) for name, item in value.items()}
    if is_list(value) and is_list(like) and len(value) == len(like):
        return [secrets_kept(item, other) for item, other in zip(value, like, strict=True)]
    return value


def secret_properties_kept(values: Properties, like: Properties) -> Properties:
    """Wrap what is secret in `like` where `values` has something at the same place."""
    return {name: secrets_kept(item, like.get(name)) for name, item in values.items()}


def text_of(values: Properties, name: str, default: str = "") -> str:
    """The property's text, or the default where it is absent, unknown or something else."""
    value = values.get(name)
    return value if isinstance(value, str) else default


def texts_of(values: Properties, name: str) -> list[str]:
    """The texts in a list property; what is not a text is left out."""
    value = values.get(name)
    return [item for item in value if isinstance(item, str)] if is_list(value) else []


def object_of(values: Properties, name: str) -> Properties:
    """The object in a property, or an empty one."""
    value = values.get(name)
    return value if is_properties(value) else {}


def objects_of(values: Properties, name: str) -> list[Properties]:
    """The objects in a list property; what is not an object is left out."""
    value = values.get(name)
    return [item for item in value if is_properties(item)] if is_list(value) else []
