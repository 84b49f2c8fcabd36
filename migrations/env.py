"""How Alembic reaches the database: over the caller's connection, or by the settings' address."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from service.core.database import sqlalchemy_url
from service.core.tables import every_table
from service.settings import Settings

# A migration that waits for a busy table makes every later query of that table wait behind it:
# https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
LOCK_TIMEOUT = "5s"


def is_ours(name: str | None, type_: str, _parents: object) -> bool:
    """Leave the queue library's own tables out of comparisons with the models."""
    return not (type_ == "table" and name is not None and name.startswith("procrastinate_"))


def migrate_over(connection: Connection) -> None:
    """Run the migrations in one transaction that gives up rather than block the service."""
    context.configure(
        connection=connection,
        target_metadata=every_table(),
        include_name=is_ours,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


def migrate() -> None:
    """Use the connection handed over in the configuration, else open one from the settings."""
    given = context.config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate_over(given)
        given.commit()
        return
    settings = Settings()
    database_url = settings.migration_database_url or settings.database_url
    if database_url is None:
        msg = "set BERTH_DATABASE_URL to the database to migrate"
        raise SystemExit(msg)
    engine = create_engine(sqlalchemy_url(database_url.get_secret_value()))
    with engine.connect() as connection:
        migrate_over(connection)
        connection.commit()
    engine.dispose()


migrate()
