"""The resources that stand in the cloud, and who needs whom."""

import json
import sqlite3
from dataclasses import replace

from sandbox.cloud.store.database import Database
from sandbox.cloud.store.records import NewRecord, Record, Scope, Use, record_from
from sandbox.cloud.wire.values import Asset, Properties

_INSERT = """
INSERT INTO resources (type, id, handle, account, region, name, arn, urn, session, inputs, outputs, made_by)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Inventory:
    """All SQL about resources. Each call is one transaction; reads see what is committed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewRecord) -> Record:
        """Let a resource stand in the cloud.

        Raises:
            sqlite3.IntegrityError: one of this type and id stands there already.
        """
        with self._database.transaction() as connection:
            cursor = connection.execute(
                _INSERT,
                (
                    *(new.type, new.id, new.handle or new.id, new.scope.account, new.scope.region),
                    *(new.name, new.arn, new.urn, new.session),
                    *(_json(new.inputs), _json(new.outputs), new.made_by),
                ),
            )
            _write_uses(connection, cursor.lastrowid or 0, new.uses)
            return record_from(_row(connection, cursor.lastrowid or 0))

    def change(
        self, record: Record, inputs: Properties, outputs: Properties, uses: tuple[Use, ...]
    ) -> Record:
        """Change what stands there."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE resources SET inputs = ?, outputs = ?, acknowledged = 1 WHERE number = ?",
                (_json(inputs), _json(outputs), record.number),
            )
            connection.execute("DELETE FROM uses WHERE number = ?", (record.number,))
            _write_uses(connection, record.number, uses)
        return replace(record, inputs=inputs, outputs=outputs, is_acknowledged=True)

    def set_outputs(self, record: Record, outputs: Properties) -> Record:
        """Change what can be read of a resource behind the back of whoever made it."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE resources SET outputs = ? WHERE number = ?", (_json(outputs), record.number)
            )
        return replace(record, outputs=outputs)

    def remove(self, record: Record) -> None:
        """Take a resource out of the cloud."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM resources WHERE number = ?", (record.number,))

    def clear(self) -> int:
        """Take everything out of the cloud and say how much that was."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM counters")
            return connection.execute("DELETE FROM resources").rowcount

    def acknowledge(self, urn: str) -> None:
        """Note that an engine's state knows the resources that it made under this URN."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE resources SET acknowledged = 1 WHERE urn = ? AND acknowledged = 0", (urn,)
            )

    def find(self, type_: str, id_: str, scope: Scope, arn: str = "") -> Record | None:
        """The resource of a type and id; of several that share it, the one with the ARN or the newest."""
        return self._one(
            "SELECT * FROM resources WHERE type = ? AND id = ? AND account = ? AND region = ?"
            " ORDER BY handle = ? DESC, number DESC",
            *(type_, id_, scope.account, scope.region, arn),
        )

    def bearing(self, type_: str, name: str) -> list[Record]:
        """The resources of a type that bear a name, in whichever account and region."""
        rows = self._database.reader.execute(
            "SELECT * FROM resources WHERE type = ? AND name = ?", (type_, name)
        )
        return [record_from(row) for row in rows]

    def referenced(self, type_: str, key: str, scope: Scope) -> Record | None:
        """The resource of a type, in an account, that an id, an ARN or a name refers to.

        Of several, the one in the scope's region is meant, or else the newest.
        """
        return self._one(
            "SELECT * FROM resources WHERE type = ? AND (id = ? OR arn = ? OR name = ?) AND account = ?"
            " ORDER BY region = ? DESC, number DESC",
            *(type_, key, key, key, scope.account, scope.region),
        )

    def is_unheard(self, urn: str) -> bool:
        """Whether something made under a URN is there that no engine has spoken of since."""
        row = self._database.reader.execute(
            "SELECT 1 FROM resources WHERE urn = ? AND acknowledged = 0", (urn,)
        ).fetchone()
        return row is not None

    def unheard(self, urn: str, type_: str, account: str) -> Record | None:
        """The resource made in an account under a URN that no engine has spoken of since."""
        return self._one(
            "SELECT * FROM resources WHERE urn = ? AND type = ? AND account = ? AND acknowledged = 0",
            *(urn, type_, account),
        )

    def of_type(self, type_: str, account: str | None = None) -> list[Record]:
        """Every resource of a type, oldest first."""
        rows = self._database.reader.execute(
            "SELECT * FROM resources WHERE type = ? AND ifnull(?, account) = account ORDER BY number",
            (type_, account),
        )
        return [record_from(row) for row in rows]

    def in_scope(self, scope: Scope) -> list[Record]:
        """Every resource of an account and region, oldest first."""
        rows = self._database.reader.execute(
            "SELECT * FROM resources WHERE account = ? AND region = ? ORDER BY number",
            (scope.account, scope.region),
        )
        return [record_from(row) for row in rows]

    def in_scope_of_type(self, scope: Scope, type_: str) -> list[Record]:
        """Every resource of a type in an account and region, oldest first."""
        return [record for record in self.in_scope(scope) if record.type == type_]

    def with_property(self, type_: str, scope: Scope, name: str, value: str) -> list[Record]:
        """The resources of a type, in an account and region, one of whose outputs has a value."""
        rows = self._database.reader.execute(
            "SELECT * FROM resources WHERE type = ? AND account = ? AND region = ?"
            " AND json_extract(outputs, ?) = ? ORDER BY number",
            (type_, scope.account, scope.region, f'$."{name}"', value),
        )
        return [record_from(row) for row in rows]

    def everything(self) -> list[Record]:
        """Every resource, oldest first."""
        return [
            record_from(row)
            for row in self._database.reader.execute("SELECT * FROM resources ORDER BY number")
        ]

    def made_by(self, maker: str) -> list[Record]:
        """The resources that another one's controller made, oldest first."""
        rows = self._database.reader.execute(
            "SELECT * FROM resources WHERE made_by = ? ORDER BY number", (maker,)
        )
        return [record_from(row) for row in rows]

    def users(self, record: Record, *, blocking_only: bool = True) -> list[Record]:
        """The other resources that need this one, oldest first."""
        keys = {key for key in (record.id, record.arn, record.name) if key}
        marks = ", ".join("?" for _ in keys)
        rows = self._database.reader.execute(
            "SELECT DISTINCT resources.* FROM uses JOIN resources USING (number)"  # noqa: S608 -- question marks only
            f" WHERE uses.target IN ({marks}) AND uses.type = ? AND uses.blocks >= ? AND number != ?"
            " AND account = ? AND (region IN (?, 'global') OR ? = 'global') ORDER BY number",
            (
                *(*keys, record.type, int(blocking_only), record.number),
                *(record.scope.account, record.scope.region, record.scope.region),
            ),
        )
        return [record_from(row) for row in rows]

    def next_number(self, name: str) -> int:
        """The next number of a count that never goes back, beginning with 1."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "INSERT INTO counters (name, value) VALUES (?, 1)"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value",
                (name,),
            ).fetchone()
            return int(row["value"])

    def _one(self, statement: str, *arguments: str) -> Record | None:
        row = self._database.reader.execute(statement, arguments).fetchone()
        return record_from(row) if row else None


def _row(connection: sqlite3.Connection, number: int) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM resources WHERE number = ?", (number,)).fetchone()
    assert isinstance(row, sqlite3.Row)  # noqa: S101 -- read in the transaction that wrote it
    return row


def _write_uses(connection: sqlite3.Connection, number: int, uses: tuple[Use, ...]) -> None:
    connection.executemany(
        "INSERT INTO uses (number, type, target, property, blocks) VALUES (?, ?, ?, ?, ?)",
        [(number, use.type, use.target, use.property, int(use.blocks)) for use in uses],
    )


def _json(values: Properties) -> str:
    return json.dumps(values, separators=(",", ":"), default=_plain)


def _plain(value: object) -> Properties:
    if isinstance(value, Asset):
        return dict(value.fields)
    raise TypeError(type(value).__name__)
