"""Folds journal entries into the deployment that they amount to, as every reader of a journal must."""

from dataclasses import dataclass, field
from itertools import chain

from sandbox.engine.state.deployment import (
    NEWEST_SCHEMA_VERSION,
    SCHEMA_VERSION,
    UntypedDeployment,
    features_of,
    manifest,
)
from sandbox.engine.state.journal import EntryKind, JournalEntry
from sandbox.engine.state.json_values import JsonObject, child, objects, text
from sandbox.engine.state.links import drop_dangling, normalize_aliases


@dataclass(slots=True)
class _Marks:
    """What the entries so far say about the base's and the new resources."""

    removed_operations: set[int] = field(default_factory=set[int])
    removed_indices: set[int] = field(default_factory=set[int])
    replaced: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])
    deleted: set[int] = field(default_factory=set[int])
    awaiting_replacement: set[int] = field(default_factory=set[int])
    new: list[JsonObject] = field(default_factory=list[JsonObject])
    position: dict[int, int] = field(default_factory=dict[int, int])
    running: dict[int, JsonObject] = field(default_factory=dict[int, JsonObject])


class Fold:
    """The deployment that a base and the entries after it amount to."""

    def __init__(self, base: JsonObject) -> None:
        """Start from a base deployment, empty for a new stack."""
        self._base = base
        self._marks = _Marks()
        self._has_refresh = False

    def add(self, entry: JournalEntry) -> None:
        """Take one entry in."""
        match entry.kind:
            case EntryKind.BEGIN if entry.operation is not None:
                self._marks.running[entry.operation_id] = entry.operation
            case EntryKind.SUCCESS:
                self._succeed(entry)
            case EntryKind.REFRESH_SUCCESS:
                self._refresh(entry)
            case EntryKind.FAILURE:
                self._marks.running.pop(entry.operation_id, None)
            case EntryKind.OUTPUTS:
                self._replace(entry)
            case EntryKind.WRITE:
                self._base = entry.new_snapshot or {}
            case EntryKind.SECRETS_MANAGER if entry.secrets_provider is not None:
                self._base = {**self._base, "secrets_providers": entry.secrets_provider.to_json()}
            case EntryKind.REBUILT_BASE_STATE:
                self._base = self.deployment().deployment
                self._marks = _Marks()
            case _:
                return

    def _succeed(self, entry: JournalEntry) -> None:
        marks = self._marks
        marks.running.pop(entry.operation_id, None)
        if entry.state is not None:
            marks.position[entry.operation_id] = len(marks.new)
            marks.new.append(entry.state)
        if entry.remove_old is not None:
            marks.removed_indices.add(entry.remove_old)
        if entry.remove_new is not None:
            marks.removed_operations.add(entry.remove_new)
        if entry.delete_old is not None:
            marks.deleted.add(entry.delete_old)
        if entry.delete_new is not None:
            self._mark_new(entry.delete_new, "delete")
        if entry.pending_replacement_old is not None:
            marks.awaiting_replacement.add(entry.pending_replacement_old)
        if entry.pending_replacement_new is not None:
            self._mark_new(entry.pending_replacement_new, "pendingReplacement")
        self._has_refresh = self._has_refresh or entry.is_refresh

    def _mark_new(self, operation_id: int, mark: str) -> None:
        position = self._marks.position[operation_id]
        self._marks.new[position] = {**self._marks.new[position], mark: True}

    def _refresh(self, entry: JournalEntry) -> None:
        self._marks.running.pop(entry.operation_id, None)
        self._has_refresh = True
        if entry.state is not None:
            self._replace(entry)
        elif entry.remove_old is not None:
            self._marks.removed_indices.add(entry.remove_old)
        elif entry.remove_new is not None:
            self._marks.removed_operations.add(entry.remove_new)

    def _replace(self, entry: JournalEntry) -> None:
        if entry.state is None:
            return
        if entry.remove_old is not None:
            self._marks.replaced[entry.remove_old] = entry.state
        if entry.remove_new is not None:
            self._marks.new[self._marks.position[entry.remove_new]] = entry.state

    def deployment(self) -> UntypedDeployment:
        """The deployment so far."""
        resources = normalize_aliases(list(chain(self._new_resources(), self._base_resources())))
        if self._has_refresh:
            resources = drop_dangling(resources)
        operations = [*self._marks.running.values(), *self._interrupted_creations()]
        document: JsonObject = {"manifest": manifest()}
        if secrets_provider := self._base.get("secrets_providers"):
            document["secrets_providers"] = secrets_provider
        if resources:
            document["resources"] = [*resources]
        if operations:
            document["pending_operations"] = [*operations]
        document["metadata"] = child(self._base, "metadata")
        features: set[str] = set()
        for resource in (*resources, *(child(operation, "resource") for operation in operations)):
            features |= features_of(resource)
        return UntypedDeployment(
            document, NEWEST_SCHEMA_VERSION if features else SCHEMA_VERSION, sorted(features)
        )

    def _new_resources(self) -> list[JsonObject]:
        gone = {self._marks.position[operation] for operation in self._marks.removed_operations}
        return [resource for index, resource in enumerate(self._marks.new) if index not in gone]

    def _base_resources(self) -> list[JsonObject]:
        marks = self._marks
        kept: list[JsonObject] = []
        for index, recorded in enumerate(objects(self._base, "resources")):
            if index in marks.removed_indices:
                continue
            if index in marks.replaced:
                kept.append(marks.replaced[index])
                continue
            changes: JsonObject = {}
            if index in marks.awaiting_replacement:
                changes["pendingReplacement"] = True
            if index in marks.deleted:
                changes["delete"] = True
            kept.append({**recorded, **changes} if changes else recorded)
        return kept

    def _interrupted_creations(self) -> list[JsonObject]:
        earlier = objects(self._base, "pending_operations")
        return [operation for operation in earlier if text(operation, "type") == "creating"]
