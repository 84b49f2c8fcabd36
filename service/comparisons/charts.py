"""Geometry of the report's bar charts: pure numbers, drawn as SVG by the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

CHART_WIDTH = 340
BAR_HEIGHT = 18
ROW_HEIGHT = 46
_LABEL_OFFSET = 14
_BAR_OFFSET = 20


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a bar."""

    x: int
    width: int
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with its label above it and its value at the end of the label's line."""

    label: str
    value: str
    label_y: int
    bar_y: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of horizontal bars on one scale, described for those who cannot see it."""

    title: str
    description: str
    height: int
    bars: tuple[Bar, ...]
    width: int = CHART_WIDTH


@dataclass(frozen=True, slots=True)
class Part:
    """An amount that makes a part of a bar; `style` names its colour."""

    amount: Decimal
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """A bar to be drawn."""

    label: str
    value: str
    parts: tuple[Part, ...]

    @property
    def amount(self) -> Decimal:
        """The parts together."""
        return sum((part.amount for part in self.parts), start=Decimal(0))


def bar_chart(title: str, rows: Sequence[Row]) -> Chart:
    """Lay rows out as bars; the longest takes the whole width."""
    longest = max((row.amount for row in rows), default=Decimal(0)) or Decimal(1)
    bars = tuple(_bar(row, place, longest) for place, row in enumerate(rows))
    description = "; ".join(f"{row.label}: {row.value}" for row in rows)
    return Chart(title, description, ROW_HEIGHT * len(rows), bars)


def _bar(row: Row, place: int, longest: Decimal) -> Bar:
    segments: list[Segment] = []
    total = Decimal(0)
    for part in row.parts:
        start, total = total, total + part.amount
        left, right = _pixels(start, longest), _pixels(total, longest)
        if right > left:
            segments.append(Segment(left, right - left, part.style, part.title))
    top = place * ROW_HEIGHT
    return Bar(row.label, row.value, top + _LABEL_OFFSET, top + _BAR_OFFSET, tuple(segments))


def _pixels(amount: Decimal, longest: Decimal) -> int:
    return int((amount / longest * CHART_WIDTH).to_integral_value())
