"""What differs between an AWS resource and its new inputs, and what of that needs a new resource."""

import re
from dataclasses import replace

from sandbox.cloud.aws.outputs import is_computed
from sandbox.cloud.aws.table import TypeEntry, entry_of, is_listed
from sandbox.cloud.provider.checking import properties_without_marks
from sandbox.cloud.provider.comparing import Comparing
from sandbox.cloud.provider.model import DiffCall, Difference, PathChange
from sandbox.cloud.sdk.model import Kind, ObjectSpec, ResourceSpec, TypeSpec
from sandbox.cloud.sdk.package import SdkPackage
from sandbox.cloud.wire.values import Properties

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_INDEX = re.compile(r"\[[^\]]*\]")


def difference(package: SdkPackage, spec: ResourceSpec, call: DiffCall) -> Difference:
    """Compare a resource's recorded outputs with its new inputs."""
    entry = entry_of(spec.token)
    comparing = Comparing(
        is_map=lambda path: _is_map(package, spec.inputs, path),
        is_computed=lambda name: is_computed(spec, name),
    )
    changes = comparing.changes(
        properties_without_marks(call.old_outputs),
        properties_without_marks(call.old_inputs),
        properties_without_marks(call.news),
    )
    kept = (change for change in changes if not _is_ignored(change.path, call.ignored))
    named = tuple(replace(change, replaces=_replaces(spec, entry, change, call)) for change in kept)
    return Difference(named, delete_before_replace=_must_go_first(entry, call, named))


def _replaces(spec: ResourceSpec, entry: TypeEntry, change: PathChange, call: DiffCall) -> bool:
    path = _INDEX.sub("", change.path)
    top = path.partition(".")[0]
    if top == "region":
        return True
    if not is_listed(spec.token):
        wanted = spec.inputs.properties.get(top)
        return top == entry.name or (wanted is not None and wanted.forces_replacement)
    if top in entry.replace_unless:
        return not _is_spared(top, entry.replace_unless[top], call)
    if "*" in entry.replace:
        return f"-{top}" not in entry.replace and top != "tags"
    return top in entry.replace or path in entry.replace


def _is_spared(name: str, sparing: str, call: DiffCall) -> bool:
    """Whether another input turns the change of one into an update, which it does for no first or last value.

    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecs/service.go
    (capacityProviderStrategyCustomizeDiff)
    """
    is_kept = bool(call.old_outputs.get(name)) and bool(call.news.get(name))
    return call.news.get(sparing) is True and is_kept


def _must_go_first(entry: TypeEntry, call: DiffCall, changes: tuple[PathChange, ...]) -> bool:
    """Whether the old resource has to go before the new one comes: both would bear one name or one id.

    A name that the provider generates is new for a new resource; one that the program gives is not.
    """
    if not any(change.replaces for change in changes):
        return False
    if entry.id is not None and not entry.shares_id and _filled(entry.id, call.news) == call.id:
        return True
    name = call.news.get(entry.name)
    marks = call.news.get("__defaults")
    is_generated = isinstance(marks, list) and entry.name in marks
    return entry.unique and name is not None and not is_generated and name == call.old_outputs.get(entry.name)


def _filled(template: str, news: Properties) -> str | None:
    """The id that a template of inputs alone gives; None when AWS has a say in it."""
    parts = _PLACEHOLDER.findall(template)
    values = [news.get(name) for name in parts]
    if not parts or not all(isinstance(value, str) for value in values):
        return None
    return _PLACEHOLDER.sub(lambda match: str(news[match.group(1)]), template)


def _is_ignored(path: str, ignored: tuple[str, ...]) -> bool:
    return any(path == item or path.startswith((f"{item}.", f"{item}[")) for item in ignored)


def _is_map(package: SdkPackage, spec: ObjectSpec, path: str) -> bool:
    wanted: TypeSpec | None = None
    for part in _INDEX.sub("", path).split("."):
        if wanted is not None:
            if wanted.kind is not Kind.OBJECT or wanted.reference is None:
                return wanted.kind is Kind.MAP
            spec = package.object_type(wanted.reference)
        found = spec.properties.get(part)
        if found is None:
            return True
        wanted = found.type
        while wanted.kind is Kind.LIST and wanted.item is not None:
            wanted = wanted.item
    return wanted is not None and wanted.kind in (Kind.MAP, Kind.ANY)
