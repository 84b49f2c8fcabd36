"""Functions that look up resources of the type that they are named for."""

import re

from sandbox.cloud.aws.functions.call import Invocation
from sandbox.cloud.aws.references import missing
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.sdk.model import FunctionSpec, Kind, PropertySpec
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, Value, is_properties, objects_of, text_of, texts_of

_TOKEN = re.compile(r"aws:(\w+)/get(\w+):get\w+")
_NOT_COMPARED = frozenset({"filters", "tags", "region", "mostRecent", "includeDeprecated"})


def looked_up(package: SdkPackage, spec: FunctionSpec, call: Invocation) -> Properties:
    """The one resource that the arguments describe, with the properties that the function returns.

    A function without a resource type of its name returns its arguments and empty values.
    """
    type_ = type_of(call.token)
    if package.resource(type_) is None:
        return {
            name: _empty(wanted) for name, wanted in spec.outputs.properties.items() if wanted.is_required
        }
    found = matching(call, type_)
    if not found:
        raise missing(type_, _described(call.arguments))
    if len(found) > 1:
        raise ApiError(
            "TooManyResults", f"multiple {type_.rpartition(':')[2]}s matched; use additional constraints"
        )
    return shown(spec, found[0])


def shown(spec: FunctionSpec, record: Record) -> Properties:
    """What a function returns of a resource."""
    outputs: Properties = {**record.outputs, "id": record.id}
    return {
        name: outputs[name] if outputs.get(name) is not None else _empty(wanted)
        for name, wanted in spec.outputs.properties.items()
        if name in outputs or wanted.is_required
    }


def matching(call: Invocation, type_: str) -> list[Record]:
    """The resources of a type that the arguments describe, oldest first."""
    records = call.inventory.of_type(type_, call.around.account)
    here = [record for record in records if record.scope.region in ("global", call.around.region)]
    return [record for record in here if _matches(record, call.arguments)]


def type_of(token: str) -> str:
    """The resource type that a function is named for."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return token
    service, kind = match.groups()
    return f"aws:{service}/{kind[0].lower()}{kind[1:]}:{kind}"


def _matches(record: Record, arguments: Properties) -> bool:
    outputs: Properties = {**record.outputs, "id": record.id}
    compared = {name: value for name, value in arguments.items() if name not in _NOT_COMPARED}
    if not all(
        name not in outputs or _is_equal(record, outputs, name, value) for name, value in compared.items()
    ):
        return False
    tags = record.outputs.get("tagsAll")
    wanted = arguments.get("tags")
    if is_properties(wanted) and not (is_properties(tags) and wanted.items() <= tags.items()):
        return False
    return all(_passes(record, item) for item in objects_of(arguments, "filters"))


def _is_equal(record: Record, outputs: Properties, name: str, value: Value) -> bool:
    return outputs[name] == value or (
        value in (record.id, record.arn, record.name) and name in ("id", "name", "arn")
    )


def _passes(record: Record, wanted: Properties) -> bool:
    name, values = text_of(wanted, "name"), texts_of(wanted, "values")
    if name.startswith("tag:"):
        tags = record.outputs.get("tagsAll")
        return is_properties(tags) and tags.get(name.removeprefix("tag:")) in values
    words = name.split("-")
    value = record.outputs.get(words[0] + "".join(word.capitalize() for word in words[1:]))
    return value is None or str(value).lower() in [item.lower() for item in values]


def _described(arguments: Properties) -> str:
    return next((value for value in arguments.values() if isinstance(value, str)), "")


def _empty(wanted: PropertySpec) -> Value:
    kind = wanted.type.kind
    if kind is Kind.LIST:
        return []
    if kind in (Kind.MAP, Kind.OBJECT):
        return {}
    return False if kind is Kind.BOOLEAN else 0 if kind in (Kind.INTEGER, Kind.NUMBER) else ""
