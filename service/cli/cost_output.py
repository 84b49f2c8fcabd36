"""How costs, comparisons and recommendations look in a terminal."""

import json
from collections.abc import Iterable
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.cli.cost_answers import (
    AdviceAnswer,
    ComparisonAnswer,
    CostAnswer,
    CostSummaryAnswer,
    EstimateAnswer,
    MonthlyCostAnswer,
    RecommendationAnswer,
    SideAnswer,
)

ZERO = Decimal(0)


def print_cost(console: Console, cost: CostAnswer) -> None:
    """Print an estimate by part, before and after, with what it rests on and what would cost less."""
    console.print(f"[bold]cost[/] {cost_line(cost.summary)}", highlight=False)
    if cost.after is None:
        return
    before = {
        one.component: one.cost.desired_usd for one in (cost.before.by_component if cost.before else [])
    }
    after = {one.component: one.cost for one in cost.after.by_component}
    table = _table("part", "before", "after", "at most")
    for component in [*after, *(name for name in before if name not in after)]:
        amount = after.get(component, MonthlyCostAnswer(min_usd=ZERO, desired_usd=ZERO, max_usd=ZERO))
        table.add_row(
            component.replace("_", " "),
            f"{before.get(component, ZERO):,.2f}",
            f"{amount.desired_usd:,.2f}",
            f"{amount.max_usd:,.2f}",
        )
    console.print(table)
    _print_notes(console, cost.after, cost.advice)


def cost_line(summary: CostSummaryAnswer) -> str:
    """Say in one line what becomes of the monthly cost."""
    if summary.after is None or summary.change_usd is None:
        return f"is not known: {summary.not_estimated} ({summary.region})"
    after = summary.after
    text = f"{after.desired_usd:,.2f} USD a month ({summary.change_usd:+,.2f})"
    if after.min_usd != after.max_usd:
        text += f", {after.min_usd:,.2f} at the least, {after.max_usd:,.2f} at the most"
    return f"{text}; {summary.region}, prices of {summary.prices_as_of}, 730 hours"


def _print_notes(console: Console, estimate: EstimateAnswer, advice: Iterable[AdviceAnswer]) -> None:
    fixed, usage = estimate.fixed.desired_usd, estimate.usage.desired_usd
    console.print(
        f"fixed {fixed:,.2f} USD, by assumed use {usage:,.2f} USD, Spot {estimate.spot_percent} %",
        highlight=False,
    )
    for item in estimate.unpriced:
        console.print(f"not priced: {escape(f'{item.resource_name}, {item.what}: {item.reason}')}")
    for one in advice:
        console.print(f"[bold]saves {one.saving_usd_per_month:,.2f} USD a month:[/] {escape(one.message)}")
        console.print(f"  PATCH {escape(json.dumps(one.merge_patch))}", soft_wrap=True, highlight=False)


def print_comparison(console: Console, comparison: ComparisonAnswer) -> None:
    """Print both sides as a table, the ways to buy compute, and the recommendation."""
    table = Table(title=f"{comparison.name} in {comparison.region}", title_justify="left")
    table.add_column("")
    for side in comparison.sides:
        table.add_column(side.orchestrator.upper(), overflow="fold")
    for name, cells in _rows(comparison.sides):
        table.add_row(name, *(escape(cell) for cell in cells))
    console.print(table)
    choices = _table("ways to buy the compute", "on", "USD a month")
    for choice in comparison.compute:
        amount = "not priced" if choice.usd_per_month is None else f"{choice.usd_per_month:,.2f}"
        choices.add_row(choice.name, ", ".join(choice.orchestrators), amount)
    console.print(choices)
    for other in comparison.alternatives:
        closed = "" if other.is_open else " (closed to new customers)"
        console.print(f"[bold]{escape(other.name)}[/]{closed}: {escape(other.what)} {escape(other.how)}.")
    if comparison.recommendation is not None:
        print_recommendation(console, comparison.recommendation)


def _rows(sides: list[SideAnswer]) -> Iterable[tuple[str, list[str]]]:
    for name, size in (
        ("at the least", "min_usd"),
        ("as desired", "desired_usd"),
        ("at the most", "max_usd"),
    ):
        yield f"USD a month, {name}", [_amount(side, size) for side in sides]
    yield "resources", [str(sum(side.resources_by_type.values())) for side in sides]
    yield "ready in", [_ready(side) for side in sides]
    yield (
        "not to be had",
        ["\n".join(f"{one.pointer}: {one.why}" for one in side.unavailable) for side in sides],
    )
    yield (
        "to operate",
        ["\n".join(f"{duty.what} ({duty.how_often})" for duty in side.duties) for side in sides],
    )


def _amount(side: SideAnswer, size: str) -> str:
    if side.estimate is None:
        return side.failure.message if side.failure else side.state
    amount: Decimal = getattr(side.estimate.total, size)
    return f"{amount:,.2f}"


def _ready(side: SideAnswer) -> str:
    if side.ready is None:
        return "no deployment here yet"
    simulated = ", simulated" if side.ready.is_simulated else ""
    return f"{side.ready.median_seconds} s (median of {side.ready.deploys}{simulated})"


def print_recommendation(console: Console, recommendation: RecommendationAnswer) -> None:
    """Print the verdict with its reasons and where it would flip."""
    verdict = {"ecs": "ECS", "eks": "EKS"}.get(recommendation.verdict, "either will do")
    weights = f"ECS {recommendation.ecs_weight}, EKS {recommendation.eks_weight}"
    console.print(f"[bold]Recommendation: {verdict}[/] (weights: {weights})", highlight=False)
    for title, reasons in (("for", recommendation.reasons_for), ("against", recommendation.reasons_against)):
        for reason in reasons:
            text = f"  {title}: {reason.favours.upper()} +{reason.weight} {reason.reason} [{reason.because}]"
            console.print(text, markup=False, highlight=False)
            console.print(f"    {reason.source}", markup=False, highlight=False, soft_wrap=True)
    for flip in recommendation.flip_points:
        console.print(f"  {flip.verdict}, if {flip.change}", markup=False, highlight=False)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="left" if name == "on" else "right")
    return table
