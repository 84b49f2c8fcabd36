"""A price table: what AWS charges in one region, as read on a date from a named source."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.pricing.keys import PriceKey

Usd = Annotated[Decimal, Field(ge=0, max_digits=20)]


class Method(StrEnum):
    """How a table came about."""

    TRANSCRIBED = "transcribed"
    """Read by a person in the sources that each price names."""
    PRICE_LIST = "price_list"
    """Generated from AWS's public price list."""
    PRICING_API = "pricing_api"
    """Read through the AWS Pricing API."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Price(_Record):
    """One price; its key says the unit."""

    usd: Usd
    as_of: date = Field(description="The day for which the source states it")
    source: str = Field(min_length=1, description="Key into the table's `sources`")


class InstancePrice(_Record):
    """What an EC2 instance type is and costs: Linux, on demand, shared tenancy."""

    vcpus: int = Field(ge=1)
    memory_gib: Decimal = Field(gt=0)
    on_demand_usd_per_hour: Usd
    as_of: date
    source: str = Field(min_length=1)
    spot_saving_percent: int | None = Field(
        default=None,
        ge=0,
        le=99,
        description="Average saving of Spot over on-demand in the last 30 days (Spot Instance Advisor)",
    )
    spot_as_of: date | None = None
    auto_mode_usd_per_hour: Usd | None = Field(
        default=None, description="What EKS Auto Mode adds for managing it"
    )

    @property
    def spot_usd_per_hour(self) -> Decimal | None:
        """The on-demand price less the stated saving; None where no saving is stated."""
        if self.spot_saving_percent is None:
            return None
        return self.on_demand_usd_per_hour * (100 - self.spot_saving_percent) / 100


class PriceTable(_Record):
    """All prices of a region. What is not in it is not priced: nobody guesses."""

    region: str
    currency: str = Field(default="USD", pattern="^USD$")
    method: Method
    as_of: date = Field(description="The newest date among its prices")
    sources: dict[str, str] = Field(description="Where prices were read, by the key that they name")
    prices: dict[PriceKey, Price]
    instances: dict[str, InstancePrice] = {}

    def usd(self, key: PriceKey) -> Decimal | None:
        """Return a price, or None where this table has none."""
        price = self.prices.get(key)
        return None if price is None else price.usd

    def missing(self) -> tuple[PriceKey, ...]:
        """Name the prices that this table lacks, in the order of the keys."""
        return tuple(key for key in PriceKey if key not in self.prices)

    def oldest(self) -> date:
        """Return the date of its oldest price: what "prices of" must not hide."""
        return min((price.as_of for price in self.prices.values()), default=self.as_of)
