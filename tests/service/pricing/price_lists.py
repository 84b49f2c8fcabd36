"""Price lists in the formats that AWS publishes, small ones."""

import json
from collections.abc import Iterable

EC2_COLUMNS = (
    "SKU",
    "OfferTermCode",
    "RateCode",
    "TermType",
    "PriceDescription",
    "EffectiveDate",
    "StartingRange",
    "EndingRange",
    "Unit",
    "PricePerUnit",
    "Currency",
    "Product Family",
    "serviceCode",
    "Location",
    "Instance Type",
    "vCPU",
    "Memory",
    "Operating System",
    "License Model",
    "Tenancy",
    "usageType",
    "operation",
    "CapacityStatus",
    "Pre Installed S/W",
    "Region Code",
)
EC2_PREAMBLE = (
    '"FormatVersion","v1.0"',
    '"Disclaimer","This pricing list is for informational purposes only."',
    '"Publication Date","2026-09-25T17:45:21Z"',
    '"Version","20260925174521"',
    '"OfferCode","AmazonEC2"',
)


def product(
    usage_type: str, *tiers: tuple[str, str], family: str = "", **attributes: str
) -> dict[str, object]:
    """Return a product with its on-demand term: tiers are (first quantity, price in USD)."""
    sku = f"{usage_type}-{family}"
    dimensions = {
        f"{sku}.{number}": {
            "unit": "unit",
            "beginRange": begin,
            "endRange": "Inf",
            "description": "a price",
            "pricePerUnit": {"USD": usd},
            "appliesTo": [],
        }
        for number, (begin, usd) in enumerate(tiers)
    }
    return {
        "sku": sku,
        "product": {
            "sku": sku,
            "productFamily": family,
            "attributes": {"usagetype": usage_type, "servicecode": "AmazonECS", **attributes},
        },
        "term": {
            "offerTermCode": "JRTCKXETXF",
            "sku": sku,
            "effectiveDate": "2026-09-01T00:00:00Z",
            "priceDimensions": dimensions,
            "termAttributes": {},
        },
    }


def offer_file(*products: dict[str, object]) -> bytes:
    """Return a bulk offer file."""
    return json.dumps(
        {
            "formatVersion": "v1.0",
            "offerCode": "AmazonECS",
            "version": "20260911124425",
            "publicationDate": "2026-09-11T12:44:25Z",
            "products": {item["sku"]: item["product"] for item in products},
            "terms": {"OnDemand": {item["sku"]: {f"{item['sku']}.JRT": item["term"]} for item in products}},
        }
    ).encode()


def api_product(item: dict[str, object]) -> str:
    """Return a product as `GetProducts` answers it."""
    return json.dumps(
        {
            "product": item["product"],
            "serviceCode": "AmazonECS",
            "terms": {"OnDemand": {f"{item['sku']}.JRT": item["term"]}},
            "version": "20260911124425",
            "publicationDate": "2026-09-11T12:44:25Z",
        }
    )


def ec2_csv(records: Iterable[dict[str, str]]) -> str:
    """Return EC2's offer file as CSV; what a record does not say is empty."""
    rows = [",".join(f'"{record.get(name, "")}"' for name in EC2_COLUMNS) for record in records]
    return "\n".join([*EC2_PREAMBLE, ",".join(f'"{name}"' for name in EC2_COLUMNS), *rows]) + "\n"


def instance(kind: str, usd: str, **changes: str) -> dict[str, str]:
    """Return the CSV record of a Linux instance on demand, with some of its columns replaced."""
    return {
        "TermType": "OnDemand",
        "EffectiveDate": "2026-09-01",
        "StartingRange": "0",
        "EndingRange": "Inf",
        "Unit": "Hrs",
        "PricePerUnit": usd,
        "Currency": "USD",
        "Product Family": "Compute Instance",
        "Instance Type": kind,
        "vCPU": "4",
        "Memory": "16 GiB",
        "Operating System": "Linux",
        "License Model": "No License required",
        "Tenancy": "Shared",
        "usageType": f"BoxUsage:{kind}",
        "operation": "RunInstances",
        "CapacityStatus": "Used",
        "Pre Installed S/W": "NA",
        "Region Code": "us-east-1",
        **changes,
    }
