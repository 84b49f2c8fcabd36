"""Inputs checked against the types of the SDK, worded as the bridged providers word it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.cloud.provider.model import Failure
from sandbox.cloud.sdk.model import Kind, ObjectSpec, TypeSpec
from sandbox.cloud.sdk.package import snake_case
from sandbox.cloud.wire.values import UNKNOWN, Asset, Properties, Value, is_list, is_properties

DEFAULTS_KEY = "__defaults"
"""Under this key an object of inputs lists which of its properties the provider filled in."""

_ASSET_MARK = "4dabf18193072939515e22adb298388d"


@dataclass(slots=True)
class _Checking:
    object_type: Callable[[str], ObjectSpec]
    failures: list[Failure] = field(default_factory=list[Failure])

    def object(self, spec: ObjectSpec, values: Properties, path: str) -> Properties:
        """Check an object against its type, and its properties against theirs."""
        for name, wanted in spec.properties.items():
            if wanted.is_required and values.get(name) is None:
                argument = snake_case(name)
                reason = f'The argument "{argument}" is required, but no definition was found.'
                self.failures.append(Failure(_join(path, name), f"Missing required argument. {reason}"))
        checked: Properties = {DEFAULTS_KEY: []} if path else {}
        for name, value in values.items():
            wanted = spec.properties.get(name)
            if wanted is not None:
                if value is not None:
                    checked[name] = self.value(wanted.type, value, _join(path, name))
            elif not name.startswith("__"):
                self.failures.append(Failure(_join(path, name), "Invalid or unknown key"))
        return checked

    def value(self, wanted: TypeSpec, value: Value, path: str) -> Value:
        """Check a value, turning numbers and booleans into texts and back where the type asks for it."""
        if value is UNKNOWN or value is None or wanted.kind is Kind.ANY:
            return value
        if wanted.kind is Kind.LIST:
            return self._list(wanted, value, path)
        if wanted.kind is Kind.MAP:
            return self._map(wanted, value, path)
        if wanted.kind is Kind.OBJECT:
            return self._object(wanted, value, path)
        if wanted.kind is Kind.ASSET:
            return value
        return self._scalar(wanted.kind, value, path)

    def _list(self, wanted: TypeSpec, value: Value, path: str) -> Value:
        if not is_list(value) or wanted.item is None:
            return self._refused(value, "list", path)
        return [self.value(wanted.item, item, f"{path}[{index}]") for index, item in enumerate(value)]

    def _map(self, wanted: TypeSpec, value: Value, path: str) -> Value:
        if not is_properties(value) or wanted.item is None:
            return self._refused(value, "map", path)
        return {
            name: self.value(wanted.item, item, _join(path, name))
            for name, item in value.items()
            if name[:2] != "__"
        }

    def _object(self, wanted: TypeSpec, value: Value, path: str) -> Value:
        if not is_properties(value) or wanted.reference is None:
            return self._refused(value, "object", path)
        return self.object(self.object_type(wanted.reference), value, path)

    def _scalar(self, kind: Kind, value: Value, path: str) -> Value:
        if kind is Kind.STRING:
            return (
                _as_text(value)
                if isinstance(value, str | bool | int | float)
                else self._refused(value, kind, path)
            )
        if kind is Kind.BOOLEAN:
            if value in ("true", "false"):
                return value == "true"
            return value if isinstance(value, bool) else self._refused(value, kind, path)
        number = _as_number(value)
        if number is None or (kind is Kind.INTEGER and not float(number).is_integer()):
            return self._refused(value, "number", path)
        return number

    def _refused(self, value: Value, kind: str, path: str) -> Value:
        self.failures.append(Failure(path, f"expected {kind} type, got {_described(value)}"))
        return value


def checked_against(
    object_type: Callable[[str], ObjectSpec], spec: ObjectSpec, values: Properties
) -> tuple[Properties, list[Failure]]:
    """Check inputs against a type.

    Args:
        object_type: finds the object types that the type refers to.
        spec: the type.
        values: the inputs.

    Returns:
        The inputs, without null values and with scalars turned to the type they should have; and what is
        wrong.
    """
    checking = _Checking(object_type)
    return checking.object(spec, values, ""), checking.failures


def without_marks(value: Value) -> Value:
    """The value without the lists of filled-in properties, at any depth."""
    if is_list(value):
        return [without_marks(item) for item in value]
    if is_properties(value):
        return {name: without_marks(item) for name, item in value.items() if name != DEFAULTS_KEY}
    return value


def properties_without_marks(values: Properties) -> Properties:
    """The properties without the lists of filled-in ones, at any depth."""
    return {name: without_marks(item) for name, item in values.items() if name != DEFAULTS_KEY}


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _as_text(value: str | bool | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _as_number(value: Value) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    try:
        number = float(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if number is None:
        return None
    return int(number) if number.is_integer() else number


def _described(value: Value) -> str:
    if is_list(value):
        return "[] type"
    if isinstance(value, Asset) or (is_properties(value) and _ASSET_MARK in value):
        return "asset type"
    if is_properties(value):
        return "object type"
    kind = "string" if isinstance(value, str) else "bool" if isinstance(value, bool) else "number"
    return f'"{value}" of type {kind}'
