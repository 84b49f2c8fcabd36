"""A resource made on the cloud's store, whoever asks for it."""

import sqlite3

from sandbox.cloud.aws.outputs import computed_outputs
from sandbox.cloud.aws.references import uses_of
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import TypeEntry, entry_of, is_global
from sandbox.cloud.aws.templates import Filling
from sandbox.cloud.provider.errors import ApiError
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import NewRecord, Record, Scope
from sandbox.cloud.wire.values import Properties, text_of


def make_record(
    spec: ResourceSpec,
    inventory: Inventory,
    around: Surroundings,
    inputs: Properties,
    *,
    urn: str = "",
    session: str = "",
    made_by: str | None = None,
) -> Record:
    """Let a resource stand in the cloud.

    Raises:
        ApiError: something that it needs does not stand there, or its name is taken.
    """
    entry = entry_of(spec.token)
    outputs = computed_outputs(spec, inventory, around, inputs)
    new = NewRecord(
        type=spec.token,
        id=text_of(outputs, "id"),
        scope=scope_of(spec.token, around),
        inputs=inputs,
        outputs=outputs,
        urn=urn,
        session=session,
        name=text_of(outputs, entry.name) or None,
        arn=text_of(outputs, "arn") or None,
        handle=text_of(outputs, "arn") if entry.shares_id else None,
        made_by=made_by,
        uses=uses_of(inventory, around, entry, outputs),
    )
    if _has_rival(inventory, entry, new):
        raise _exists(inventory, entry, new, around)
    try:
        return inventory.add(new)
    except sqlite3.IntegrityError as error:
        raise _exists(inventory, entry, new, around) from error


def refusal(
    inventory: Inventory, entry: TypeEntry, said: tuple[str, str], values: Properties, around: Surroundings
) -> ApiError:
    """A refusal of the table with its message filled in."""
    return ApiError(said[0], Filling(inventory, around, values).text(said[1]), status=entry.status)


def scope_of(token: str, around: Surroundings) -> Scope:
    """The account and region that a type's ids and names are unique in."""
    return Scope(around.account, "global" if is_global(token) else around.region)


def _exists(inventory: Inventory, entry: TypeEntry, new: NewRecord, around: Surroundings) -> ApiError:
    kind = new.type.rpartition(":")[2]
    said = entry.exists or (f"{kind}AlreadyExists", f"{kind} {new.name or new.id} already exists")
    return refusal(inventory, entry, said, new.outputs, around)


def _has_rival(inventory: Inventory, entry: TypeEntry, new: NewRecord) -> bool:
    if new.name is None or not entry.unique:
        return False
    return any(_is_rival(entry, new, other) for other in inventory.bearing(new.type, new.name))


def _is_rival(entry: TypeEntry, new: NewRecord, other: Record) -> bool:
    if entry.global_name:
        return True
    if other.scope != new.scope:
        return False
    within = entry.unique_within
    return within is None or text_of(other.outputs, within) == text_of(new.outputs, within)
