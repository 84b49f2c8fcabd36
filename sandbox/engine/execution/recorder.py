"""Records what steps do to the state: an entry when one begins, an entry when it ends."""

from dataclasses import dataclass

from sandbox.engine.backends.protocol import Journal
from sandbox.engine.properties.values import equal
from sandbox.engine.secrets.manager import EncryptingSealer, SecretsManager
from sandbox.engine.state.deployment import Snapshot
from sandbox.engine.state.journal import EntryKind, JournalEntry
from sandbox.engine.state.json_values import JsonObject
from sandbox.engine.state.resource import OperationKind, PendingOperation, ResourceState
from sandbox.engine.state.resource_json import operation_to_json, resource_to_json
from sandbox.engine.steps.model import CREATES, DELETES, IMPORTS, READS, Op, Step


@dataclass(frozen=True, slots=True)
class Place:
    """Where a state stands: its position in the base, or the operation that brought it."""

    old: int | None = None
    new: int | None = None


_NOWHERE = Place()


class Recorder:
    """Turns the life of steps into journal entries, with the state as it was at each moment."""

    def __init__(self, journal: Journal, base: Snapshot, secrets: SecretsManager) -> None:
        """Take where entries go and the state that positions refer to."""
        self._journal = journal
        self._secrets = secrets
        self._positions = {state: position for position, state in enumerate(base.resources)}
        self._operations: dict[ResourceState, int] = {}
        self._sequence = 0
        self._operation = 0

    async def begin_run(self) -> None:
        """Record who encrypts the state."""
        entry = self._entry(EntryKind.SECRETS_MANAGER, 0)
        entry.secrets_provider = self._secrets.provider
        await self._journal.append(entry, is_durable=False)

    async def rebuilt_base(self, base: list[ResourceState]) -> None:
        """Record that what was refreshed is the base from now on."""
        await self._journal.append(self._entry(EntryKind.REBUILT_BASE_STATE, 0), is_durable=True)
        self._positions = {state: position for position, state in enumerate(base)}
        self._operations.clear()

    def _entry(self, kind: EntryKind, operation_id: int) -> JournalEntry:
        self._sequence += 1
        return JournalEntry(kind, self._sequence, operation_id)

    async def begin(self, step: Step) -> int:
        """Record that a step begins, durably where it touches the cloud.

        Returns:
            The operation's number, for `end`.
        """
        self._operation += 1
        operation_id = self._operation
        if step.op is Op.REPLACE:
            return operation_id
        entry = self._entry(EntryKind.BEGIN, operation_id)
        kind = _operation_kind(step)
        sealer = EncryptingSealer()
        if kind is not None:
            entry.operation = operation_to_json(PendingOperation(step.result, kind), sealer)
        sealer.complete(self._secrets)
        await self._journal.append(entry, is_durable=kind is not None)
        return operation_id

    async def end(self, step: Step, operation_id: int, *, succeeded: bool) -> None:
        """Record what a step came to, durably unless nothing changed."""
        if step.op is Op.REPLACE:
            return
        entry = self._entry(EntryKind.SUCCESS if succeeded else EntryKind.FAILURE, operation_id)
        sealer = EncryptingSealer()
        is_durable = True
        if step.op is Op.REFRESH:
            self._end_refresh(step, entry, sealer, succeeded=succeeded)
        elif step.op in DELETES or step.op is Op.REMOVE_PENDING_REPLACE:
            self._end_delete(step, entry, succeeded=succeeded)
        elif not step.is_skipped_create:
            self._end_made(step, entry, sealer)
        if step.op is Op.SAME and succeeded:
            is_durable = not step.is_skipped_create and _is_worth_writing(step)
        sealer.complete(self._secrets)
        await self._journal.append(entry, is_durable=is_durable)

    def _end_made(self, step: Step, entry: JournalEntry, sealer: EncryptingSealer) -> None:
        if step.new is None:
            raise AssertionError(step.op)
        entry.state = self._write(step.new, sealer)
        self._operations[step.new] = entry.operation_id
        if step.op in CREATES and step.old is not None:
            if step.old.pending_replacement:
                entry.remove_old, entry.remove_new = self._split(step.old)
            else:
                entry.delete_old, entry.delete_new = self._split(step.old)
        elif step.op in IMPORTS:
            entry.delete_old, entry.delete_new = self._split(step.original)
        elif step.op in READS or step.op in (Op.SAME, Op.UPDATE):
            entry.remove_old, entry.remove_new = self._split(step.old)

    def _end_delete(self, step: Step, entry: JournalEntry, *, succeeded: bool) -> None:
        if not succeeded or step.old is None:
            return
        if step.old.pending_replacement and step.op is not Op.REMOVE_PENDING_REPLACE:
            entry.pending_replacement_old, entry.pending_replacement_new = self._split(step.old)
        else:
            entry.remove_old, entry.remove_new = self._split(step.old)

    def _end_refresh(
        self, step: Step, entry: JournalEntry, sealer: EncryptingSealer, *, succeeded: bool
    ) -> None:
        if succeeded and not step.is_persisted:
            entry.kind = EntryKind.REFRESH_SUCCESS
        entry.is_refresh = True
        if step.visible_new is not None:
            entry.state = self._write(step.visible_new, sealer)
            self._operations[step.visible_new] = entry.operation_id
        entry.remove_old, entry.remove_new = self._split(step.old)

    async def outputs(self, step: Step) -> None:
        """Record the outputs that a component registered."""
        if step.new is None:
            raise AssertionError(step.op)
        self._operation += 1
        entry = self._entry(EntryKind.OUTPUTS, self._operation)
        sealer = EncryptingSealer()
        entry.state = self._write(step.new, sealer)
        entry.remove_old, entry.remove_new = self._split(step.new)
        sealer.complete(self._secrets)
        is_unchanged = step.old is not None and equal(step.old.outputs, step.new.outputs)
        await self._journal.append(entry, is_durable=not is_unchanged)

    @staticmethod
    def _write(state: ResourceState, sealer: EncryptingSealer) -> JsonObject:
        return resource_to_json(state, sealer)

    def _split(self, state: ResourceState | None) -> tuple[int | None, int | None]:
        place = self._place(state)
        return place.old, place.new

    def _place(self, state: ResourceState | None) -> Place:
        if state is None:
            return _NOWHERE
        if state in self._positions:
            return Place(old=self._positions[state])
        return Place(new=self._operations[state]) if state in self._operations else _NOWHERE


def _operation_kind(step: Step) -> OperationKind | None:
    if step.op in CREATES:
        return OperationKind.CREATING
    if step.op in DELETES:
        return OperationKind.DELETING
    if step.op in READS:
        return OperationKind.READING
    if step.op in IMPORTS:
        return OperationKind.IMPORTING
    return OperationKind.UPDATING if step.op is Op.UPDATE else None


def _is_worth_writing(step: Step) -> bool:
    old, new = step.old, step.new
    if old is None or new is None:
        return True
    same_words = (
        (old.urn, old.type, old.custom, old.custom_timeouts, old.retain_on_delete, old.provider, old.parent)
        == (
            new.urn,
            new.type,
            new.custom,
            new.custom_timeouts,
            new.retain_on_delete,
            new.provider,
            new.parent,
        )
        and (old.deleted_with, old.replace_with, old.protect, old.hooks)
        == (new.deleted_with, new.replace_with, new.protect, new.hooks)
        and sorted(old.dependencies) == sorted(new.dependencies)
        and old.property_dependencies == new.property_dependencies
    )
    return not (same_words and equal(old.inputs, new.inputs) and equal(old.outputs, new.outputs))
