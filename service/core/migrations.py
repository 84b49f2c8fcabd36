"""Brings a database's schema up to date; the revisions themselves live in `migrations/`."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from service.core.database import sqlalchemy_url

# "berth" in ASCII: the advisory lock that processes starting at the same time queue up at.
MIGRATION_LOCK_KEY = 0x6265727468


def migration_config() -> Config:
    """Find the revisions: beside this package, in a checkout as in an installed wheel."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[2] / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def newest_revision() -> str | None:
    """Return the revision that this version of the code works with."""
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def upgrade_to_head(database_url: str) -> None:
    """Apply every revision that the database has not seen; of several callers at once one does the work."""
    _migrate(database_url, "upgrade", "head")


def downgrade_to_base(database_url: str) -> None:
    """Undo every revision, and with them all records."""
    _migrate(database_url, "downgrade", "base")


def _migrate(database_url: str, direction: str, revision: str) -> None:
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK_KEY})
            connection.commit()
            config = migration_config()
            config.attributes["connection"] = connection
            (command.upgrade if direction == "upgrade" else command.downgrade)(config, revision)
    finally:
        engine.dispose()
