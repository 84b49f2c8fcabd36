"""Reads what programs send: goals, options, aliases, timeouts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

from sandbox.engine.errors import EngineError
from sandbox.engine.properties.values import OutputValue, Properties, output_dependencies
from sandbox.engine.rpc import alias_pb2, resource_pb2, source_pb2
from sandbox.engine.state.resource import NO_TIMEOUTS, CustomTimeouts, HookKind
from sandbox.engine.steps.model import Alias

_UNITS_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")

Options: TypeAlias = resource_pb2.TransformResourceOptions
PropertyDependencies: TypeAlias = dict[str, list[str]]


def aliases_of(holder: "resource_pb2.RegisterResourceRequest | Options") -> list[alias_pb2.Alias]:
    """The aliases of a registration."""
    return list(cast("Iterable[alias_pb2.Alias]", holder.aliases))


def options_of(request: resource_pb2.RegisterResourceRequest, provider: str) -> Options:
    """The options of a registration as transforms see and change them."""
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies,
        ignore_changes=request.ignoreChanges,
        replace_on_changes=request.replaceOnChanges,
        version=request.version,
        aliases=[*(alias_pb2.Alias(urn=urn) for urn in request.aliasURNs), *aliases_of(request)],
        provider=provider,
        plugin_download_url=request.pluginDownloadURL,
        deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs,
        providers=request.providers,
        plugin_checksums=request.pluginChecksums,
        hide_diff=request.hideDiffs,
        replace_with=request.replace_with,
    )
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.HasField("customTimeouts"):
        options.custom_timeouts.CopyFrom(request.customTimeouts)
    if request.HasField("replacement_trigger"):
        options.replacement_trigger.CopyFrom(request.replacement_trigger)
    if request.HasField("hooks"):
        options.hooks.CopyFrom(request.hooks)
    if request.deleteBeforeReplaceDefined or request.deleteBeforeReplace:
        options.delete_before_replace = request.deleteBeforeReplace
    return options


def read_alias(alias: alias_pb2.Alias) -> Alias:
    """An alias as the program gave it."""
    if alias.WhichOneof("alias") == "urn":
        return Alias(urn=alias.urn)
    spec = alias.spec
    return Alias(
        name=spec.name,
        type=spec.type,
        stack=spec.stack,
        project=spec.project,
        parent=spec.parentUrn,
        has_no_parent=spec.noParent,
    )


def read_timeouts(options: resource_pb2.TransformResourceOptions) -> CustomTimeouts:
    """Timeouts in seconds.

    Raises:
        EngineError: if one is no duration.
    """
    if not options.HasField("custom_timeouts"):
        return NO_TIMEOUTS
    given = options.custom_timeouts
    return CustomTimeouts(
        *(_seconds(text) for text in (given.create, given.update, given.delete, given.read))
    )


def _seconds(text: str) -> float:
    pieces = _DURATION.findall(text)
    if "".join(f"{number}{unit}" for number, unit in pieces) != text:
        raise EngineError(f"unable to parse customTimeout Value {text}")
    return sum(float(number) * _UNITS_SECONDS[unit] for number, unit in pieces)


def read_hooks(options: resource_pb2.TransformResourceOptions) -> dict[HookKind, list[str]]:
    """Names of hooks by when they run."""
    given = options.hooks
    named: Mapping[HookKind, Sequence[str]] = {
        HookKind.BEFORE_CREATE: given.before_create,
        HookKind.AFTER_CREATE: given.after_create,
        HookKind.BEFORE_UPDATE: given.before_update,
        HookKind.AFTER_UPDATE: given.after_update,
        HookKind.BEFORE_DELETE: given.before_delete,
        HookKind.AFTER_DELETE: given.after_delete,
        HookKind.ON_ERROR: given.on_error,
    }
    return {kind: list(names) for kind, names in named.items() if names}


def property_dependencies(
    request: resource_pb2.RegisterResourceRequest, properties: Properties
) -> PropertyDependencies:
    """What each property depends on, as the program or the properties themselves say."""
    if not request.propertyDependencies and not request.remote:
        return {key: list(request.dependencies) for key in properties}
    found = {key: list(given.urns) for key, given in request.propertyDependencies.items()}
    for key, value in properties.items():
        found[key] = list(dict.fromkeys([*found.get(key, ()), *output_dependencies(value)]))
    return found


def dependencies(
    request: resource_pb2.RegisterResourceRequest, properties: Properties
) -> tuple[list[str], PropertyDependencies]:
    """What a resource depends on, and each of its properties.

    Where a request tells no property's dependencies, the official engine keeps one set for the resource and
    all its properties, and so whatever a value carries counts for all of them.
    """
    if request.propertyDependencies or request.remote:
        return list(request.dependencies), property_dependencies(request, properties)
    carried = [urn for value in properties.values() for urn in output_dependencies(value)]
    everything = list(dict.fromkeys([*request.dependencies, *carried]))
    return everything, {key: list(everything) for key in properties}


def with_dependencies(properties: Properties, dependencies: PropertyDependencies) -> Properties:
    """Properties as outputs that carry what they depend on, for transforms to see."""
    upgraded: Properties = {}
    for key, value in properties.items():
        wanted, present = dependencies.get(key, []), set(output_dependencies(value))
        if present.issuperset(wanted):
            upgraded[key] = value
        elif isinstance(value, OutputValue):
            joined = tuple(dict.fromkeys([*value.dependencies, *wanted]))
            upgraded[key] = OutputValue(value.element, value.known, value.secret, joined)
        else:
            upgraded[key] = OutputValue(value, known=True, secret=False, dependencies=tuple(wanted))
    return upgraded


Positioned: TypeAlias = resource_pb2.RegisterResourceRequest | resource_pb2.ReadResourceRequest


def position_of(request: Positioned) -> source_pb2.SourcePosition:
    """Where in the program a request was made."""
    return cast("source_pb2.SourcePosition", request.sourcePosition)


def trace_of(request: Positioned) -> source_pb2.StackTrace:
    """By which calls a request was made."""
    return cast("source_pb2.StackTrace", request.stackTrace)
