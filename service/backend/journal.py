"""The journal of an update: one entry for what a step began, did or failed to do.

Entries refer to resources of the base deployment by index and to resources that this update made by the
number of the operation that made them. Their meaning is the Pulumi engine's journal format, version 1.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Self

from service.state.deployment import Deployment, PendingOperation, Resource
from service.state.json_values import (
    DocumentError,
    JsonObject,
    JsonValue,
    as_object,
    read_flag,
    read_integer,
    read_list,
    read_object,
    read_text,
)

JOURNAL_VERSION = 1


class EntryKind(IntEnum):
    """What an entry says, numbered as on the wire."""

    BEGIN = 0
    SUCCESS = 1
    FAILURE = 2
    REFRESH_SUCCESS = 3
    OUTPUTS = 4
    WRITE = 5
    SECRETS_MANAGER = 6
    REBUILT_BASE_STATE = 7
    EXTENSION_PARAMETERIZE = 8
    SNIPPETS = 9


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One entry. `*_old` are indices into the base deployment, `*_new` numbers of operations."""

    kind: EntryKind
    sequence: int
    operation: int = 0
    remove_old: int | None = None
    remove_new: int | None = None
    pending_replacement_old: int | None = None
    pending_replacement_new: int | None = None
    delete_old: int | None = None
    delete_new: int | None = None
    state: Resource | None = None
    pending: PendingOperation | None = None
    is_refresh: bool = False
    secrets_provider: JsonObject | None = None
    new_base: Deployment | None = None
    snippets: tuple[JsonObject, ...] = ()
    extension_ref: str = ""
    extension: JsonObject | None = None
    needs_byte_strings: bool = False

    @classmethod
    def from_json(cls, document: JsonValue) -> Self:
        """Read an entry; raise DocumentError for an unknown version or kind, or a field of the wrong type."""
        fields = as_object(document, "a journal entry")
        state, pending = fields.get("state"), fields.get("operation")
        new_base = fields.get("newSnapshot")
        return cls(
            kind=_read_kind(fields),
            sequence=_read_sequence(fields),
            operation=read_integer(fields, "operationID") or 0,
            remove_old=read_integer(fields, "removeOld"),
            remove_new=read_integer(fields, "removeNew"),
            pending_replacement_old=read_integer(fields, "pendingReplacementOld"),
            pending_replacement_new=read_integer(fields, "pendingReplacementNew"),
            delete_old=read_integer(fields, "deleteOld"),
            delete_new=read_integer(fields, "deleteNew"),
            state=None if state is None else Resource.from_json(state),
            pending=None if pending is None else PendingOperation.from_json(pending),
            is_refresh=read_flag(fields, "isRefresh"),
            secrets_provider=read_object(fields, "secretsProvider"),
            new_base=None if new_base is None else Deployment.from_json(new_base),
            snippets=tuple(as_object(item, "a snippet") for item in read_list(fields, "snippets")),
            extension_ref=read_text(fields, "extensionRef"),
            extension=read_object(fields, "extension"),
            needs_byte_strings=read_flag(fields, "requiresByteString"),
        )


def _read_kind(fields: JsonObject) -> EntryKind:
    version = read_integer(fields, "version")
    if version != JOURNAL_VERSION:
        raise DocumentError(f"journal version {version} is not supported: {JOURNAL_VERSION} is")
    kind = read_integer(fields, "kind")
    if kind is None or not EntryKind.BEGIN <= kind <= EntryKind.SNIPPETS:
        raise DocumentError(f"journal entry kind {kind} is not known")
    return EntryKind(kind)


def _read_sequence(fields: JsonObject) -> int:
    sequence = read_integer(fields, "sequenceID")
    if sequence is None or sequence < 1:
        raise DocumentError("a journal entry needs a sequenceID of at least 1")
    return sequence
