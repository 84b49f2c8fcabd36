"""Weighs the reasons: the same answers and facts always give the same recommendation."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from service.costs.spread import to_cents
from service.recommendations.questionnaire import CHOICES, Questionnaire
from service.recommendations.reasons import ReasonTable, Side, read_reasons

CHOOSE_AGAIN_BELOW = 2
"""A lead of less than this is no recommendation: the sides are about even."""


class Verdict(StrEnum):
    """What comes out."""

    ECS = "ecs"
    EKS = "eks"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a comparison found: monthly cost at the desired size, and what cannot be had."""

    ecs_usd_per_month: Decimal | None = None
    eks_usd_per_month: Decimal | None = None
    unavailable_on_ecs: tuple[str, ...] = ()
    unavailable_on_eks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeightedReason:
    """One reason, for one side."""

    favours: Side
    weight: int
    reason: str
    source: str
    because: str
    """What was answered or found: `kubernetes_experience = none`, or a fact."""


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """One change that alone would turn the verdict into another."""

    change: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The verdict, the reasons for and against it, and where it would flip."""

    verdict: Verdict
    ecs_weight: int
    eks_weight: int
    reasons: tuple[WeightedReason, ...]
    flip_points: tuple[FlipPoint, ...]
    table_version: str

    @property
    def lead(self) -> int:
        """By how much one side leads."""
        return abs(self.ecs_weight - self.eks_weight)

    @property
    def reasons_for(self) -> tuple[WeightedReason, ...]:
        """Reasons for the verdict, the heaviest first; all of them where it is even."""
        return tuple(reason for reason in self.reasons if self.verdict in (reason.favours, Verdict.EITHER))

    @property
    def reasons_against(self) -> tuple[WeightedReason, ...]:
        """Reasons for the other side, the heaviest first."""
        return tuple(
            reason for reason in self.reasons if self.verdict not in (reason.favours, Verdict.EITHER)
        )


def recommend(
    answers: Questionnaire, facts: Facts | None = None, table: ReasonTable | None = None
) -> Recommendation:
    """Weigh answers and facts by the table."""
    found = facts or Facts()
    weights = table or read_reasons()
    reasons = _reasons(answers, found, weights)
    return Recommendation(
        verdict=_verdict(reasons),
        ecs_weight=_weight(reasons, "ecs"),
        eks_weight=_weight(reasons, "eks"),
        reasons=tuple(sorted(reasons, key=lambda reason: (-reason.weight, reason.because, reason.favours))),
        flip_points=_flip_points(answers, found, weights, _verdict(reasons)),
        table_version=weights.version,
    )


def _reasons(answers: Questionnaire, facts: Facts, table: ReasonTable) -> list[WeightedReason]:
    answered = answers.model_dump(mode="json")
    given = [
        WeightedReason(
            entry.favours, entry.weight, entry.reason, entry.source, f"{entry.question} = {entry.answer}"
        )
        for entry in table.answers
        if answered[entry.question] == entry.answer
    ]
    return given + _cost_reasons(facts, table) + _unavailable_reasons(facts, table)


def _cost_reasons(facts: Facts, table: ReasonTable) -> list[WeightedReason]:
    ecs, eks = facts.ecs_usd_per_month, facts.eks_usd_per_month
    if not ecs or not eks:
        return []
    percent_more = (max(ecs, eks) / min(ecs, eks) - 1) * 100
    reached = [entry for entry in table.costs if percent_more >= entry.percent_more]
    if not reached:
        return []
    entry = max(reached, key=lambda candidate: candidate.percent_more)
    cheaper: Side = "ecs" if ecs < eks else "eks"
    because = f"{to_cents(ecs)} USD a month on ECS, {to_cents(eks)} USD on EKS"
    reason = f"{cheaper.upper()} is cheaper: the other side costs {percent_more:.0f} % more."
    return [WeightedReason(cheaper, entry.weight, reason, entry.source, because)]


def _unavailable_reasons(facts: Facts, table: ReasonTable) -> list[WeightedReason]:
    sides: tuple[tuple[Side, str, tuple[str, ...]], ...] = (
        ("eks", "ECS", facts.unavailable_on_ecs),
        ("ecs", "EKS", facts.unavailable_on_eks),
    )
    return [
        WeightedReason(
            favours=other,
            weight=table.unavailable.weight,
            reason=f"What was asked for cannot be had on {where}: {'; '.join(sorted(missing))}.",
            source="https://docs.aws.amazon.com/decision-guides/latest/containers-on-aws-how-to-choose/"
            "choosing-aws-container-service.html",
            because=f"not available on {where}",
        )
        for other, where, missing in sides
        if missing
    ]


def _weight(reasons: list[WeightedReason], side: Side) -> int:
    return sum(reason.weight for reason in reasons if reason.favours == side)


def _verdict(reasons: list[WeightedReason]) -> Verdict:
    lead = _weight(reasons, "ecs") - _weight(reasons, "eks")
    if abs(lead) < CHOOSE_AGAIN_BELOW:
        return Verdict.EITHER
    return Verdict.ECS if lead > 0 else Verdict.EKS


def _flip_points(
    answers: Questionnaire, facts: Facts, table: ReasonTable, verdict: Verdict
) -> tuple[FlipPoint, ...]:
    """Try every other answer to each question alone, and each step of the cost difference for either side."""
    flips: list[FlipPoint] = []
    for question, choices in CHOICES.items():
        for choice in choices:
            changed = answers.model_copy(update={question: choice})
            other = _verdict(_reasons(changed, facts, table))
            if other is not verdict:
                flips.append(FlipPoint(f"{question} were {choice.value}", other))
    return (*flips, *_cost_flips(answers, facts, table, verdict))


def _cost_flips(
    answers: Questionnaire, facts: Facts, table: ReasonTable, verdict: Verdict
) -> tuple[FlipPoint, ...]:
    """Say from which monthly cost of either side on, the other side's staying, the verdict is another."""
    costs: tuple[tuple[str, Decimal | None, Decimal | None], ...] = (
        ("ECS", facts.ecs_usd_per_month, facts.eks_usd_per_month),
        ("EKS", facts.eks_usd_per_month, facts.ecs_usd_per_month),
    )
    flips: list[FlipPoint] = []
    for name, own, other_side in costs:
        if not own or not other_side:
            continue
        for entry in sorted(table.costs, key=lambda candidate: candidate.percent_more):
            dearer = other_side * (1 + entry.percent_more / 100)
            if dearer <= own:
                continue
            pair = (dearer, other_side) if name == "ECS" else (other_side, dearer)
            moved = Facts(*pair, facts.unavailable_on_ecs, facts.unavailable_on_eks)
            outcome = _verdict(_reasons(answers, moved, table))
            if outcome is not verdict:
                flips.append(FlipPoint(f"{name} cost {to_cents(dearer)} USD a month or more", outcome))
                break
    return tuple(flips)
