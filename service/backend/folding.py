"""Folding a journal into the deployment that full checkpoints would have left.

The rules are those of the Pulumi engine's own replay, so that a crashed update recovers to exactly the state
that the engine believed in: resources of this update first, in the order in which their steps ended, then
what remains of the base; steps begun and not ended become pending operations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from service.backend.aliases import normalize_references
from service.backend.journal import EntryKind, JournalEntry
from service.state.deployment import (
    FEATURES_SCHEMA_VERSION,
    PLAIN_SCHEMA_VERSION,
    Deployment,
    PendingOperation,
    Resource,
    VersionedDeployment,
)
from service.state.integrity import IntegrityError
from service.state.json_values import JsonObject


class JournalError(IntegrityError):
    """A journal refers to something that neither it nor the base deployment holds."""

    code = "journal_broken"
    title = "The journal cannot be folded"


@dataclass(slots=True)
class _Replay:
    """What has been heard so far. Dictionaries keep the order in which steps ended."""

    base: Deployment
    made: dict[int, Resource] = field(default_factory=dict[int, Resource])
    begun: dict[int, PendingOperation | None] = field(default_factory=dict[int, PendingOperation | None])
    removed_new: set[int] = field(default_factory=set[int])
    removed_old: set[int] = field(default_factory=set[int])
    replaced_old: dict[int, Resource] = field(default_factory=dict[int, Resource])
    deleted_old: set[int] = field(default_factory=set[int])
    pending_replacement_old: set[int] = field(default_factory=set[int])
    extensions: JsonObject = field(default_factory=JsonObject)
    has_refresh: bool = False
    needs_byte_strings: bool = False


def fold_journal(
    base: Deployment, entries: Iterable[JournalEntry], *, manifest: JsonObject
) -> VersionedDeployment:
    """Fold entries over the deployment that the update started from.

    Entries are taken in sequence order and each sequence number once, so that a batch which was sent twice
    counts once. The result carries `manifest`. Raises JournalError for a reference to nothing.
    """
    replay = _Replay(base)
    by_sequence = {entry.sequence: entry for entry in entries}
    for sequence in sorted(by_sequence):
        _apply(replay, by_sequence[sequence])
    return _generate(replay, manifest)


def _apply(replay: _Replay, entry: JournalEntry) -> None:
    replay.needs_byte_strings = replay.needs_byte_strings or entry.needs_byte_strings
    match entry.kind:
        case EntryKind.BEGIN:
            replay.begun[entry.operation] = entry.pending
        case EntryKind.SUCCESS:
            _apply_success(replay, entry)
        case EntryKind.FAILURE:
            replay.begun.pop(entry.operation, None)
        case EntryKind.REFRESH_SUCCESS:
            replay.begun.pop(entry.operation, None)
            replay.has_refresh = True
            _replace_or_remove(replay, entry)
        case EntryKind.OUTPUTS:
            if entry.state is not None:
                _replace_or_remove(replay, entry)
        case _:
            _apply_to_base(replay, entry)


def _apply_to_base(replay: _Replay, entry: JournalEntry) -> None:
    match entry.kind:
        case EntryKind.WRITE:
            if entry.new_base is None:
                raise JournalError(f"entry {entry.sequence} writes no deployment")
            replay.base = entry.new_base
        case EntryKind.SECRETS_MANAGER:
            replay.base = replace(replay.base, secrets_provider=entry.secrets_provider)
        case EntryKind.SNIPPETS:
            replay.base = replace(replay.base, snippets=entry.snippets)
        case EntryKind.EXTENSION_PARAMETERIZE:
            replay.extensions[entry.extension_ref] = entry.extension
        case _:
            _rebuild_base(replay)


def _apply_success(replay: _Replay, entry: JournalEntry) -> None:
    replay.begun.pop(entry.operation, None)
    if entry.state is not None:
        replay.made[entry.operation] = entry.state
    if entry.remove_old is not None:
        replay.removed_old.add(_old(replay, entry.remove_old))
    if entry.remove_new is not None:
        replay.removed_new.add(_new(replay, entry.remove_new))
    if entry.delete_old is not None:
        replay.deleted_old.add(_old(replay, entry.delete_old))
    if entry.delete_new is not None:
        made = replay.made[_new(replay, entry.delete_new)]
        replay.made[entry.delete_new] = replace(made, is_pending_delete=True)
    if entry.pending_replacement_old is not None:
        replay.pending_replacement_old.add(_old(replay, entry.pending_replacement_old))
    if entry.pending_replacement_new is not None:
        made = replay.made[_new(replay, entry.pending_replacement_new)]
        replay.made[entry.pending_replacement_new] = replace(made, is_pending_replacement=True)
    replay.has_refresh = replay.has_refresh or entry.is_refresh


def _replace_or_remove(replay: _Replay, entry: JournalEntry) -> None:
    """Put the entry's state in the place of the resource it names; without a state, drop that resource."""
    if entry.remove_old is not None:
        index = _old(replay, entry.remove_old)
        if entry.state is None:
            replay.removed_old.add(index)
        else:
            replay.replaced_old[index] = entry.state
    if entry.remove_new is not None:
        operation = _new(replay, entry.remove_new)
        if entry.state is None:
            replay.removed_new.add(operation)
        else:
            replay.made[operation] = entry.state


def _old(replay: _Replay, index: int) -> int:
    if not 0 <= index < len(replay.base.resources):
        raise JournalError(f"no resource {index} in the base deployment of {len(replay.base.resources)}")
    return index


def _new(replay: _Replay, operation: int) -> int:
    if operation not in replay.made:
        raise JournalError(f"operation {operation} made no resource in this journal")
    return operation


def _rebuild_base(replay: _Replay) -> None:
    """After a refresh the engine counts from the state as it then stands."""
    replay.base = _generate(replay, replay.base.manifest).deployment
    replay.made = {}
    replay.begun = {}
    replay.removed_new = set()
    replay.removed_old = set()
    replay.replaced_old = {}
    replay.deleted_old = set()
    replay.pending_replacement_old = set()
    replay.extensions = {}


def _generate(replay: _Replay, manifest: JsonObject) -> VersionedDeployment:
    resources = [state for number, state in replay.made.items() if number not in replay.removed_new]
    resources.extend(_remaining_base(replay))
    pending = [operation for operation in replay.begun.values() if operation is not None]
    pending.extend(operation for operation in replay.base.pending_operations if operation.type == "creating")
    features = _features(replay, [*resources, *(operation.resource for operation in pending)])
    if replay.has_refresh:
        resources = _drop_dangling(resources)
    folded = Deployment(
        manifest=manifest,
        resources=tuple(resources),
        pending_operations=tuple(pending),
        secrets_provider=replay.base.secrets_provider,
        metadata={key: value for key, value in replay.base.metadata.items() if key != "integrity_error"},
        snippets=replay.base.snippets,
        extensions={**replay.extensions, **replay.base.extensions},
        rest=replay.base.rest,
    )
    version = FEATURES_SCHEMA_VERSION if features else PLAIN_SCHEMA_VERSION
    return VersionedDeployment(version, normalize_references(folded), features)


def _remaining_base(replay: _Replay) -> Iterable[Resource]:
    for index, resource in enumerate(replay.base.resources):
        if index in replay.removed_old:
            continue
        if index in replay.replaced_old:
            yield replay.replaced_old[index]
            continue
        yield replace(
            resource,
            is_pending_replacement=resource.is_pending_replacement or index in replay.pending_replacement_old,
            is_pending_delete=resource.is_pending_delete or index in replay.deleted_old,
        )


def _drop_dangling(resources: list[Resource]) -> list[Resource]:
    """A refresh may have removed what others name: keep only edges to resources that come before."""
    kept: list[Resource] = []
    known: set[str] = set()
    for resource in resources:
        edges = (
            (key, tuple(filter(known.__contains__, urns))) for key, urns in resource.property_dependencies
        )
        kept.append(
            replace(
                resource,
                dependencies=tuple(filter(known.__contains__, resource.dependencies)),
                property_dependencies=tuple((key, urns) for key, urns in edges if urns),
                replace_with=tuple(filter(known.__contains__, resource.replace_with)),
                deleted_with=resource.deleted_with if resource.deleted_with in known else "",
                parent=resource.parent if resource.parent in known else "",
            )
        )
        known.add(resource.urn)
    return kept


_FEATURE_FIELDS = (
    ("refreshBeforeUpdate", "refreshBeforeUpdate"),
    ("resourceHooks", "hooks"),
    ("taint", "taint"),
    ("extensionRef", "extensionParameterization"),
    ("snippetID", "snippets-prototype"),
)


def _features(replay: _Replay, resources: list[Resource]) -> tuple[str, ...]:
    """Name what an older engine could not read, as the engine that wrote the resources would."""
    features: set[str] = set()
    if resources and replay.needs_byte_strings:
        features.add("byteString")
    if replay.base.snippets:
        features.add("snippets-prototype")
    for resource in resources:
        features.update(feature for key, feature in _FEATURE_FIELDS if resource.rest.get(key))
        if resource.view_of:
            features.add("views")
        if resource.replace_with:
            features.add("replaceWith")
    return tuple(sorted(features))
