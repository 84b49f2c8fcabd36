"""The cost of an operation in brief: what stood before, what stands or would stand after it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from service.costs.model import Estimate
from service.costs.spread import NOTHING, Spread, to_cents


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """US dollars for a month of 730 hours, in cents: at the least, as desired, at the most."""

    min_usd: Decimal
    desired_usd: Decimal
    max_usd: Decimal

    @classmethod
    def of(cls, amount: Spread) -> "MonthlyCost":
        """Round an exact amount to cents."""
        return cls(to_cents(amount.at_min), to_cents(amount.at_desired), to_cents(amount.at_max))

    def texts(self) -> dict[str, str]:
        """Write the amounts as text, for a column of JSON."""
        return {name: str(amount) for name, amount in asdict(self).items()}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "MonthlyCost":
        """Read what `texts` wrote."""
        return cls(Decimal(texts["min_usd"]), Decimal(texts["desired_usd"]), Decimal(texts["max_usd"]))


NO_COST = MonthlyCost.of(NOTHING)


@dataclass(frozen=True, slots=True)
class CostSummary:
    """What an operation does to the monthly cost of its environment.

    Without `after` it could not be estimated, and `not_estimated` says why: the code of the reason.
    """

    region: str
    before: MonthlyCost | None
    after: MonthlyCost | None
    prices_as_of: date | None = None
    unpriced_count: int = 0
    not_estimated: str | None = None

    @property
    def change_usd(self) -> Decimal | None:
        """By how much the desired size's month becomes dearer; negative where it becomes cheaper."""
        if self.after is None or self.before is None:
            return None
        return self.after.desired_usd - self.before.desired_usd

    def document(self) -> dict[str, object]:
        """Return the summary as a column of JSON holds it."""
        return {
            "region": self.region,
            "before": None if self.before is None else self.before.texts(),
            "after": None if self.after is None else self.after.texts(),
            "prices_as_of": None if self.prices_as_of is None else self.prices_as_of.isoformat(),
            "unpriced_count": self.unpriced_count,
            "not_estimated": self.not_estimated,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "CostSummary":
        """Read what `document` returned."""
        as_of = cast("str | None", document["prices_as_of"])
        return cls(
            region=str(document["region"]),
            before=_monthly(document["before"]),
            after=_monthly(document["after"]),
            prices_as_of=None if as_of is None else date.fromisoformat(as_of),
            unpriced_count=cast("int", document["unpriced_count"]),
            not_estimated=cast("str | None", document["not_estimated"]),
        )


def _monthly(document: object) -> MonthlyCost | None:
    return None if document is None else MonthlyCost.from_texts(cast("Mapping[str, str]", document))


def summarize(region: str, before: Estimate, after: Estimate) -> CostSummary:
    """Put two estimates into one line; both are made with the same prices."""
    return CostSummary(
        region=region,
        before=MonthlyCost.of(before.total),
        after=MonthlyCost.of(after.total),
        prices_as_of=after.prices_as_of,
        unpriced_count=len(after.unpriced),
    )
