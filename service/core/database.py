"""The connection to Postgres and the metadata that every table belongs to."""

from sqlalchemy import MetaData
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


# A process that was frozen within a transaction, or cut off, holds its row locks no longer than this. No
# transaction of ours waits for anything but Postgres.
IDLE_IN_TRANSACTION_SECONDS = 20


class Base(DeclarativeBase):
    """The base of all rows. Rows stay inside repositories; models are what travels."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def sqlalchemy_url(database_url: str) -> URL:
    """Return the URL with the psycopg 3 driver, whichever Postgres scheme it was written with."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def make_engine(database_url: str, *, pool_size: int) -> AsyncEngine:
    """Make the process's one engine; connections are checked before use, so a restarted Postgres heals."""
    url = sqlalchemy_url(database_url)
    own = f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_SECONDS}s"
    given = url.query.get("options", "")
    options = " ".join((own, given if isinstance(given, str) else " ".join(given)))
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        connect_args={"options": options.strip()},
    )
