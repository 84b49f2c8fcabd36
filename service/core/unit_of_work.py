"""One transaction: rolls back unless told to commit."""

from types import TracebackType
from typing import Protocol, Self

from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession


class UnitOfWork:
    """A database session that a use case works in and commits itself.

    Use as `async with uow_factory() as uow: …; await uow.commit()`. Leaving the block without a
    commit rolls back. A commit always happens before the HTTP response is sent.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.session = AsyncSession(engine, expire_on_commit=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self.session.close()

    async def commit(self) -> None:
        """Make everything written so far durable."""
        await self.session.commit()

    async def driver_connection(self) -> AsyncConnection[tuple[object, ...]]:
        """Return the psycopg connection of this transaction, for a library that joins it (the queue)."""
        connection = await self.session.connection()
        raw = await connection.get_raw_connection()
        driver = raw.driver_connection
        if not isinstance(driver, AsyncConnection):
            msg = f"expected a psycopg connection, found {type(driver).__name__}"
            raise TypeError(msg)
        return driver  # pyright: ignore[reportUnknownVariableType] -- the row type is set by the cursor


class UnitOfWorkFactory(Protocol):
    """Makes units of work; the only thing a use case's caller needs to hold."""

    def __call__(self) -> UnitOfWork:
        """Open a new unit of work."""
        ...


def unit_of_work_factory(engine: AsyncEngine) -> UnitOfWorkFactory:
    """Bind the factory to the process's engine."""

    def make() -> UnitOfWork:
        return UnitOfWork(engine)

    return make
