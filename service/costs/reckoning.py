"""Estimates what stands before and after an operation. An estimate that fails fails alone."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog
from pydantic import ValidationError

from programs.request import parse_request
from programs.request.costs import CostAssumptions
from service.core.unit_of_work import UnitOfWork
from service.costs.estimate import estimate_plan
from service.costs.schemas import CostDetail, advice_view, estimate_view, summary_view, totals_view
from service.costs.summary import CostSummary, summarize
from service.plans.resources import PlannedResource
from service.pricing.load import UnpricedRegionError
from service.pricing.repository import find_prices
from service.pricing.table import PriceTable
from service.recommendations.rightsizing import Advice, advise

ESTIMATE_FAILED = "estimate_failed"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """An operation's cost, in brief and in full."""

    summary: CostSummary
    detail: CostDetail


@dataclass(frozen=True, slots=True)
class Change:
    """What stands before and after an operation in a region, and the request that it is for."""

    region: str
    request: Mapping[str, object]
    before: Sequence[PlannedResource]
    after: Sequence[PlannedResource]
    is_advised: bool = False
    """Whether what would cost less is looked for."""


async def reckon(change: Change, uow: UnitOfWork) -> Reckoned:
    """Return what the change costs, or, without prices or where the estimate fails, that it is unknown."""
    table = await find_prices(change.region, uow)
    if table is None:
        return _unknown(change.region, UnpricedRegionError.code)
    try:
        return await asyncio.to_thread(_reckon, change, table)
    except Exception:  # noqa: BLE001 -- logged, and told as `not_estimated`
        # Whatever is wrong with a rule or a resource must not keep anybody from deploying.
        _log.exception("estimate_failed", region=change.region)
        return _unknown(change.region, ESTIMATE_FAILED)


def _reckon(change: Change, table: PriceTable) -> Reckoned:
    assumptions = CostAssumptions.model_validate(change.request.get("cost_assumptions", {}))
    before = estimate_plan(change.before, table, assumptions)
    after = estimate_plan(change.after, table, assumptions)
    advice = _advice(change, table, assumptions) if change.is_advised else ()
    summary = summarize(change.region, before, after)
    detail = CostDetail(
        summary=summary_view(summary),
        before=totals_view(before),
        after=estimate_view(after),
        advice=[advice_view(one) for one in advice],
    )
    return Reckoned(summary, detail)


def _advice(change: Change, table: PriceTable, assumptions: CostAssumptions) -> tuple[Advice, ...]:
    try:
        request = parse_request(change.request)
    except ValidationError:
        return ()  # it was valid when it was asked for, by the blueprint of that day
    return advise(request, change.request, table, assumptions)


def _unknown(region: str, reason: str) -> Reckoned:
    summary = CostSummary(region=region, before=None, after=None, not_estimated=reason)
    return Reckoned(summary, CostDetail(summary=summary_view(summary), before=None, after=None, advice=[]))
