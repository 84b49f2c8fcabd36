"""Estimates as the API shows them, and as they are kept with their operation. Amounts are text, exact."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, Field, JsonValue

from programs.request.costs import CostAssumptions
from service.costs.fleet import Grouping
from service.costs.model import HOURS_PER_MONTH, Component, CostLine, Estimate, Kind, UnpricedItem
from service.costs.spread import Spread, to_cents
from service.costs.summary import CostSummary, MonthlyCost
from service.recommendations.rightsizing import Advice

Usd = Annotated[Decimal, Field(examples=["141.45"])]


class MonthlyCostView(BaseModel):
    """US dollars for a month of 730 hours: with autoscaled parts at the least, as desired, at the most."""

    min_usd: Usd
    desired_usd: Usd
    max_usd: Usd


class CostSummaryView(BaseModel):
    """What an operation does to the monthly cost of its environment."""

    currency: Literal["USD"] = "USD"
    hours_per_month: int = HOURS_PER_MONTH
    region: str
    prices_as_of: date | None = Field(description="The newest date among the prices that it is made with")
    before: MonthlyCostView | None = Field(description="Of what stood when it was planned or began")
    after: MonthlyCostView | None = Field(description="Of what stands, or would stand, when it is done")
    change_usd: Usd | None = Field(description="By how much the desired size's month becomes dearer")
    unpriced_count: int = Field(description="How many things cost something, or may, and are in no figure")
    not_estimated: str | None = Field(
        description="Why there is no estimate: `region_not_priced` or `estimate_failed`"
    )


class ComponentCostView(BaseModel):
    """What a part of the environment costs."""

    component: Component
    cost: MonthlyCostView


class ResourceCostView(BaseModel):
    """What a resource costs."""

    urn: str
    type: str
    name: str
    cost: MonthlyCostView


class CostLineView(BaseModel):
    """One charge of one resource: a monthly quantity at a unit price."""

    urn: str
    resource_type: str
    resource_name: str
    component: Component
    kind: Kind = Field(description="`fixed`: for being there; `usage`: as the assumptions say")
    what: str
    unit: str
    desired_quantity: Decimal
    usd_per_unit: Decimal
    cost: MonthlyCostView
    arithmetic: str
    price: str = Field(description="The price's name in the table")
    assumptions: list[str] = Field(description="The assumptions that the quantity rests on, by name")
    is_spot: bool


class UnpricedItemView(BaseModel):
    """Something that costs money, or may, and is in no figure; why."""

    urn: str
    resource_type: str
    resource_name: str
    what: str
    reason: str


class TotalsView(BaseModel):
    """Amounts by part of the environment."""

    total: MonthlyCostView
    by_component: list[ComponentCostView]


class EstimateView(TotalsView):
    """A monthly estimate, with the arithmetic of each charge."""

    currency: Literal["USD"] = "USD"
    hours_per_month: int = HOURS_PER_MONTH
    region: str
    prices_as_of: date = Field(description="The newest date among the prices of the region's table")
    oldest_price: date = Field(description="The oldest date among them")
    fixed: MonthlyCostView = Field(description="What is charged for being there")
    usage: MonthlyCostView = Field(description="What is charged for use, as the assumptions say")
    spot: MonthlyCostView = Field(description="What of the total is bought as Spot, whose prices move")
    spot_percent: Decimal = Field(description="Its share of the desired size's total")
    by_resource: list[ResourceCostView]
    lines: list[CostLineView]
    unpriced: list[UnpricedItemView]
    free_resources: int
    assumptions: CostAssumptions


class AdviceView(BaseModel):
    """One change that would cost less. `merge_patch` is the body of the PATCH that makes it (RFC 7396)."""

    code: str
    pointer: str = Field(description="JSON pointer into the request")
    message: str
    saving_usd_per_month: Usd
    merge_patch: dict[str, JsonValue]


class CostDetail(BaseModel):
    """What an operation's plan or state costs in full."""

    summary: CostSummaryView
    before: TotalsView | None
    after: EstimateView | None
    advice: list[AdviceView] = Field(description="What would cost less, the largest saving first")


def monthly_view(amount: Spread) -> MonthlyCostView:
    """Show an amount, in cents."""
    return MonthlyCostView.model_validate(MonthlyCost.of(amount), from_attributes=True)


def summary_view(summary: CostSummary) -> CostSummaryView:
    """Show a summary."""
    return CostSummaryView.model_validate(summary, from_attributes=True)


def totals_view(estimate: Estimate) -> TotalsView:
    """Show an estimate's sums."""
    return TotalsView(total=monthly_view(estimate.total), by_component=_components(estimate))


def estimate_view(estimate: Estimate) -> EstimateView:
    """Show an estimate in full."""
    total, spot = estimate.total.at_desired, estimate.spot
    return EstimateView(
        region=estimate.region,
        prices_as_of=estimate.prices_as_of,
        oldest_price=estimate.oldest_price,
        total=monthly_view(estimate.total),
        by_component=_components(estimate),
        fixed=monthly_view(estimate.total_of(Kind.FIXED)),
        usage=monthly_view(estimate.total_of(Kind.USAGE)),
        spot=monthly_view(spot),
        spot_percent=to_cents(spot.at_desired / total * 100) if total else Decimal("0.00"),
        by_resource=_resources(estimate),
        lines=[_line(line) for line in estimate.lines],
        unpriced=[_unpriced(item) for item in estimate.unpriced],
        free_resources=estimate.free_resources,
        assumptions=estimate.assumptions,
    )


def advice_view(advice: Advice) -> AdviceView:
    """Show one piece of advice."""
    return AdviceView.model_validate(
        {
            "code": advice.code,
            "pointer": advice.pointer,
            "message": advice.message,
            "saving_usd_per_month": to_cents(advice.saving_usd_per_month),
            "merge_patch": dict(advice.merge_patch),
        }
    )


def _components(estimate: Estimate) -> list[ComponentCostView]:
    return [
        ComponentCostView(component=component, cost=monthly_view(amount))
        for component, amount in estimate.by_component().items()
    ]


def _resources(estimate: Estimate) -> list[ResourceCostView]:
    named = {line.urn: line for line in estimate.lines}
    return [
        ResourceCostView(
            urn=urn, type=named[urn].resource_type, name=named[urn].resource_name, cost=monthly_view(amount)
        )
        for urn, amount in estimate.by_resource().items()
    ]


def _line(line: CostLine) -> CostLineView:
    return CostLineView(
        urn=line.urn,
        resource_type=line.resource_type,
        resource_name=line.resource_name,
        component=line.component,
        kind=line.kind,
        what=line.what,
        unit=line.unit,
        desired_quantity=line.quantity.at_desired,
        usd_per_unit=line.usd_per_unit,
        cost=monthly_view(line.usd),
        arithmetic=line.arithmetic(),
        price=line.price,
        assumptions=list(line.assumptions),
        is_spot=line.is_spot,
    )


def _unpriced(item: UnpricedItem) -> UnpricedItemView:
    return UnpricedItemView.model_validate(item, from_attributes=True)


class CostRecordView(CostDetail):
    """A recorded cost, and when."""

    operation_id: str = Field(description="The operation whose plan or run it was recorded with")
    recorded_at: datetime


class ForecastView(BaseModel):
    """What an environment comes to: until now, and until its end; reckoned with its desired size."""

    spent_usd: Usd = Field(description="Until now")
    usd_per_month: Usd = Field(description="The rate that holds now; of a plan where nothing stands yet")
    expires_at: datetime | None
    at_expiry_usd: Usd | None = Field(description="What it will have cost then; null: it has no end")


class EnvironmentCostView(BaseModel):
    """What an environment costs and will have cost."""

    environment_id: str
    standing: CostRecordView | None = Field(description="What stands; null before the first deploy")
    planned: CostRecordView | None = Field(description="What a later preview would make of it")
    forecast: ForecastView


class GroupCostView(BaseModel):
    """What a group's living environments cost together."""

    group: str
    environments: int
    not_estimated: int = Field(description="How many of them are in no figure")
    cost: MonthlyCostView


class SnapshotView(BaseModel):
    """What a group cost on a day."""

    day: date
    group: str
    environments: int
    cost: MonthlyCostView


class BudgetUseView(BaseModel):
    """A team's budget and what of it is in use."""

    team: str
    environment_class: str | None = Field(description="Null: all classes together")
    budget_usd: Usd
    used_usd: Usd


class FleetCostView(BaseModel):
    """What the living environments cost a month, and how that came about day by day."""

    currency: Literal["USD"] = "USD"
    hours_per_month: int = HOURS_PER_MONTH
    group_by: Grouping
    total: GroupCostView
    groups: list[GroupCostView] = Field(description="The dearest first")
    history: list[SnapshotView]
    budgets: list[BudgetUseView]
