"""Comparisons of the portable examples as text, to be read and reviewed.

`python -m tests.service.comparisons.snapshots` writes them anew; look at what changed before you commit it.
"""

from collections.abc import Iterator
from pathlib import Path

from service.comparisons.application import Adapted, adapt_application
from service.comparisons.form import portable_applications
from service.comparisons.model import Comparison, Planned, Side, compare
from service.costs.model import Kind
from service.costs.spread import Spread
from service.pricing.load import read_table
from service.recommendations.questionnaire import Questionnaire
from tests.service.costs.plans import plan_of

FOLDER = Path(__file__).with_name("snapshots")


def snapshot(name: str) -> str:
    """Return the comparison of an example, made of what the programs register for it."""
    ecs, eks = adapt_application(portable_applications()[name])
    request = ecs.request or eks.request
    assert request is not None
    comparison = compare(
        _planned(ecs),
        _planned(eks),
        read_table("us-east-1"),
        assumptions=request.cost_assumptions,
        answers=Questionnaire(),
    )
    return "\n".join(_lines(comparison)) + "\n"


def _planned(adapted: Adapted) -> Planned:
    has_plan = adapted.request is not None
    return Planned(adapted, tuple(plan_of(dict(adapted.document))) if has_plan else None)


def _lines(comparison: Comparison) -> Iterator[str]:
    demand = comparison.demand
    yield f"# {comparison.name} in {comparison.region}"
    yield f"asks for {demand.vcpus.normalize():f} vCPU and {demand.memory_gb.normalize():f} GB"
    for side in (comparison.ecs, comparison.eks):
        yield ""
        yield from _side(side)
    yield ""
    yield "## compute"
    for choice in comparison.compute:
        yield f"{choice.name} ({', '.join(choice.orchestrators)}): {choice.usd_per_month}"
    advice = comparison.recommendation
    yield ""
    yield f"## {advice.verdict}: ECS {advice.ecs_weight}, EKS {advice.eks_weight}"
    for reason in advice.reasons:
        yield f"{reason.favours} +{reason.weight} {reason.reason} [{reason.because}]"


def _side(side: Side) -> Iterator[str]:
    yield f"## {side.orchestrator}"
    if side.estimate is not None:
        yield f"total: {_amounts(side.estimate.total)}"
        yield f"fixed: {_amounts(side.estimate.total_of(Kind.FIXED))}"
        for component, amount in side.estimate.by_component().items():
            yield f"  {component}: {_amounts(amount)}"
        for item in side.estimate.unpriced:
            yield f"not priced: {item.resource_name}, {item.what}: {item.reason}"
    for kind, count in side.resources_by_type.items():
        yield f"{count:4} {kind}"
    for gap in side.unavailable:
        word = "refused" if gap.is_refused else "left out"
        without = "" if gap.is_left_out else ", no plan"
        yield f"{word}{without}: {gap.pointer}: {gap.why}"
    for duty in side.duties:
        yield f"to operate: {duty.what} ({duty.how_often})"


def _amounts(amount: Spread) -> str:
    cents = amount.in_cents()
    return f"{cents.at_min} / {cents.at_desired} / {cents.at_max} USD"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for example in portable_applications():
        (FOLDER / f"{example}.txt").write_text(snapshot(example), encoding="utf-8")
