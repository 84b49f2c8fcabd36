"""What differs between an object and its new manifest, and what of that needs a new object."""

import re
from dataclasses import replace

from sandbox.cloud.kubernetes.manifests import kind_of
from sandbox.cloud.kubernetes.naming import AUTONAMED
from sandbox.cloud.kubernetes.tables import kinds
from sandbox.cloud.provider.comparing import Comparing
from sandbox.cloud.provider.model import DiffCall, Difference, PathChange
from sandbox.cloud.wire.values import object_of, text_of

_INDEX = re.compile(r"\[[^\]]*\]")


def difference(call: DiffCall) -> Difference:
    """Compare an object as it was last read with its new manifest.

    Fields that the manifest never set are the server's own affair.
    """
    comparing = Comparing(is_map=lambda _path: False, is_computed=lambda _name: False, has_sets=False)
    changes = comparing.changes(call.old_outputs, call.old_inputs, call.news)
    kept = (change for change in changes if not _is_ignored(change.path, call.ignored))
    fixed = _fixed_fields(call.target.type)
    named = tuple(replace(change, replaces=_is_fixed(change, fixed)) for change in kept)
    return Difference(named, delete_before_replace=_must_go_first(call, named))


def _fixed_fields(type_: str) -> tuple[str, ...]:
    table = kinds().replace
    return table["any"] + table.get(kind_of(type_).name, ())


def _is_fixed(change: PathChange, fixed: tuple[str, ...]) -> bool:
    path = _INDEX.sub("", change.path)
    return any(path == field or path.startswith(f"{field}.") for field in fixed)


def _must_go_first(call: DiffCall, changes: tuple[PathChange, ...]) -> bool:
    if not any(change.replaces for change in changes):
        return False
    metadata = object_of(call.news, "metadata")
    if AUTONAMED in object_of(metadata, "annotations"):
        return False
    name = text_of(metadata, "name") or text_of(call.news, "name")
    before = object_of(call.old_outputs, "metadata")
    return bool(name) and name == (text_of(before, "name") or text_of(call.old_outputs, "name"))


def _is_ignored(path: str, ignored: tuple[str, ...]) -> bool:
    return any(path == item or path.startswith((f"{item}.", f"{item}[")) for item in ignored)
