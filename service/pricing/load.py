"""The price tables that ship with Berth, and those that a refresh wrote in their place."""

from functools import cache
from pathlib import Path

from service.core.errors import InvalidInputError
from service.pricing.table import PriceTable

SHIPPED = Path(__file__).with_name("data")


class UnpricedRegionError(InvalidInputError):
    """No price table is at hand for a region, so that nothing in it can be estimated."""

    code = "region_not_priced"
    title = "There are no prices for this region"


def priced_regions(folder: Path = SHIPPED) -> tuple[str, ...]:
    """Name the regions that have a table, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


@cache
def read_table(region: str, folder: Path = SHIPPED) -> PriceTable:
    """Read the table of a region; raise UnpricedRegionError where there is none."""
    known = priced_regions(folder)
    if region not in known:
        raise UnpricedRegionError(
            f"there is no price table for {region}",
            hint=f"prices are at hand for {', '.join(known)}; service/pricing/generate.py makes more",
        )
    return PriceTable.model_validate_json((folder / f"{region}.json").read_bytes())


def write_table(table: PriceTable, folder: Path) -> Path:
    """Write a table as its region's file, everything in the order of its keys; return the file."""
    path = folder / f"{table.region}.json"
    path.write_text(_ordered(table).model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
    return path


def _ordered(table: PriceTable) -> PriceTable:
    return table.model_copy(
        update={
            "prices": dict(sorted(table.prices.items())),
            "instances": dict(sorted(table.instances.items())),
            "sources": dict(sorted(table.sources.items())),
        }
    )
