"""Property values to and from the protobuf structs of the provider protocol."""

from collections.abc import Iterable

from google.protobuf.struct_pb2 import NullValue, Struct
from google.protobuf.struct_pb2 import Value as StructValue

from sandbox.cloud.wire.values import UNKNOWN, Asset, Properties, Reference, Secret, Unknown, Value

_SIGNATURE = "4dabf18193072939515e22adb298388d"
_SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 -- the protocol's mark, not a credential
_OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e"
_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS = frozenset(
    {
        _UNKNOWN,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


def properties_from(struct: Struct) -> Properties:
    """Read a struct of the protocol."""
    return {name: _value_from(item) for name, item in struct.fields.items()}


def struct_of(values: Properties) -> Struct:
    """Write properties as a struct of the protocol."""
    struct = Struct()
    for name, item in values.items():
        _write(struct.fields[name], item)
    return struct


def _value_from(message: StructValue) -> Value:
    kind = message.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if message.string_value in _UNKNOWNS else message.string_value
    if kind == "struct_value":
        return _object_from(message.struct_value)
    if kind == "list_value":
        return [_value_from(item) for item in message.list_value.values]
    if kind == "number_value":
        number = message.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return message.bool_value
    return None


def _object_from(struct: Struct) -> Value:
    fields = struct.fields
    if _SIGNATURE not in fields:
        return properties_from(struct)
    mark = fields[_SIGNATURE].string_value
    if mark == _SECRET:
        return Secret(_value_from(fields["value"]))
    if mark == _OUTPUT:
        known = _value_from(fields["value"]) if "value" in fields else UNKNOWN
        return Secret(known) if "secret" in fields and fields["secret"].bool_value else known
    if mark == _REFERENCE:
        return _reference_from(struct)
    return Asset(properties_from(struct))


def _reference_from(struct: Struct) -> Reference:
    fields = struct.fields
    given = fields["id"].string_value if "id" in fields else ""
    return Reference(fields["urn"].string_value, UNKNOWN if given in _UNKNOWNS else given)


def _write(message: StructValue, value: Value) -> None:
    if value is None:
        message.null_value = NullValue.NULL_VALUE
    elif isinstance(value, bool):
        message.bool_value = value
    elif isinstance(value, str):
        message.string_value = value
    elif isinstance(value, int | float):
        message.number_value = value
    elif isinstance(value, Unknown):
        message.string_value = _UNKNOWN
    elif isinstance(value, list):
        _write_list(message, value)
    else:
        _write_object(message, value)


def _write_list(message: StructValue, values: list[Value]) -> None:
    message.list_value.SetInParent()
    for item in values:
        _write(message.list_value.values.add(), item)


def _write_object(message: StructValue, value: dict[str, Value] | Secret | Asset | Reference) -> None:
    message.struct_value.SetInParent()
    for name, item in _fields_of(value):
        _write(message.struct_value.fields[name], item)


def _fields_of(value: dict[str, Value] | Secret | Asset | Reference) -> Iterable[tuple[str, Value]]:
    if isinstance(value, Secret):
        return ((_SIGNATURE, _SECRET), ("value", value.value))
    if isinstance(value, Asset):
        return value.fields.items()
    if isinstance(value, Reference):
        identity: list[tuple[str, Value]] = [("id", value.id)] if value.id else []
        return [(_SIGNATURE, _REFERENCE), ("urn", value.urn), *identity]
    return value.items()
