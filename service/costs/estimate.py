"""Estimates a plan: each resource by its rule, everything else named as free or as not priced."""

from collections.abc import Iterable, Iterator

from programs.request.costs import DEFAULT_COST_ASSUMPTIONS, CostAssumptions
from service.costs.catalogue import PRICED, UNPRICED, free_reason
from service.costs.model import CostLine, Estimate, UnpricedItem
from service.costs.planned import Plan, PlannedResource
from service.costs.quote import Quote, Quoter, unpriced
from service.pricing.table import PriceTable


def estimate_plan(
    resources: Iterable[PlannedResource],
    table: PriceTable,
    assumptions: CostAssumptions = DEFAULT_COST_ASSUMPTIONS,
) -> Estimate:
    """Return what the resources cost a month; their order makes no difference."""
    plan = Plan(resources)
    quoter = Quoter(plan, table, assumptions)
    quotes = [quote for resource in plan.resources for quote in _quotes(resource, quoter)]
    return Estimate(
        region=table.region,
        prices_as_of=table.as_of,
        oldest_price=table.oldest(),
        assumptions=assumptions,
        lines=tuple(quote for quote in quotes if isinstance(quote, CostLine)),
        unpriced=tuple(quote for quote in quotes if isinstance(quote, UnpricedItem)),
        free_resources=sum(1 for resource in plan.resources if free_reason(resource.type) is not None),
    )


def _quotes(resource: PlannedResource, quoter: Quoter) -> Iterator[Quote]:
    if resource.type in PRICED:
        yield from PRICED[resource.type](resource, quoter)
    elif resource.type in UNPRICED:
        yield unpriced(resource, "the resource", UNPRICED[resource.type])
    elif free_reason(resource.type) is None:
        yield unpriced(resource, "the resource", "no rule knows this type")
