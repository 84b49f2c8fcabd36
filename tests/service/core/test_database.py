"""The process's connections to Postgres."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core import database as database_module
from service.core.database import (
    IDLE_IN_TRANSACTION_SECONDS,
    PATIENCE,
    libpq_url,
    make_engine,
    sqlalchemy_url,
)


async def test_transactions_may_not_lie_idle(database: AsyncEngine) -> None:
    """Every connection asks that idle transactions be ended, beside what its address asks for."""
    url = database.url.update_query_dict({"options": "-c work_mem=5MB"}).render_as_string(hide_password=False)
    for engine in (database, make_engine(url, pool_size=1)):
        async with engine.connect() as connection:
            shown = await connection.scalar(text("SHOW idle_in_transaction_session_timeout"))
            assert shown == f"{IDLE_IN_TRANSACTION_SECONDS}s"
    async with engine.connect() as connection:
        assert await connection.scalar(text("SHOW work_mem")) == "5MB"
    await engine.dispose()


async def test_silent_server_is_given_up(database_url: str) -> None:
    """Every connection knows how long to wait for a server that says nothing, SQLAlchemy's and others."""
    engine = make_engine(database_url, pool_size=1)
    async with engine.connect() as connection:
        of_sqlalchemy = (await connection.get_raw_connection()).driver_connection
        assert isinstance(of_sqlalchemy, psycopg.AsyncConnection)
        assert PATIENCE.items() <= of_sqlalchemy.info.get_parameters().items()
    await engine.dispose()
    async with await psycopg.AsyncConnection.connect(libpq_url(database_url)) as other:
        assert PATIENCE.items() <= other.info.get_parameters().items()


def test_address_says_its_own_patience() -> None:
    """What the setting's URL says of it holds."""
    assert sqlalchemy_url("postgres://db/berth?connect_timeout=3").query["connect_timeout"] == "3"


async def test_frozen_process_holds_nobody_up(
    database: AsyncEngine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock held by a transaction in which nothing happens any more is free once that time is over."""
    monkeypatch.setattr(database_module, "IDLE_IN_TRANSACTION_SECONDS", 1)
    frozen = make_engine(database_url, pool_size=1)
    lock = text("LOCK TABLE environments IN ACCESS EXCLUSIVE MODE")
    async with database.connect() as other:
        holding = await frozen.connect()
        await holding.execute(lock)
        await other.execute(text("SET LOCAL lock_timeout = '30s'"))
        await other.execute(lock)
    await holding.invalidate()
    await holding.close()
    await frozen.dispose()
