"""Making, changing and deleting AWS resources on the cloud's store."""

import sqlite3

from sandbox.cloud.aws.outputs import changed_outputs, computed_outputs
from sandbox.cloud.aws.references import missing, uses_of
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import TypeEntry, entry_of, is_global
from sandbox.cloud.aws.templates import Filling
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.provider.model import CreateCall, DeleteCall, Made, Session, UpdateCall
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import NewRecord, Record, Scope
from sandbox.cloud.wire.values import Properties, text_of


class Lifecycle:
    """What happens to AWS resources; refusals are AWS's own."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def make(self, spec: ResourceSpec, around: Surroundings, call: CreateCall, session: Session) -> Made:
        """Let a resource stand in the cloud.

        A creation carries a client token, as AWS calls it: its URN. What the same URN made for an engine
        that died before it heard of it is taken away first, so that nothing stands twice.
        """
        self._forget_unheard(call)
        entry = entry_of(spec.token)
        outputs = computed_outputs(spec, self._inventory, around, call.inputs)
        uses = uses_of(self._inventory, entry, outputs)
        scope = _scope(spec.token, around)
        new = NewRecord(
            type=spec.token,
            id=text_of(outputs, "id"),
            scope=scope,
            inputs=call.inputs,
            outputs=outputs,
            urn=call.target.urn,
            session=session.peer,
            name=_name(entry, outputs),
            arn=text_of(outputs, "arn") or None,
            handle=text_of(outputs, "arn") if entry.shares_id else None,
            uses=uses,
        )
        self._refuse_second(entry, new, around)
        try:
            record = self._inventory.add(new)
        except sqlite3.IntegrityError as error:
            raise self._exists(entry, new, around) from error
        return Made(record.id, record.outputs, record.inputs)

    def find(self, spec: ResourceSpec, around: Surroundings, id_: str, outputs: Properties) -> Record | None:
        """The resource with an id; of several that share it, the one with the recorded ARN."""
        return self._inventory.find(spec.token, id_, _scope(spec.token, around), text_of(outputs, "arn"))

    def change(self, spec: ResourceSpec, around: Surroundings, call: UpdateCall) -> Made:
        """Change a resource in place."""
        record = self.find(spec, around, call.id, call.old_outputs)
        if record is None:
            raise missing(spec.token, call.id)
        outputs = changed_outputs(spec, record.outputs, record.inputs, call.news)
        uses = uses_of(self._inventory, entry_of(spec.token), outputs)
        changed = self._inventory.change(record, call.news, outputs, uses)
        return Made(changed.id, changed.outputs, changed.inputs)

    def delete(self, spec: ResourceSpec, around: Surroundings, call: DeleteCall) -> None:
        """Delete a resource; one that is gone already is no error."""
        record = self.find(spec, around, call.id, call.outputs)
        if record is None:
            return
        entry = entry_of(spec.token)
        if entry.in_use is not None and self._inventory.users(record):
            raise self._refusal(entry, entry.in_use, record.outputs, around)
        self._inventory.remove(record)

    def acknowledge(self, urn: str, type_: str) -> None:
        """Note that an engine's state knows what this URN made."""
        if self._inventory.unacknowledged(urn, type_) is not None:
            self._inventory.acknowledge(urn)

    def _forget_unheard(self, call: CreateCall) -> None:
        unheard = self._inventory.unacknowledged(call.target.urn, call.target.type)
        if unheard is not None:
            self._inventory.remove(unheard)

    def _refuse_second(self, entry: TypeEntry, new: NewRecord, around: Surroundings) -> None:
        if new.name is None or not entry.unique:
            return
        for other in self._inventory.bearing(new.type, new.name):
            if _is_rival(entry, new, other):
                raise self._exists(entry, new, around)

    def _exists(self, entry: TypeEntry, new: NewRecord, around: Surroundings) -> ApiError:
        kind = new.type.rpartition(":")[2]
        said = entry.exists or (f"{kind}AlreadyExists", f"{kind} {new.name or new.id} already exists")
        return self._refusal(entry, said, new.outputs, around)

    def _refusal(
        self, entry: TypeEntry, said: tuple[str, str], values: Properties, around: Surroundings
    ) -> ApiError:
        filling = Filling(self._inventory, around, values)
        return ApiError(said[0], filling.text(said[1]), status=entry.status)


def _scope(token: str, around: Surroundings) -> Scope:
    return Scope(around.account, "global" if is_global(token) else around.region)


def _name(entry: TypeEntry, outputs: Properties) -> str | None:
    return text_of(outputs, entry.name) or None


def _is_rival(entry: TypeEntry, new: NewRecord, other: Record) -> bool:
    if entry.global_name:
        return True
    if other.scope != new.scope:
        return False
    within = entry.unique_within
    return within is None or text_of(other.outputs, within) == text_of(new.outputs, within)
