"""What stands in the cloud, one record for each resource."""

import json
import sqlite3
from dataclasses import dataclass

from sandbox.cloud.wire.values import Properties


@dataclass(frozen=True, slots=True)
class Scope:
    """The account and region that ids and names are unique in; `global` is the region of global services."""

    account: str
    region: str


@dataclass(frozen=True, slots=True)
class Use:
    """That a resource needs another one.

    `type` is the target's type and `target` its id, ARN or name; `blocks` says that the target cannot be
    deleted before its user is.
    """

    type: str
    target: str
    property: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A resource about to stand in the cloud.

    `handle` tells resources of one type apart that share an id, as the revisions of a task definition do;
    absent: the id.
    """

    type: str
    id: str
    scope: Scope
    inputs: Properties
    outputs: Properties
    urn: str = ""
    session: str = ""
    name: str | None = None
    arn: str | None = None
    made_by: str | None = None
    handle: str | None = None
    uses: tuple[Use, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A resource that stands in the cloud.

    `is_acknowledged` says that an engine has spoken of the resource after making it, so its state knows it.
    `made_by` is the id of the resource whose controller made this one.
    """

    number: int
    type: str
    id: str
    scope: Scope
    name: str | None
    arn: str | None
    urn: str
    session: str
    is_acknowledged: bool
    inputs: Properties
    outputs: Properties
    made_by: str | None
    created_at: str


def record_from(row: sqlite3.Row) -> Record:
    """Read a row of the table `resources`."""
    return Record(
        number=row["number"],
        type=row["type"],
        id=row["id"],
        scope=Scope(row["account"], row["region"]),
        name=row["name"],
        arn=row["arn"],
        urn=row["urn"],
        session=row["session"],
        is_acknowledged=bool(row["acknowledged"]),
        inputs=json.loads(row["inputs"]),
        outputs=json.loads(row["outputs"]),
        made_by=row["made_by"],
        created_at=row["created_at"],
    )
