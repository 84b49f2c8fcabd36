"""Journal entries: what each step did to the state, durable one by one (apitype.JournalEntry, version 1)."""

from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.engine.state.deployment import SecretsProvider
from sandbox.engine.state.json_values import JsonObject


class EntryKind(IntEnum):
    """What an entry says."""

    BEGIN = 0
    SUCCESS = 1
    FAILURE = 2
    REFRESH_SUCCESS = 3
    OUTPUTS = 4
    WRITE = 5
    SECRETS_MANAGER = 6
    REBUILT_BASE_STATE = 7


@dataclass(slots=True)
class JournalEntry:
    """One entry; what was in the base is named by its position, what is new by its operation."""

    kind: EntryKind
    sequence_id: int
    operation_id: int
    remove_old: int | None = None
    remove_new: int | None = None
    pending_replacement_old: int | None = None
    pending_replacement_new: int | None = None
    delete_old: int | None = None
    delete_new: int | None = None
    state: JsonObject | None = None
    operation: JsonObject | None = None
    is_refresh: bool = False
    secrets_provider: SecretsProvider | None = None
    new_snapshot: JsonObject | None = field(default=None)

    def to_json(self) -> JsonObject:
        """The entry as it is sent."""
        document: JsonObject = {
            "version": 1,
            "kind": int(self.kind),
            "sequenceID": self.sequence_id,
            "operationID": self.operation_id,
            "removeOld": self.remove_old,
            "removeNew": self.remove_new,
        }
        rest: JsonObject = {
            "pendingReplacementOld": self.pending_replacement_old,
            "pendingReplacementNew": self.pending_replacement_new,
            "deleteOld": self.delete_old,
            "deleteNew": self.delete_new,
            "state": self.state,
            "operation": self.operation,
            "isRefresh": self.is_refresh or None,
            "secretsProvider": self.secrets_provider.to_json() if self.secrets_provider else None,
            "newSnapshot": self.new_snapshot,
        }
        document.update((key, value) for key, value in rest.items() if value is not None)
        return document
