"""Prices that are read anew on a schedule, and which table holds for a region."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NoReturn

import botocore.session
from botocore.stub import ANY, Stubber

from service.core.unit_of_work import UnitOfWorkFactory
from service.pricing.keys import PriceKey
from service.pricing.load import read_table
from service.pricing.refresh import PRICING_REGION
from service.pricing.repository import find_prices, list_priced_regions
from service.pricing.schedule import refresh_prices, refresh_regions
from service.pricing.selection import offers
from service.settings import Settings
from tests.service.pricing.price_lists import api_product, product

DAY = timedelta(days=1)
FARGATE = {"AmazonECS": api_product(product("EU-Fargate-vCPU-Hours:perCPU", ("0", "0.04048")))}


def make_client() -> Any:  # noqa: ANN401 -- botocore makes its clients' classes as it goes
    """Return botocore's client for the Pricing API, with credentials that open nothing."""
    session = botocore.session.get_session()
    session.set_credentials("nobody", "nothing")
    return session.create_client("pricing", region_name=PRICING_REGION)


def pricing(answers: Mapping[str, str]) -> tuple[Any, Stubber]:
    """Return botocore's own client, answering one product for some offers and none for the others."""
    client = make_client()
    stub = Stubber(client)
    for offer in offers():
        for narrowed in range(3 if offer == "AmazonEC2" else 1):
            listed = [answers[offer]] if offer in answers and not narrowed else []
            asked = {"ServiceCode": offer, "Filters": ANY}
            stub.add_response("get_products", {"PriceList": listed}, asked)
    stub.activate()
    return client, stub


async def test_a_region_that_ships_no_table_gets_one(uow_factory: UnitOfWorkFactory) -> None:
    """What the Pricing API has is kept with its date; what it lacks stays without a price."""
    client, stub = pricing(FARGATE)
    async with uow_factory() as uow:
        assert await find_prices("eu-west-1", uow) is None
        await refresh_regions(uow, ["eu-west-1"], lambda: client, every=DAY)
    stub.assert_no_pending_responses()
    async with uow_factory() as uow:
        table = await find_prices("eu-west-1", uow)
        assert table is not None
        assert table.usd(PriceKey.FARGATE_X86_VCPU) == Decimal("0.04048")
        assert table.usd(PriceKey.ALB_HOUR) is None
        assert table.as_of == date(2026, 9, 1)
        assert await list_priced_regions(uow) == ("eu-west-1", "us-east-1")


async def test_a_refresh_takes_the_place_of_what_ships(uow_factory: UnitOfWorkFactory) -> None:
    """Read prices count from then on; the others of the shipped table stay with their dates."""
    client, _ = pricing({"awskms": api_product(product("us-east-1-KMS-Keys", ("0", "1.25")))})
    async with uow_factory() as uow:
        await refresh_regions(uow, ["us-east-1"], lambda: client, every=DAY)
        table = await find_prices("us-east-1", uow)
    assert table is not None
    assert table.usd(PriceKey.KMS_KEY_MONTH) == Decimal("1.25")
    assert table.prices[PriceKey.ALB_HOUR] == read_table("us-east-1").prices[PriceKey.ALB_HOUR]


async def test_of_several_workers_one_asks_once_a_day(uow_factory: UnitOfWorkFactory) -> None:
    """A region whose turn was taken lately is left alone."""
    client, _ = pricing(FARGATE)
    async with uow_factory() as uow:
        await refresh_regions(uow, ["eu-west-1"], lambda: client, every=DAY)
        await refresh_regions(uow, ["eu-west-1"], _nobody_asks, every=DAY)


async def test_what_cannot_be_read_keeps_its_prices(uow_factory: UnitOfWorkFactory) -> None:
    """A refusal of AWS's is logged; the table stays, and the next turn tries again."""
    client = make_client()
    failing = Stubber(client)
    for _ in range(2):
        failing.add_client_error("get_products", "AccessDeniedException", "no pricing:GetProducts")
    failing.activate()
    async with uow_factory() as uow:
        await refresh_regions(uow, ["us-east-1", "eu-west-1"], lambda: client, every=DAY)
        assert await find_prices("us-east-1", uow) == read_table("us-east-1")
        assert await find_prices("eu-west-1", uow) is None


async def test_the_sandbox_asks_nobody(uow_factory: UnitOfWorkFactory, settings: Settings) -> None:
    """Nothing leaves the machine."""
    async with uow_factory() as uow:
        await refresh_prices(uow, settings)
        assert await list_priced_regions(uow) == ("us-east-1",)


async def test_a_list_without_prices_is_no_table(uow_factory: UnitOfWorkFactory) -> None:
    """A region that the Pricing API knows nothing of stays without prices, not with an empty table."""
    client, _ = pricing({})
    async with uow_factory() as uow:
        await refresh_regions(uow, ["eu-west-1"], lambda: client, every=DAY)
        assert await find_prices("eu-west-1", uow) is None


def _nobody_asks() -> NoReturn:
    raise AssertionError("the price list was asked for again")
