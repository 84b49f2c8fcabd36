"""Rows of AWS's price list: one on-demand price each, from its JSON, its CSV or the Pricing API.

The formats are described in the AWS Billing guide, 'Price List Bulk API' and 'Price List Query API'. Only
terms on demand are read; each price dimension of a product makes a row.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Attributes: TypeAlias = Mapping[str, str]
_LINES_BEFORE_HEADER = 5
"""The CSV begins with its version, disclaimer, date, version and offer code."""


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price of one product, from the quantity `begin_range` on."""

    usage_type: str
    product_family: str
    usd: Decimal
    begin_range: Decimal
    effective: date
    attributes: Attributes = field(default_factory=dict[str, str])

    def attribute(self, name: str) -> str:
        """Return a product attribute, empty where it has none."""
        return self.attributes.get(name, "")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Dimension(_Part):
    begin_range: str = Field(default="0", alias="beginRange")
    price: dict[str, str] = Field(alias="pricePerUnit")


class _Term(_Part):
    effective: str = Field(alias="effectiveDate")
    dimensions: dict[str, _Dimension] = Field(alias="priceDimensions")


class _Product(_Part):
    family: str = Field(default="", alias="productFamily")
    attributes: dict[str, str]


class _Terms(_Part):
    on_demand: dict[str, dict[str, _Term]] = Field(default={}, alias="OnDemand")


class _Offer(_Part):
    products: dict[str, _Product]
    terms: _Terms


class _ApiTerms(_Part):
    on_demand: dict[str, _Term] = Field(default={}, alias="OnDemand")


class _ApiProduct(_Part):
    product: _Product
    terms: _ApiTerms


_api_product: TypeAdapter[_ApiProduct] = TypeAdapter(_ApiProduct)


def rows_of_offer(document: bytes) -> Iterator[PriceRow]:
    """Read an offer file in JSON (`.../offers/v1.0/aws/OFFER/current/REGION/index.json`)."""
    offer = _Offer.model_validate(pydantic_core.from_json(document))
    for sku, product in offer.products.items():
        for term in offer.terms.on_demand.get(sku, {}).values():
            yield from _rows(product, term)


def rows_of_api(price_list: Iterable[str]) -> Iterator[PriceRow]:
    """Read what `GetProducts` answers: a JSON text for each product."""
    for text in price_list:
        entry = _api_product.validate_json(text)
        for term in entry.terms.on_demand.values():
            yield from _rows(entry.product, term)


def rows_of_csv(lines: Iterable[str]) -> Iterator[PriceRow]:
    """Read an offer file in CSV line by line: that of EC2 is too large to hold in memory as JSON."""
    remaining = iter(lines)
    for _ in range(_LINES_BEFORE_HEADER):
        next(remaining, None)
    for record in csv.DictReader(remaining):
        if record.get("TermType") == "OnDemand" and record.get("Currency") == "USD":
            yield PriceRow(
                usage_type=record.get("usageType") or "",
                product_family=record.get("Product Family") or "",
                usd=Decimal(record.get("PricePerUnit") or 0),
                begin_range=Decimal(record.get("StartingRange") or 0),
                effective=date.fromisoformat(record["EffectiveDate"]),
                attributes={_CSV_NAMES[name]: value for name, value in record.items() if name in _CSV_NAMES},
            )


_CSV_NAMES = {
    "operation": "operation",
    "Region Code": "regionCode",
    "Instance Type": "instanceType",
    "vCPU": "vcpu",
    "Memory": "memory",
    "Operating System": "operatingSystem",
    "Tenancy": "tenancy",
    "CapacityStatus": "capacitystatus",
    "Pre Installed S/W": "preInstalledSw",
    "License Model": "licenseModel",
    "Volume Type": "volumeType",
    "Transfer Type": "transferType",
}
"""Columns of the CSV, by the names that the JSON has for them."""


def _rows(product: _Product, term: _Term) -> Iterator[PriceRow]:
    for dimension in term.dimensions.values():
        if "USD" in dimension.price:
            yield PriceRow(
                usage_type=product.attributes.get("usagetype", ""),
                product_family=product.family,
                usd=Decimal(dimension.price["USD"]),
                begin_range=Decimal(dimension.begin_range),
                effective=date.fromisoformat(term.effective[:10]),
                attributes=product.attributes,
            )
