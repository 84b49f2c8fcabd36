"""Property values to and from the protobuf structs in which they travel."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from google.protobuf import struct_pb2

from sandbox.engine.errors import EngineError
from sandbox.engine.properties import assets
from sandbox.engine.properties.values import (
    ARCHIVE_SIGNATURE,
    ASSET_SIGNATURE,
    OUTPUT_SIGNATURE,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_SENTINELS,
    UNKNOWN_STRING,
    Archive,
    Asset,
    OutputValue,
    Properties,
    Property,
    ResourceReference,
    Secret,
    Unknown,
)


@dataclass(frozen=True, slots=True)
class Keep:
    """What the receiver understands; the rest is reduced to plain values or left out."""

    unknowns: bool = False
    secrets: bool = False
    resources: bool = False
    outputs: bool = False
    elide_assets: bool = False

    def without(self, *, assets: bool) -> "Keep":
        """The same, with assets reduced to their hashes or not."""
        return replace(self, elide_assets=assets)


EVERYTHING = Keep(unknowns=True, secrets=True, resources=True, outputs=True)


def to_struct(properties: Mapping[str, Property], keep: Keep) -> struct_pb2.Struct:
    """Properties as a struct."""
    struct = struct_pb2.Struct()
    _fill_struct(struct, properties, keep)
    return struct


def to_value(prop: Property, keep: Keep) -> struct_pb2.Value:
    """One property as a value; an unknown that may not be sent becomes null."""
    value = struct_pb2.Value()
    if not _fill(value, prop, keep):
        value.null_value = struct_pb2.NULL_VALUE
    return value


def _fill_struct(struct: struct_pb2.Struct, properties: Mapping[str, Property], keep: Keep) -> None:
    fields = struct.fields
    struct.SetInParent()
    for key, prop in properties.items():
        if not _fill(fields[key], prop, keep):
            del fields[key]


def _fill(value: struct_pb2.Value, prop: Property, keep: Keep) -> bool:  # noqa: C901, PLR0912 -- one case for each kind of value
    match prop:
        case None:
            value.null_value = struct_pb2.NULL_VALUE
        case bool():
            value.bool_value = prop
        case float() | int():
            value.number_value = prop
        case str():
            value.string_value = prop
        case list():
            _fill_list(value.list_value, prop, keep)
        case dict():
            _fill_struct(value.struct_value, prop, keep)
        case Unknown() if keep.unknowns:
            value.string_value = prop.sentinel
        case Unknown():
            return False
        case Secret() if not keep.secrets:
            return _fill(value, prop.element, keep)
        case Secret():
            _fill_struct(value.struct_value, {SIGNATURE_KEY: SECRET_SIGNATURE, "value": prop.element}, keep)
        case OutputValue():
            return _fill_output(value, prop, keep)
        case Asset() | Archive():
            _fill_struct(value.struct_value, assets.describe(prop, elide=keep.elide_assets), keep)
        case ResourceReference():
            _fill_reference(value, prop, keep)
    return True


def _fill_list(target: struct_pb2.ListValue, items: list[Property], keep: Keep) -> None:
    target.SetInParent()
    for item in items:
        if not _fill(target.values.add(), item, keep):
            del target.values[-1]


def _fill_output(value: struct_pb2.Value, output: OutputValue, keep: Keep) -> bool:
    if not keep.outputs:
        plain: Property = output.element if output.known else UNKNOWN
        return _fill(value, Secret(plain) if output.secret else plain, keep)
    described: Properties = {SIGNATURE_KEY: OUTPUT_SIGNATURE}
    if output.known:
        described["value"] = output.element
    if output.secret:
        described["secret"] = True
    if output.dependencies:
        described["dependencies"] = list(output.dependencies)
    _fill_struct(value.struct_value, described, keep)
    return True


def _fill_reference(value: struct_pb2.Value, reference: ResourceReference, keep: Keep) -> None:
    if not keep.resources:
        if reference.id is None or not _fill(value, reference.id, keep):
            value.string_value = reference.urn
        return
    described: Properties = {SIGNATURE_KEY: RESOURCE_SIGNATURE, "urn": reference.urn}
    if reference.id is not None:
        described["id"] = "" if isinstance(reference.id, Unknown) else reference.id
    if reference.package_version:
        described["packageVersion"] = reference.package_version
    _fill_struct(value.struct_value, described, keep)


def from_struct(struct: struct_pb2.Struct, keep: Keep = EVERYTHING, *, upgrade: bool = False) -> Properties:
    """Properties out of a struct.

    Args:
        struct: What arrived.
        keep: What to tell apart; the rest becomes plain, an unknown that is not kept is left out.
        upgrade: Whether secrets and unknowns become outputs.
    """
    properties: Properties = {}
    for key, value in sorted(struct.fields.items()):
        prop = from_value(value, keep, upgrade=upgrade)
        if prop is not _DROPPED:
            properties[key] = prop
    return properties


_DROPPED = Unknown("dropped")


def from_value(value: struct_pb2.Value, keep: Keep = EVERYTHING, *, upgrade: bool = False) -> Property:
    """A property out of a value."""
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return _unknown(text, keep, upgrade=upgrade) if text in UNKNOWN_SENTINELS else text
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case "list_value":
            items = (from_value(item, keep, upgrade=upgrade) for item in value.list_value.values)
            return [item for item in items if item is not _DROPPED]
        case "struct_value":
            return _from_object(from_struct(value.struct_value, keep, upgrade=upgrade), keep, upgrade=upgrade)
        case _:
            return None


def _unknown(sentinel: str, keep: Keep, *, upgrade: bool) -> Property:
    if not keep.unknowns:
        return _DROPPED
    if upgrade and keep.outputs:
        return OutputValue(None, known=False, secret=False)
    return Unknown(sentinel)


def _from_object(fields: Properties, keep: Keep, *, upgrade: bool) -> Property:
    match fields.get(SIGNATURE_KEY):
        case None:
            return fields
        case signature if signature == SECRET_SIGNATURE:
            return _secret(fields["value"], keep, upgrade=upgrade)
        case signature if signature == OUTPUT_SIGNATURE:
            return _output(fields, keep, upgrade=upgrade)
        case signature if signature == RESOURCE_SIGNATURE:
            return _reference(fields, keep, upgrade=upgrade)
        case signature if signature in (ASSET_SIGNATURE, ARCHIVE_SIGNATURE):
            return assets.parse(fields)
        case signature:
            msg = f"unrecognized signature '{signature}' in property map"
            raise EngineError(msg)


def _secret(element: Property, keep: Keep, *, upgrade: bool) -> Property:
    if not keep.secrets:
        return element
    if upgrade and keep.outputs:
        return OutputValue(element, known=True, secret=True)
    return Secret(element)


def _output(fields: Properties, keep: Keep, *, upgrade: bool) -> Property:
    known, secret = "value" in fields, fields.get("secret") is True
    if keep.outputs:
        listed = fields.get("dependencies")
        dependencies = tuple(str(urn) for urn in listed) if isinstance(listed, list) else ()
        return OutputValue(fields.get("value"), known, secret, dependencies)
    plain = fields["value"] if known else _unknown(UNKNOWN_STRING, keep, upgrade=upgrade)
    return _secret(plain, keep, upgrade=upgrade) if secret and plain is not _DROPPED else plain


def _reference(fields: Properties, keep: Keep, *, upgrade: bool) -> Property:
    urn, version = str(fields.get("urn", "")), str(fields.get("packageVersion", ""))
    identity = fields.get("id")
    if isinstance(identity, OutputValue):
        identity = identity.element if identity.known else UNKNOWN
    if "id" in fields and identity == "":
        identity = UNKNOWN
    if keep.resources:
        return ResourceReference(urn, identity, version)
    if isinstance(identity, Unknown):
        return _unknown(UNKNOWN_STRING, keep, upgrade=upgrade)
    return urn if identity is None else identity
