"""Makes a region's table anew through the AWS Pricing API; the worker runs it on a schedule on AWS."""

from collections.abc import Iterator
from typing import Protocol, TypedDict

from service.pricing.rows import PriceRow, rows_of_api
from service.pricing.selection import EC2_OFFER, newest, offers, select_instances, select_prices
from service.pricing.table import Method, PriceTable

PRICING_REGION = "us-east-1"
"""One of the regions that have the Pricing API's endpoint (AWS Billing guide, 'Price List Query API')."""
_SOURCE = "pricing-api"


class ProductPage(TypedDict, total=False):
    """One page of products, as botocore answers."""

    PriceList: list[str]
    NextToken: str


class PricingClient(Protocol):
    """What is needed of botocore's `pricing` client."""

    def get_products(
        self,
        *,
        ServiceCode: str,  # noqa: N803 -- AWS's name
        Filters: list[dict[str, str]],  # noqa: N803 -- AWS's name
        NextToken: str = ...,  # noqa: N803 -- AWS's name
    ) -> ProductPage:
        """Return a page of products."""
        ...


def refresh_table(client: PricingClient, previous: PriceTable) -> PriceTable:
    """Return the table with every price that the API has; what it lacks stays as it was, with its date."""
    region = previous.region
    prices, instances = dict(previous.prices), dict(previous.instances)
    for offer in offers():
        rows = list(_rows(client, offer, region))
        prices |= select_prices(offer, rows, region, _SOURCE)
        if offer == EC2_OFFER:
            instances |= select_instances(rows, _SOURCE, previous.instances)
    return PriceTable(
        region=region,
        method=Method.PRICING_API,
        as_of=newest(prices.values(), previous.as_of),
        sources={**previous.sources, _SOURCE: "AWS Pricing API, GetProducts"},
        prices=prices,
        instances=instances,
    )


def _rows(client: PricingClient, offer: str, region: str) -> Iterator[PriceRow]:
    for narrowed in _filters(offer):
        filters = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in narrowed.items()]
        if offer not in _WITHOUT_REGION:
            filters.append({"Type": "TERM_MATCH", "Field": "regionCode", "Value": region})
        token = ""
        while True:
            more = {"NextToken": token} if token else {}
            page = client.get_products(ServiceCode=offer, Filters=filters, **more)
            yield from rows_of_api(page.get("PriceList", []))
            token = page.get("NextToken", "")
            if not token:
                break


_WITHOUT_REGION = frozenset({"AmazonRoute53"})
"""Services that are priced the same everywhere."""


def _filters(offer: str) -> tuple[dict[str, str], ...]:
    """Return what narrows an offer down: EC2 has a hundred thousand products in a region."""
    if offer != EC2_OFFER:
        return ({},)
    instances = {
        "operatingSystem": "Linux",
        "tenancy": "Shared",
        "capacitystatus": "Used",
        "preInstalledSw": "NA",
    }
    return instances, {"productFamily": "NAT Gateway"}, {"volumeApiName": "gp3"}
