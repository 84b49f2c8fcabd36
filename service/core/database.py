"""The connection to Postgres and the metadata that every table belongs to."""

from collections.abc import Mapping

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


# A server that is gone without a word (a failover, a cut network) is given up after half a minute, whether it
# owes an answer or not; the kernel alone would try for a quarter of an hour. No `statement_timeout` beside:
# the server keeps that one, so that it ends nothing when the server is gone.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
PATIENCE: Mapping[str, str] = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",  # milliseconds
}


class Base(DeclarativeBase):
    """The base of all rows. Rows stay inside repositories; models are what travels."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def sqlalchemy_url(database_url: str) -> URL:
    """Return the URL with the psycopg 3 driver, whichever Postgres scheme it was written with.

    What it does not say itself of the patience with a silent server is added.
    """
    url = make_url(database_url).set(drivername="postgresql+psycopg")
    return url.update_query_dict({**PATIENCE, **url.query})


def libpq_url(database_url: str) -> str:
    """Return the same for libraries that hand the URL to libpq, password and all."""
    return sqlalchemy_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)


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
