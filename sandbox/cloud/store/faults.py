"""Faults on demand: what goes wrong with which calls, kept in the store so that every process sees them."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from sandbox.cloud.store.database import Database


class FaultKind(StrEnum):
    """How a call goes wrong.

    `error` refuses it, `throttle` refuses it as too many, `timeout` gives up waiting for it, `partial` does
    it but leaves the resource unusable, `lost` does it and breaks the connection before answering.
    """

    ERROR = "error"
    THROTTLE = "throttle"
    TIMEOUT = "timeout"
    PARTIAL = "partial"
    LOST = "lost"


class Operation(StrEnum):
    """The calls that can go wrong."""

    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    DELETE = "delete"
    INVOKE = "invoke"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that will go wrong.

    Attributes:
        type: the resource type or function token it concerns, with `*` and `?` as wildcards.
        operation: the call it concerns.
        kind: how it goes wrong.
        skip: how many matching calls go right before it.
        times: how many matching calls go wrong; -1 is all of them.
        message: what the cloud says; absent: what AWS says in that case.
        number: its number in the store.
    """

    type: str
    operation: Operation
    kind: FaultKind
    skip: int = 0
    times: int = 1
    message: str | None = None
    number: int = 0


class Faults:
    """All SQL about faults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, fault: Fault) -> None:
        """Let something go wrong."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO faults (type, operation, kind, skip, times, message) VALUES (?, ?, ?, ?, ?, ?)",
                (fault.type, fault.operation, fault.kind, fault.skip, fault.times, fault.message),
            )

    def everything(self) -> list[Fault]:
        """The faults that are still to come, oldest first."""
        return [
            _fault_from(row) for row in self._database.reader.execute("SELECT * FROM faults ORDER BY number")
        ]

    def clear(self) -> int:
        """Let nothing go wrong any more and say how many faults that took away."""
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM faults").rowcount

    def strike(self, type_: str, operation: Operation) -> Fault | None:
        """The fault that this call meets, if any; meeting it uses it up."""
        if self._database.reader.execute("SELECT 1 FROM faults").fetchone() is None:
            return None
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT * FROM faults WHERE operation = ? ORDER BY number", (operation,)
            )
            matching = (
                fault for fault in map(_fault_from, rows.fetchall()) if fnmatchcase(type_, fault.type)
            )
            fault = next(matching, None)
            return fault if fault is not None and _use(connection, fault) else None


def _use(connection: sqlite3.Connection, fault: Fault) -> bool:
    if fault.skip > 0:
        connection.execute("UPDATE faults SET skip = skip - 1 WHERE number = ?", (fault.number,))
        return False
    if fault.times == 1:
        connection.execute("DELETE FROM faults WHERE number = ?", (fault.number,))
    elif fault.times > 1:
        connection.execute("UPDATE faults SET times = times - 1 WHERE number = ?", (fault.number,))
    return True


def _fault_from(row: sqlite3.Row) -> Fault:
    return Fault(
        type=row["type"],
        operation=Operation(row["operation"]),
        kind=FaultKind(row["kind"]),
        skip=row["skip"],
        times=row["times"],
        message=row["message"],
        number=row["number"],
    )
