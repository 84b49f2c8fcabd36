"""The end of an update: what its engine wrote becomes the stack's next state version."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from service.backend import journal_repository, stacks_repository, updates_repository
from service.backend.folding import fold_journal
from service.backend.journal import JournalEntry
from service.backend.model import Stack, Update, UpdateStatus
from service.core.clock import utc_now
from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWork
from service.state import repository as state_repository
from service.state.deployment import VersionedDeployment, empty_deployment
from service.state.integrity import IntegrityError, manifest_magic
from service.state.json_values import JsonObject, as_object, parse_json, read_list
from service.state.storage import StoredDeployment, decompress, load
from service.state.use_cases import StateOrigin, record_state


async def running_updates(uow: UnitOfWork, operation_id: OperationId) -> AsyncIterator[tuple[Stack, Update]]:
    """Yield the updates of an operation that still run, each with its stack, locked in that order."""
    for update_id in await updates_repository.find_running_of_operation(uow, operation_id):
        found = await updates_repository.get(uow, update_id)
        stack = None if found is None else await stacks_repository.get(uow, found.stack_id, lock=True)
        running = await updates_repository.get(uow, update_id, lock=True)
        if stack is not None and running is not None and running.status is UpdateStatus.RUNNING:
            yield stack, running


async def end_update(
    uow: UnitOfWork, stack: Stack, ending: Update, status: UpdateStatus, *, failure: str | None = None
) -> IntegrityError | None:
    """End an update and free its stack; stack and update are locked by the caller. Does not commit.

    A preview leaves nothing. Everything else leaves a state version, failed updates too: what their engine
    did is real. A deployment that breaks the rules is refused: the update fails, the last good version stays
    the stack's newest, the journal is kept for a person to look at, and the fault is returned.
    """
    if not ending.writes_state or ending.version is None:
        await updates_repository.finish(uow, ending.id, status, resource_count=None, failure=failure)
        return None
    try:
        stored = await _record(uow, ending, ending.version, is_good=status is UpdateStatus.SUCCEEDED)
    except IntegrityError as error:
        await updates_repository.finish(
            uow, ending.id, UpdateStatus.FAILED, resource_count=None, failure=error.message
        )
        await stacks_repository.end_update(uow, stack.id, ending.id)
        return error
    await updates_repository.finish(
        uow, ending.id, status, resource_count=stored.resource_count, failure=failure
    )
    await updates_repository.drop_intermediate_writes(uow, ending.id)
    await stacks_repository.end_update(uow, stack.id, ending.id)
    return None


async def _record(uow: UnitOfWork, ending: Update, number: int, *, is_good: bool) -> StoredDeployment:
    deployment = await _written_deployment(uow, ending)
    stored = await record_state(
        uow,
        deployment,
        StateOrigin(
            stack_id=ending.stack_id,
            number=number,
            is_good=is_good,
            operation_id=ending.operation_id,
            update_id=ending.id,
        ),
    )
    if ending.operation_id is not None:
        await updates_repository.record_state_version(uow, ending.operation_id, number)
    return stored


async def _written_deployment(uow: UnitOfWork, ending: Update) -> VersionedDeployment:
    """Return what the engine left: its journal folded, or its last checkpoint, or the base untouched."""
    batches = await journal_repository.batches(uow, ending.id)
    if batches:
        base = await _base(uow, ending)
        return await asyncio.to_thread(_fold, base, batches, _manifest(ending.engine_version, utc_now()))
    checkpoint = await journal_repository.checkpoint(uow, ending.id)
    if checkpoint is not None:
        return await asyncio.to_thread(_read_checkpoint, checkpoint.body)
    base = await _base(uow, ending)
    return empty_deployment() if base is None else await asyncio.to_thread(load, base)


async def _base(uow: UnitOfWork, ending: Update) -> StoredDeployment | None:
    if ending.base_version is None:
        return None
    found = await state_repository.stored_deployment(uow, ending.stack_id, ending.base_version)
    return None if found is None else found[1]


def _read_checkpoint(body: bytes) -> VersionedDeployment:
    return VersionedDeployment.from_json(parse_json(decompress(body)))


def _fold(base: StoredDeployment | None, batches: list[bytes], manifest: JsonObject) -> VersionedDeployment:
    start = empty_deployment() if base is None else load(base)
    return fold_journal(start.deployment, read_batches(batches), manifest=manifest)


def read_batches(batches: list[bytes]) -> list[JournalEntry]:
    """Read journal entries from stored batches, in their order."""
    return [
        JournalEntry.from_json(item)
        for body in batches
        for item in read_list(as_object(parse_json(decompress(body)), "a journal batch"), "entries")
    ]


def _manifest(engine_version: str, now: datetime) -> JsonObject:
    return {"time": now.isoformat(), "magic": manifest_magic(engine_version), "version": engine_version}
