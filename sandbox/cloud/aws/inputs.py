"""A resource's inputs checked and completed: types, default tags, region, defaults, generated names."""

import re
from collections.abc import Iterator, Mapping

from sandbox.cloud.aws.rules import refused_inputs
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import TypeEntry, entry_of
from sandbox.cloud.provider.checking import DEFAULTS_KEY, checked_against, properties_without_marks
from sandbox.cloud.provider.model import CheckCall, Checked, Failure
from sandbox.cloud.provider.naming import generated_name
from sandbox.cloud.sdk.model import Kind, PropertySpec, ResourceSpec
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties


def check_inputs(package: SdkPackage, spec: ResourceSpec, around: Surroundings, call: CheckCall) -> Checked:
    """Check a resource's inputs and complete them as the provider does.

    Default tags are merged into `tags`, the region is written down, and what the provider filled in is
    listed under `__defaults`: so a resource's inputs say all that its creation needs.
    """
    entry = entry_of(call.target.type)
    given = _tagged(spec, around, properties_without_marks(call.news))
    inputs, failures = checked_against(package.object_type, spec.inputs, given)
    filled = _defaults(spec, entry, around, inputs)
    name = _name(spec, entry, call, inputs)
    if isinstance(name, Failure):
        failures.append(name)
    elif name is not None:
        filled[entry.name] = name
    complete = {**inputs, **filled}
    failures += _wrong_names(spec, entry, inputs)
    failures += refused_inputs(spec.token, complete)
    marks: list[Value] = [*sorted(filled)]
    return Checked({**complete, DEFAULTS_KEY: marks}, tuple(failures))


def _tagged(spec: ResourceSpec, around: Surroundings, news: Properties) -> Properties:
    tags = news.get("tags") or {}
    if "tags" not in spec.inputs.properties or not around.default_tags or not is_properties(tags):
        return news
    return {**news, "tags": {**dict(around.default_tags), **tags}}


def _defaults(spec: ResourceSpec, entry: TypeEntry, around: Surroundings, inputs: Properties) -> Properties:
    known: Mapping[str, PropertySpec] = spec.inputs.properties
    filled: Properties = {
        name: value
        for name, value in plain(entry.defaults).items()
        if name in known and inputs.get(name) is None
    }
    if "region" in known and inputs.get("region") is None:
        filled["region"] = around.region
    return filled


def _name(spec: ResourceSpec, entry: TypeEntry, call: CheckCall, inputs: Properties) -> str | Failure | None:
    wanted = spec.inputs.properties.get(entry.name)
    if wanted is None or wanted.is_required or wanted.type.kind is not Kind.STRING:
        return None
    prefix_given = inputs.get(f"{entry.name}Prefix")
    if inputs.get(entry.name) is not None or prefix_given is not None:
        return None
    old, marks = call.olds.get(entry.name), call.olds.get(DEFAULTS_KEY)
    if isinstance(old, str) and (not is_list(marks) or entry.name in marks):
        return old
    return generated_name(
        call,
        property_=entry.name,
        limit=entry.name_limit,
        prefix=entry.name_prefix,
        is_lower=entry.name_lower,
    )


def _wrong_names(spec: ResourceSpec, entry: TypeEntry, inputs: Properties) -> Iterator[Failure]:
    """What is wrong with a name that the program gives, in the words of the provider's validators."""
    name = inputs.get(entry.name)
    if not isinstance(name, str) or entry.name not in spec.inputs.properties:
        return
    limit, pattern = entry.name_limit, entry.name_pattern
    if limit is not None and not 1 <= len(name) <= limit:
        reason = f"expected length of {entry.name} to be in the range (1 - {limit}), got {name}"
        yield Failure(entry.name, reason)
    elif pattern is not None and not re.fullmatch(pattern, name):
        yield Failure(entry.name, f"invalid value for {entry.name} (must match {pattern}), got {name}")


def plain(values: Mapping[str, object]) -> Properties:
    """Values of a table as property values."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: object) -> Value:
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}  # pyright: ignore -- JSON
    if isinstance(value, list):
        return [_plain(item) for item in value]  # pyright: ignore -- JSON
    return value if isinstance(value, str | int | float | bool) else None
