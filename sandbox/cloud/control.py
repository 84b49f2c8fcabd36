"""The simulated cloud from outside of Pulumi: look into it, change it, let things go wrong.

Nothing here passes through a provider: what changes is drift, which a refresh has to find.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from sandbox.cloud.aws.surroundings import DEFAULT_ACCOUNT, DEFAULT_REGION
from sandbox.cloud.store.database import Database
from sandbox.cloud.store.faults import Fault, Faults
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.store.records import NewRecord, Record, Scope
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties, object_of, text_of


class NoSuchResourceError(LookupError):
    """Nothing in the cloud matches, or several things do."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which resources are meant; an absent part means any.

    Attributes:
        id: the id, the ARN or the name.
        type: the type token, or the end of it: `Subnet`, `ec2/subnet:Subnet`.
        tags: keys with their values, at least one of which it bears.
    """

    id: str | None = None
    type: str | None = None
    tags: tuple[tuple[str, str], ...] = ()

    def matches(self, record: Record) -> bool:
        """Whether a resource is meant."""
        is_type = self.type is None or record.type == self.type or record.type.endswith(f":{self.type}")
        is_tagged = not self.tags or any(_tags_of(record).get(key) == value for key, value in self.tags)
        return is_type and is_tagged and (self.id is None or self.id in (record.id, record.arn, record.name))


class CloudControl:
    """The cloud in a store, to look into and to change behind Pulumi's back."""

    def __init__(self, store: Path) -> None:
        """Open a store.

        Args:
            store: its folder; made where it is missing.
        """
        self._database = Database(store)
        self._inventory = Inventory(self._database)
        self._faults = Faults(self._database)

    def resources(self, selection: Selection | None = None) -> list[Record]:
        """What stands in the cloud, oldest first."""
        wanted = selection or Selection()
        return [record for record in self._inventory.everything() if wanted.matches(record)]

    def change(self, selection: Selection, path: str, value: Value) -> Record:
        """Change a property of a resource.

        Args:
            selection: the resource.
            path: the property, with dots and numbers for what is inside: `tags.team`, `ingress.0.fromPort`.
            value: what it becomes; None takes it away.

        Raises:
            NoSuchResourceError: not exactly one resource is meant.
        """
        record = self._one(selection)
        outputs: Properties = json.loads(json.dumps(record.outputs))
        _put(outputs, path.split("."), value)
        if path.startswith("tags.") and "tagsAll" in outputs:
            _put(outputs, ["tagsAll", *path.split(".")[1:]], value)
        return self._inventory.set_outputs(record, outputs)

    def make(self, type_: str, id_: str, outputs: Properties) -> Record:
        """Let something stand in the cloud that Pulumi did not make."""
        token = type_ if ":" in type_.partition("/")[0] else f"aws:{type_}"
        properties: Properties = {**outputs, "id": id_}
        return self._inventory.add(
            NewRecord(
                type=token,
                id=id_,
                scope=_scope(outputs),
                inputs={},
                outputs=properties,
                name=text_of(outputs, "name") or None,
                arn=text_of(outputs, "arn") or None,
            )
        )

    def delete(self, selection: Selection) -> Record:
        """Take a resource away, whoever needs it.

        Raises:
            NoSuchResourceError: not exactly one resource is meant.
        """
        record = self._one(selection)
        self._inventory.remove(record)
        return record

    def reset(self) -> int:
        """Empty the cloud, forget its faults, and say how many resources there were."""
        self._faults.clear()
        return self._inventory.clear()

    def add_fault(self, fault: Fault) -> None:
        """Let something go wrong."""
        self._faults.add(fault)

    def faults(self) -> list[Fault]:
        """The faults that are still to come."""
        return self._faults.everything()

    def clear_faults(self) -> int:
        """Let nothing go wrong any more and say how many faults that took away."""
        return self._faults.clear()

    def close(self) -> None:
        """Close the store."""
        self._database.close()

    def _one(self, selection: Selection) -> Record:
        found = self.resources(selection)
        if len(found) != 1:
            described = " ".join(part for part in (selection.type, selection.id) if part)
            kinds = ", ".join(sorted({record.type for record in found}))
            raise NoSuchResourceError(
                f"{len(found)} resources match {described!r}" + (f": {kinds}; name the type" if found else "")
            )
        return found[0]


def _tags_of(record: Record) -> Properties:
    return {**object_of(record.outputs, "tags"), **object_of(record.outputs, "tagsAll")}


def _scope(outputs: Properties) -> Scope:
    return Scope(text_of(outputs, "account", DEFAULT_ACCOUNT), text_of(outputs, "region", DEFAULT_REGION))


def _put(values: Value, parts: list[str], value: Value) -> None:
    head, rest = parts[0], parts[1:]
    if is_list(values):
        _put_into_list(values, int(head), rest, value)
    elif is_properties(values):
        if rest:
            values.setdefault(head, {})
            _put(values[head], rest, value)
        elif value is None:
            values.pop(head, None)
        else:
            values[head] = value


def _put_into_list(values: list[Value], index: int, rest: list[str], value: Value) -> None:
    if rest:
        _put(values[index], rest, value)
    elif value is None:
        del values[index]
    elif index == len(values):
        values.append(value)
    else:
        values[index] = value
