"""The price tables that ship with Berth."""

from datetime import date

import pytest

from service.pricing.keys import PriceKey
from service.pricing.load import UnpricedRegionError, priced_regions, read_table


@pytest.mark.parametrize("region", priced_regions())
def test_every_price_names_its_source_and_date(region: str) -> None:
    """A shipped table says where and when each of its prices was read, and lies about neither's existence."""
    table = read_table(region)
    assert table.region == region
    used = {price.source for price in table.prices.values()}
    used |= {instance.source for instance in table.instances.values()}
    assert used <= table.sources.keys()
    assert all("https://" in text or "AWS Pric" in text for text in table.sources.values())
    assert all(price.as_of > date(2024, 1, 1) for price in table.prices.values())
    assert table.as_of == max(price.as_of for price in table.prices.values())


def test_home_region_is_priced_whole() -> None:
    """us-east-1 lacks only what no source states for certain."""
    assert read_table("us-east-1").missing() == (PriceKey.METRIC_MONTH, PriceKey.XRAY_TRACE)


def test_region_without_a_table_is_refused() -> None:
    """Nobody takes another region's prices for one that has none."""
    with pytest.raises(UnpricedRegionError, match="there is no price table for ap-east-2"):
        read_table("ap-east-2")


def test_spot_price_is_the_on_demand_price_less_its_saving() -> None:
    """m5.xlarge: 0.192 less 66 percent."""
    instance = read_table("us-east-1").instances["m5.xlarge"]
    assert str(instance.spot_usd_per_hour) == "0.06528"
