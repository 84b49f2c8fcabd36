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


class Base(DeclarativeBase):
    """The base of all rows. Rows stay inside repositories; models are what travels."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def sqlalchemy_url(database_url: str) -> URL:
    """Return the URL with the psycopg 3 driver, whichever Postgres scheme it was written with."""
    return make_url(database_url).set(drivername="postgresql+psycopg")


def make_engine(database_url: str, *, pool_size: int) -> AsyncEngine:
    """Make the process's one engine; connections are checked before use, so a restarted Postgres heals."""
    return create_async_engine(
        sqlalchemy_url(database_url), pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True
    )
