"""What an engine writes while its update runs: each write is durable before it is answered, and fenced."""

import asyncio
import hashlib

from service.backend import journal_repository
from service.backend.compaction import compact_if_long, make_batch
from service.backend.deltas import apply_delta, verbatim_member
from service.backend.engine_events import timed_payloads
from service.backend.errors import CheckpointMismatchError, UpdateStateError
from service.backend.hand_runs import run_of
from service.backend.journal import JournalEntry
from service.backend.journal_repository import Batch, Checkpoint, RecordedEvent
from service.backend.update_use_cases import LeaseKey, open_lease
from service.core.unit_of_work import UnitOfWork
from service.operations.runs import append_events
from service.state.deployment import VersionedDeployment
from service.state.integrity import check_integrity
from service.state.json_values import (
    DocumentError,
    JsonObject,
    JsonValue,
    as_object,
    dump_json,
    parse_json,
    parse_object,
    read_integer,
    read_list,
    read_object,
    read_text,
)
from service.state.masking import mask_object
from service.state.storage import compress, decompress


async def append_journal(uow: UnitOfWork, key: LeaseKey, body: bytes) -> None:
    """Record journal entries; those that were recorded before change nothing."""
    batch = await asyncio.to_thread(_read_batch, body)
    leased = await open_lease(uow, key)
    if not leased.journal_version:
        raise UpdateStateError("this update was started without a journal")
    if batch is not None:
        await journal_repository.append(uow, leased.id, batch)
        await compact_if_long(uow, leased.id)
    await uow.commit()


def _read_batch(body: bytes) -> Batch | None:
    """Read entries and refuse what no fold would understand; what is stored is what was sent."""
    entries = [as_object(entry, "a journal entry") for entry in read_list(parse_object(body), "entries")]
    for entry in entries:
        JournalEntry.from_json(entry)
    return make_batch(entries)


async def save_checkpoint(uow: UnitOfWork, key: LeaseKey, body: bytes) -> None:
    """Replace the running update's checkpoint by `{"version", "features", "deployment"}`."""
    text = await asyncio.to_thread(_read_plain_checkpoint, body)
    leased = await open_lease(uow, key)
    _require_no_journal(leased.journal_version)
    before = await journal_repository.checkpoint(uow, leased.id, lock=True)
    sequence = 1 if before is None else before.sequence + 1
    await journal_repository.replace_checkpoint(uow, leased.id, await _checkpoint(sequence, text))
    await uow.commit()


def _read_plain_checkpoint(body: bytes) -> bytes:
    fields = parse_object(body)
    text = dump_json({key: fields[key] for key in ("version", "features", "deployment") if key in fields})
    _check_deployment(text)
    return text


async def save_verbatim_checkpoint(uow: UnitOfWork, key: LeaseKey, body: bytes) -> None:
    """Replace the checkpoint by text that later deltas are applied to, kept to the byte."""
    sequence, text = await asyncio.to_thread(_read_verbatim, body)
    leased = await open_lease(uow, key)
    _require_no_journal(leased.journal_version)
    await journal_repository.replace_checkpoint(uow, leased.id, await _checkpoint(sequence, text))
    await uow.commit()


async def save_checkpoint_delta(uow: UnitOfWork, key: LeaseKey, body: bytes) -> None:
    """Apply text edits to the stored checkpoint.

    Raises:
        CheckpointMismatchError: the result has another hash than the engine named; it then sends it whole.
    """
    fields = await asyncio.to_thread(parse_object, body)
    sequence, wanted = _sequence(fields), read_text(fields, "checkpointHash")
    leased = await open_lease(uow, key)
    _require_no_journal(leased.journal_version)
    before = await journal_repository.checkpoint(uow, leased.id, lock=True)
    if before is not None and before.sequence == sequence and before.digest == wanted:
        return
    if before is None or before.sequence >= sequence:
        raise CheckpointMismatchError("there is no checkpoint that this delta follows")
    edits = read_list(fields, "deploymentDelta")
    new = await asyncio.to_thread(_apply, before.body, edits, sequence, wanted)
    await journal_repository.replace_checkpoint(uow, leased.id, new)
    await uow.commit()


def _apply(stored: bytes, edits: list[JsonValue], sequence: int, wanted: str) -> Checkpoint:
    text = apply_delta(decompress(stored), edits)
    digest = hashlib.sha256(text).hexdigest()
    if digest != wanted:
        raise CheckpointMismatchError("the delta's result does not have the hash that it names")
    _check_deployment(text)
    return Checkpoint(sequence, digest, compress(text))


def _read_verbatim(body: bytes) -> tuple[int, bytes]:
    fields = parse_object(body)
    text = verbatim_member(body, "untypedDeployment")
    _check_deployment(text)
    return _sequence(fields), text


def _sequence(fields: JsonObject) -> int:
    sequence = read_integer(fields, "sequenceNumber")
    if sequence is None or sequence < 1:
        raise DocumentError("sequenceNumber must be at least 1")
    return sequence


def _check_deployment(text: bytes) -> None:
    check_integrity(VersionedDeployment.from_json(parse_json(text)).deployment)


def _require_no_journal(journal_version: int) -> None:
    if journal_version:
        raise UpdateStateError("this update was started with a journal: checkpoints are not taken beside it")


async def _checkpoint(sequence: int, text: bytes) -> Checkpoint:
    digest = hashlib.sha256(text).hexdigest()
    return Checkpoint(sequence, digest, await asyncio.to_thread(compress, text))


async def record_events(uow: UnitOfWork, key: LeaseKey, body: bytes) -> None:
    """Record engine events that the CLI posted; those that were recorded before change nothing."""
    documents = [as_object(item, "an event") for item in read_list(parse_object(body), "events")]
    leased = await open_lease(uow, key)
    events = sorted(map(_event, documents), key=lambda event: event.sequence)
    new = await journal_repository.add_events(uow, leased.id, events)
    if leased.is_by_hand:
        told = [
            payload for event in events if event.sequence in new for payload in timed_payloads(event.event)
        ]
        await append_events(uow, await run_of(uow, leased), told)
    for document in documents:
        summary = read_object(document, "summaryEvent")
        changes = None if summary is None else read_object(summary, "resourceChanges")
        if changes is not None:
            await journal_repository.record_changes(uow, leased.id, changes)
    await uow.commit()


_EVENT_SUFFIX = "Event"


def _event(document: JsonObject) -> RecordedEvent:
    sequence = read_integer(document, "sequence")
    if sequence is None or sequence < 0:
        raise DocumentError("an event needs a sequence of at least 0")
    types = tuple(key for key in document if key.endswith(_EVENT_SUFFIX))
    urns = [urn for key in types if (urn := _urn(document, key))]
    return RecordedEvent(sequence, types, urns[0] if urns else None, mask_object(document))


def _urn(document: JsonObject, key: str) -> str:
    payload = read_object(document, key) or {}
    metadata = read_object(payload, "metadata") or {}
    return read_text(metadata, "urn") or read_text(payload, "urn")
