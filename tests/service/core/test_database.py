"""The process's connections to Postgres."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from service.core import database as database_module
from service.core.database import IDLE_IN_TRANSACTION_SECONDS, make_engine


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
