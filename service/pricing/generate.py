"""Generates price tables from AWS's public price list: `python -m service.pricing.generate us-east-1 ...`.

Downloads the regional offer files, or reads them from a folder where they were put before
(`OFFER-REGION.json`, and `AmazonEC2-REGION.csv`), and writes service/pricing/data/REGION.json.
"""

import argparse
import logging
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx

from service.pricing.keys import PriceKey
from service.pricing.load import SHIPPED, priced_regions, read_table, write_table
from service.pricing.rows import PriceRow, rows_of_csv, rows_of_offer
from service.pricing.selection import (
    EC2_OFFER,
    SELECTORS,
    newest,
    offers,
    select_instances,
    select_prices,
)
from service.pricing.table import Method, PriceTable

PRICE_LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"
_WITHOUT_REGION = frozenset({"AmazonRoute53"})
_TIMEOUT_SECONDS = 600
log = logging.getLogger(__name__)


def offer_url(offer: str, region: str) -> str:
    """Return where a region's current offer file is; EC2's is read as CSV, which can be read by lines."""
    place = "" if offer in _WITHOUT_REGION else f"{region}/"
    return f"{PRICE_LIST}/{offer}/current/{place}index.{_suffix(offer)}"


def generate_table(region: str, folder: Path, previous: PriceTable | None) -> PriceTable:
    """Make a region's table of the offer files in a folder; keep from `previous` what they do not say."""
    prices = dict(previous.prices) if previous else {}
    instances = dict(previous.instances) if previous else {}
    sources = dict(previous.sources) if previous else {}
    for offer in offers():
        source = f"offer-{offer}"
        sources[source] = offer_url(offer, region)
        prices |= select_prices(offer, _rows(offer, region, folder), region, source)
        if offer == EC2_OFFER:
            instances |= select_instances(_rows(offer, region, folder), source, instances)
    used = {price.source for price in prices.values()} | {item.source for item in instances.values()}
    spot = {"spot-advisor"} if any(item.spot_saving_percent for item in instances.values()) else set[str]()
    return PriceTable(
        region=region,
        method=Method.PRICE_LIST,
        as_of=newest(prices.values(), date.min),
        sources={name: text for name, text in sources.items() if name in used | spot},
        prices=prices,
        instances=instances,
    )


def not_found(table: PriceTable) -> tuple[PriceKey, ...]:
    """Name the prices that the price list should have had: their usage types changed."""
    return tuple(
        key
        for key in SELECTORS
        if key not in table.prices or not table.prices[key].source.startswith("offer-")
    )


def _rows(offer: str, region: str, folder: Path) -> Iterator[PriceRow]:
    path = _file(offer, region, folder)
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            yield from rows_of_csv(lines)
    else:
        yield from rows_of_offer(path.read_bytes())


def _suffix(offer: str) -> str:
    return "csv" if offer == EC2_OFFER else "json"


def _file(offer: str, region: str, folder: Path) -> Path:
    return folder / f"{offer}-{region}.{_suffix(offer)}"


def download_offers(region: str, folder: Path) -> None:
    """Fetch a region's offer files into a folder, those that are not there yet."""
    with httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=True) as client:
        for offer in offers():
            path = _file(offer, region, folder)
            if path.exists():
                continue
            log.info("downloading %s", offer_url(offer, region))
            with client.stream("GET", offer_url(offer, region)) as answer, path.open("wb") as file:
                answer.raise_for_status()
                for chunk in answer.iter_bytes():
                    file.write(chunk)


def main() -> None:
    """Generate the tables of the named regions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("regions", nargs="+")
    parser.add_argument("--offers", type=Path, help="folder of offer files; downloaded where it lacks them")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.offers or Path(scratch)
        for region in arguments.regions:
            download_offers(region, folder)
            previous = read_table(region) if region in priced_regions() else None
            table = generate_table(region, folder, previous)
            log.info("wrote %s", write_table(table, arguments.output))
            for key in not_found(table):
                log.warning("%s: the price list no longer has %s; its selector is out of date", region, key)


if __name__ == "__main__":
    main()
