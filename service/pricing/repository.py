"""All SQL about price tables, and which table holds for a region."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWork
from service.pricing.load import priced_regions, read_table
from service.pricing.table import PriceTable
from service.pricing.tables import PriceTableRow

_table = cast("Table", PriceTableRow.__table__)
_read: dict[str, tuple[datetime, PriceTable]] = {}


async def find_prices(region: str, uow: UnitOfWork) -> PriceTable | None:
    """Return a region's prices: those that were refreshed, else those that ship; None without any."""
    refreshed_at = await uow.session.scalar(select(_table.c.refreshed_at).where(_table.c.region == region))
    if refreshed_at is None:
        return read_table(region) if region in _shipped() else None
    known = _read.get(region)
    if known is None or known[0] != refreshed_at:
        document = await uow.session.scalar(select(_table.c.document).where(_table.c.region == region))
        known = (refreshed_at, PriceTable.model_validate(document))
        _read[region] = known
    return known[1]


async def list_priced_regions(uow: UnitOfWork) -> tuple[str, ...]:
    """Name the regions that have prices, sorted."""
    refreshed = await uow.session.scalars(select(_table.c.region).where(_table.c.refreshed_at.is_not(None)))
    return tuple(sorted({*_shipped(), *(str(region) for region in refreshed)}))


async def claim_refresh(session: AsyncSession, region: str, *, every: timedelta) -> bool:
    """Note that a region's prices are being asked for; False where that was done lately, by whomever."""
    statement = (
        insert(_table)
        .values(region=region, attempted_at=func.now())
        .on_conflict_do_update(
            index_elements=["region"],
            set_={"attempted_at": func.now()},
            where=_table.c.attempted_at < func.now() - every,
        )
        .returning(_table.c.region)
    )
    return await session.scalar(statement) is not None


async def save_prices(session: AsyncSession, table: PriceTable) -> None:
    """Keep a refreshed table as its region's prices."""
    document = cast("Mapping[str, object]", table.model_dump(mode="json", exclude_none=True))
    values = {"document": document, "as_of": table.as_of, "refreshed_at": utc_now()}
    await session.execute(
        insert(_table)
        .values(region=table.region, **values)
        .on_conflict_do_update(index_elements=["region"], set_=values)
    )


@lru_cache(maxsize=1)
def _shipped() -> tuple[str, ...]:
    return priced_regions()
