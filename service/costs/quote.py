"""What a rule has at hand: the plan, the prices and the assumptions, and how a charge is written down."""

from dataclasses import dataclass
from decimal import Decimal

from programs.request.costs import CostAssumptions
from service.costs.model import HOURS_PER_MONTH, Component, CostLine, Kind, UnpricedItem
from service.costs.planned import Plan, PlannedResource
from service.costs.spread import Spread
from service.pricing.keys import PriceKey
from service.pricing.table import InstancePrice, PriceTable

Quote = CostLine | UnpricedItem
HOURS = Decimal(HOURS_PER_MONTH)
FARGATE_SPOT = frozenset(
    {
        PriceKey.FARGATE_SPOT_X86_VCPU,
        PriceKey.FARGATE_SPOT_X86_MEMORY,
        PriceKey.FARGATE_SPOT_ARM_VCPU,
        PriceKey.FARGATE_SPOT_ARM_MEMORY,
    }
)


@dataclass(frozen=True, slots=True)
class Quoter:
    """Writes charges for one plan. A price that the table lacks makes an unpriced item, never a zero."""

    plan: Plan
    table: PriceTable
    assumptions: CostAssumptions

    def fixed(
        self,
        resource: PlannedResource,
        component: Component,
        key: PriceKey,
        what: str,
        quantity: Spread | Decimal | int,
    ) -> Quote:
        """Charge for being there: `quantity` in the unit of the price, for a month."""
        return self._quote(resource, component, key, (what, _spread(quantity)), None)

    def usage(
        self,
        resource: PlannedResource,
        component: Component,
        key: PriceKey,
        what: str,
        assumption: str,
        factor: Spread | Decimal | int = 1,
    ) -> Quote:
        """Charge for use: the assumption's amount, times `factor`."""
        amount = getattr(self.assumptions, assumption)
        return self._quote(resource, component, key, (what, _spread(factor) * amount), assumption)

    def _quote(
        self,
        resource: PlannedResource,
        component: Component,
        key: PriceKey,
        charge: tuple[str, Spread],
        assumption: str | None,
    ) -> Quote:
        what, quantity = charge
        usd = self.table.usd(key)
        if usd is None:
            return unpriced(resource, what, f"the table of {self.table.region} has no price {key}")
        return CostLine(
            urn=resource.urn,
            resource_type=resource.type,
            resource_name=resource.name,
            component=component,
            kind=Kind.USAGE if assumption else Kind.FIXED,
            what=what,
            quantity=quantity,
            unit=key.partition("_usd_per_")[2].replace("_", "-"),
            usd_per_unit=usd,
            price=key.value,
            assumptions=(assumption,) if assumption else (),
            is_spot=key in FARGATE_SPOT,
        )

    def instances(
        self,
        resource: PlannedResource,
        instance_type: str,
        count: Spread,
        *,
        is_spot: bool = False,
        assumptions: tuple[str, ...] = (),
    ) -> Quote:
        """Charge for EC2 instances, on demand or at the stated Spot saving."""
        what = f"{instance_type} {'Spot' if is_spot else 'on demand'}"
        instance = self.table.instances.get(instance_type)
        if instance is None:
            return unpriced(resource, what, f"the table of {self.table.region} has no {instance_type}")
        usd = instance.spot_usd_per_hour if is_spot else instance.on_demand_usd_per_hour
        if usd is None:
            return unpriced(resource, what, f"no Spot saving is stated for {instance_type}")
        charge = (count, usd)
        return self.instance_line(resource, what, instance_type, charge, assumptions, is_spot=is_spot)

    def instance_line(
        self,
        resource: PlannedResource,
        what: str,
        instance_type: str,
        charge: tuple[Spread, Decimal],
        assumptions: tuple[str, ...] = (),
        *,
        is_spot: bool = False,
    ) -> CostLine:
        """Charge `count` instances at a price an hour."""
        count, usd_per_hour = charge
        return CostLine(
            urn=resource.urn,
            resource_type=resource.type,
            resource_name=resource.name,
            component=Component.COMPUTE,
            kind=Kind.FIXED,
            what=what,
            quantity=count * HOURS,
            unit="instance-hour",
            usd_per_unit=usd_per_hour,
            price=f"instance:{instance_type}",
            assumptions=assumptions,
            is_spot=is_spot,
        )

    def instance(self, instance_type: str) -> InstancePrice | None:
        """Return an instance type's size and price, or None where the table lacks it."""
        return self.table.instances.get(instance_type)


def unpriced(resource: PlannedResource, what: str, reason: str) -> UnpricedItem:
    """Put down that something is in no figure, and why."""
    return UnpricedItem(resource.urn, resource.type, resource.name, what, reason)


def _spread(quantity: Spread | Decimal | int) -> Spread:
    return quantity if isinstance(quantity, Spread) else Spread.same(quantity)
