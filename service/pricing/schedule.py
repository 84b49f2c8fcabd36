"""Reads prices anew through the AWS Pricing API, on AWS alone, each region's once in a while."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import cast

import botocore.session  # pyright: ignore[reportMissingTypeStubs] -- the library ships none
import structlog
from botocore.exceptions import BotoCoreError, ClientError  # pyright: ignore[reportMissingTypeStubs]
from sqlalchemy import text

from service.core.unit_of_work import UnitOfWork
from service.pricing.refresh import PRICING_REGION, PricingClient, refresh_table
from service.pricing.repository import claim_refresh, find_prices, save_prices
from service.pricing.selection import AmbiguousPriceError
from service.pricing.table import Method, PriceTable
from service.settings import Cloud, Settings

ClientMaker = Callable[[], PricingClient]

_log = structlog.get_logger(__name__)

_REGIONS_IN_USE = "SELECT DISTINCT region FROM environments WHERE status <> 'destroyed'"


async def refresh_prices(uow: UnitOfWork, settings: Settings) -> None:
    """Refresh the prices of the default region and of those in use, where that is due; commits each.

    No transaction is open while AWS answers. What cannot be read keeps its prices, and is tried again when
    the next turn comes.
    """
    if settings.cloud is not Cloud.AWS:
        return
    found = await uow.session.scalars(text(_REGIONS_IN_USE))
    regions = sorted({settings.default_region, *(str(region) for region in found)})
    await refresh_regions(uow, regions, pricing_client, every=timedelta(hours=settings.price_refresh_hours))


async def refresh_regions(
    uow: UnitOfWork, regions: Iterable[str], client: ClientMaker, *, every: timedelta
) -> None:
    """Refresh the regions whose turn it is; of several workers one does it."""
    for region in regions:
        if not await claim_refresh(uow.session, region, every=every):
            await uow.commit()
            continue
        previous = await find_prices(region, uow) or empty_table(region)
        await uow.commit()
        try:
            table = await asyncio.to_thread(_refresh, client, previous)
        except (BotoCoreError, ClientError, AmbiguousPriceError) as error:
            _log.warning("prices_not_refreshed", region=region, error=str(error))
            continue
        if not table.prices:
            _log.warning("prices_not_refreshed", region=region, error="the Pricing API has none of it")
            continue
        await save_prices(uow.session, table)
        await uow.commit()
        _log.info("prices_refreshed", region=region, as_of=table.as_of.isoformat(), prices=len(table.prices))


def _refresh(client: ClientMaker, previous: PriceTable) -> PriceTable:
    return refresh_table(client(), previous)


def empty_table(region: str) -> PriceTable:
    """Return the table of a region of which nothing is known yet."""
    return PriceTable(region=region, method=Method.PRICING_API, as_of=date.min, sources={}, prices={})


def pricing_client() -> PricingClient:
    """Open botocore's client with the worker's credentials; it needs `pricing:GetProducts`."""
    session = botocore.session.get_session()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    client: object = session.create_client("pricing", region_name=PRICING_REGION)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return cast("PricingClient", client)
