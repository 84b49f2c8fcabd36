"""The cloud's own database: one SQLite file that outlives the process and that several processes share."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_BUSY_TIMEOUT_SECONDS = 30

_SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
    number INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    handle TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT,
    arn TEXT,
    urn TEXT NOT NULL,
    session TEXT NOT NULL,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    inputs TEXT NOT NULL,
    outputs TEXT NOT NULL,
    made_by TEXT,
    created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
    UNIQUE (type, handle, account, region)
) STRICT;
CREATE INDEX IF NOT EXISTS resources_urn ON resources (urn);
CREATE INDEX IF NOT EXISTS resources_id ON resources (id);
CREATE INDEX IF NOT EXISTS resources_scope ON resources (account, region);
CREATE INDEX IF NOT EXISTS resources_arn ON resources (arn) WHERE arn IS NOT NULL;
CREATE INDEX IF NOT EXISTS resources_name ON resources (type, name, account, region) WHERE name IS NOT NULL;
CREATE INDEX IF NOT EXISTS resources_made_by ON resources (made_by) WHERE made_by IS NOT NULL;

CREATE TABLE IF NOT EXISTS uses (
    number INTEGER NOT NULL REFERENCES resources (number) ON DELETE CASCADE,
    type TEXT NOT NULL,
    target TEXT NOT NULL,
    property TEXT NOT NULL,
    blocks INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS uses_target ON uses (target);
CREATE INDEX IF NOT EXISTS uses_number ON uses (number);

CREATE TABLE IF NOT EXISTS counters (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS faults (
    number INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    skip INTEGER NOT NULL,
    times INTEGER NOT NULL,
    message TEXT
) STRICT;
"""


class Database:
    """A connection to the cloud's database file, made where it is missing."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a store.

        Args:
            folder: the store's folder; made where it is missing.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "cloud.sqlite3"
        self._connection = sqlite3.connect(self.path, timeout=_BUSY_TIMEOUT_SECONDS, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode = WAL")
        # a commit survives the death of the process, which is what the cloud promises
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("PRAGMA foreign_keys = ON")
        self._connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """A transaction that no other writer overlaps; rolled back when its block raises."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection, for reading outside a transaction."""
        return self._connection

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
