"""Three figures for the three sizes of something that scales: at its least, as desired, at its most."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Spread:
    """A quantity or an amount at the minimum, the desired and the maximum size."""

    at_min: Decimal
    at_desired: Decimal
    at_max: Decimal

    @classmethod
    def same(cls, value: Decimal | int) -> Self:
        """Return a spread of something that does not scale."""
        exact = Decimal(value)
        return cls(exact, exact, exact)

    def __add__(self, other: "Spread") -> "Spread":
        return Spread(
            self.at_min + other.at_min, self.at_desired + other.at_desired, self.at_max + other.at_max
        )

    def __sub__(self, other: "Spread") -> "Spread":
        return self + other * Decimal(-1)

    def __mul__(self, factor: Decimal) -> "Spread":
        return Spread(self.at_min * factor, self.at_desired * factor, self.at_max * factor)

    def at_least(self, floor: "Spread") -> "Spread":
        """Return each figure, but not below the same figure of `floor`."""
        return Spread(
            max(self.at_min, floor.at_min),
            max(self.at_desired, floor.at_desired),
            max(self.at_max, floor.at_max),
        )

    def at_most(self, ceiling: "Spread") -> "Spread":
        """Return each figure, but not above the same figure of `ceiling`."""
        return Spread(
            min(self.at_min, ceiling.at_min),
            min(self.at_desired, ceiling.at_desired),
            min(self.at_max, ceiling.at_max),
        )

    def rounded_up(self) -> "Spread":
        """Return each figure as the next whole number: nobody rents half an instance."""
        return Spread(_ceiling(self.at_min), _ceiling(self.at_desired), _ceiling(self.at_max))

    def in_cents(self) -> "Spread":
        """Return each amount rounded to cents, halves up, as it is shown."""
        return Spread(to_cents(self.at_min), to_cents(self.at_desired), to_cents(self.at_max))


NOTHING = Spread.same(0)


def to_cents(usd: Decimal) -> Decimal:
    """Round an amount to cents, halves up."""
    return usd.quantize(CENT, rounding=ROUND_HALF_UP)


def _ceiling(value: Decimal) -> Decimal:
    whole = value.to_integral_value()
    return whole if whole >= value else whole + 1
