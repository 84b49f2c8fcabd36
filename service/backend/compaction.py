"""Compaction of a long update's journal: what no longer matters to the folded state is dropped."""

import asyncio
import hashlib

from service.backend import journal_repository
from service.backend.journal import EntryKind
from service.backend.journal_repository import Batch
from service.core.ids import UpdateId
from service.core.unit_of_work import UnitOfWork
from service.state.json_values import (
    JsonObject,
    as_object,
    dump_json,
    parse_object,
    read_integer,
    read_list,
)
from service.state.storage import compress, decompress

COMPACT_AFTER_BATCHES = 64
"""An update whose journal has so many batches gets them merged into one."""

_ENDS = frozenset({EntryKind.SUCCESS, EntryKind.FAILURE, EntryKind.REFRESH_SUCCESS})


async def compact_if_long(uow: UnitOfWork, update_id: UpdateId) -> None:
    """Merge the batches of a long journal, in the transaction that wrote the last one."""
    if await journal_repository.batch_count(uow, update_id) < COMPACT_AFTER_BATCHES:
        return
    merged = await asyncio.to_thread(_merge, await journal_repository.take_batches(uow, update_id))
    if merged is not None:
        await journal_repository.append(uow, update_id, merged)


def _merge(batches: list[bytes]) -> Batch | None:
    entries = [
        as_object(entry, "a journal entry")
        for body in batches
        for entry in read_list(parse_object(decompress(body)), "entries")
    ]
    return make_batch(compact(entries))


def make_batch(entries: list[JsonObject]) -> Batch | None:
    """Return the entries as a batch; None where there are none."""
    if not entries:
        return None
    content = dump_json({"entries": list(entries)})
    first = min(read_integer(entry, "sequenceID") or 0 for entry in entries)
    return Batch(first, hashlib.sha256(content).digest(), len(entries), compress(content))


def compact(entries: list[JsonObject]) -> list[JsonObject]:
    """Drop what says that a step began when its end is known too, and steps that failed.

    Folding the rest gives the same state, whatever entries follow.
    """
    by_sequence = {read_integer(entry, "sequenceID"): entry for entry in entries}
    ended = {_operation(entry) for entry in by_sequence.values() if _kind(entry) in _ENDS}
    return [entry for entry in by_sequence.values() if not _is_settled(entry, ended)]


def _is_settled(entry: JsonObject, ended: set[int]) -> bool:
    kind = _kind(entry)
    return kind == EntryKind.FAILURE or (kind == EntryKind.BEGIN and _operation(entry) in ended)


def _kind(entry: JsonObject) -> int | None:
    return read_integer(entry, "kind")


def _operation(entry: JsonObject) -> int:
    return read_integer(entry, "operationID") or 0
