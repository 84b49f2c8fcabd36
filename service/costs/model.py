"""An estimate: lines that add up, each with its price, quantity and assumptions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from programs.request.costs import CostAssumptions
from service.costs.spread import NOTHING, Spread

HOURS_PER_MONTH = 730
"""365 days x 24 hours / 12 months, as AWS's pricing calculator counts a month."""


class Component(StrEnum):
    """What part of an environment a cost belongs to."""

    COMPUTE = "compute"
    CONTROL_PLANE = "control_plane"
    LOAD_BALANCING = "load_balancing"
    NETWORK = "network"
    STORAGE = "storage"
    REGISTRY = "registry"
    LOGS = "logs"
    OBSERVABILITY = "observability"
    SECRETS = "secrets"
    KEYS = "keys"
    DISCOVERY = "discovery"
    MESSAGING = "messaging"


class Kind(StrEnum):
    """Whether a cost comes from being there, or from being used as the assumptions say."""

    FIXED = "fixed"
    USAGE = "usage"


@dataclass(frozen=True, slots=True)
class CostLine:
    """One charge of one resource: a monthly quantity at a unit price."""

    urn: str
    resource_type: str
    resource_name: str
    component: Component
    kind: Kind
    what: str
    quantity: Spread
    unit: str
    usd_per_unit: Decimal
    price: str
    """Name of the price in the table: a key, or `instance:m5.xlarge`."""
    assumptions: tuple[str, ...] = ()
    """Names of the assumptions that the quantity rests on."""
    is_spot: bool = False
    """Whether it is bought from spare capacity, which AWS may take back and whose price moves."""

    @property
    def usd(self) -> Spread:
        """The monthly amount, exact."""
        return self.quantity * self.usd_per_unit

    def arithmetic(self) -> str:
        """Show how the desired size's amount comes about."""
        quantity = f"{self.quantity.at_desired.normalize():f}"
        return f"{quantity} {self.unit} x {self.usd_per_unit:f} USD = {self.usd.at_desired.normalize():f} USD"


@dataclass(frozen=True, slots=True)
class UnpricedItem:
    """Something that costs money, or may, and is in no figure; why."""

    urn: str
    resource_type: str
    resource_name: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A monthly estimate of a plan, in US dollars at 730 hours."""

    region: str
    prices_as_of: date
    oldest_price: date
    assumptions: CostAssumptions
    lines: tuple[CostLine, ...]
    unpriced: tuple[UnpricedItem, ...]
    free_resources: int

    @property
    def total(self) -> Spread:
        """Everything that is priced."""
        return add_up(line.usd for line in self.lines)

    def total_of(self, kind: Kind) -> Spread:
        """All that is fixed, or all that depends on use."""
        return add_up(line.usd for line in self.lines if line.kind is kind)

    @property
    def spot(self) -> Spread:
        """What of the total is bought as Spot."""
        return add_up(line.usd for line in self.lines if line.is_spot)

    def by_component(self) -> dict[Component, Spread]:
        """Amounts by part of the environment, in the order of the parts; those without cost are left out."""
        sums = _sums(self.lines, lambda line: line.component)
        return {component: sums[component] for component in Component if component in sums}

    def by_resource(self) -> dict[str, Spread]:
        """Amounts by URN, in the order of the lines."""
        return _sums(self.lines, lambda line: line.urn)

    def by_type(self) -> dict[str, Spread]:
        """Amounts by resource type, sorted."""
        return dict(sorted(_sums(self.lines, lambda line: line.resource_type).items()))


def add_up(amounts: Iterable[Spread]) -> Spread:
    """Return the sum of amounts, nothing for none."""
    return sum(amounts, start=NOTHING)


_Key = TypeVar("_Key")


def _sums(lines: Iterable[CostLine], key_of: Callable[[CostLine], _Key]) -> dict[_Key, Spread]:
    sums: dict[_Key, Spread] = {}
    for line in lines:
        key = key_of(line)
        sums[key] = sums.get(key, NOTHING) + line.usd
    return sums
