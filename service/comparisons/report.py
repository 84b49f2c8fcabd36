"""The comparison as one HTML page: charts as SVG made here, no script, nothing fetched from elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from service.comparisons.charts import Chart, Part, Row, bar_chart
from service.comparisons.model import Comparison, Graph, Side
from service.costs.model import Component, Kind
from service.costs.spread import to_cents

_templates = Environment(
    loader=PackageLoader("service.comparisons", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Branch:
    """A resource and what is part of it, for the tree of what an environment looks like."""

    name: str
    type: str
    children: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class TypeRow:
    """How often a type is on either side."""

    type: str
    ecs: int
    eks: int


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """What a part of the environment costs on either side, with the colour it has in the chart."""

    component: str
    style: str
    ecs: Decimal
    eks: Decimal


def render_report(comparison: Comparison) -> str:
    """Return the page; equal comparisons make equal pages."""
    return _templates.get_template("report.html.j2").render(
        comparison=comparison,
        sides=(comparison.ecs, comparison.eks),
        scale_chart=_scale_chart(comparison),
        component_chart=_component_chart(comparison),
        compute_chart=_compute_chart(comparison),
        components=_component_rows(comparison),
        types=_type_rows(comparison),
        trees={side.orchestrator: _tree(side.graph) for side in (comparison.ecs, comparison.eks)},
        kinds=Kind,
        usd=_usd,
        duration=_duration,
        breakable=_breakable,
    )


def render_waiting(name: str) -> str:
    """Return the page for as long as the previews run; it asks again by itself."""
    return _templates.get_template("waiting.html.j2").render(name=name)


def _duration(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 2 * 60 else f"{seconds // 60} minutes"


def _breakable(resource_type: str) -> Markup:
    """Let a type break at its own joints where a line is too narrow for it."""
    joints = Markup("<wbr>")
    return escape(resource_type).replace(":", ":" + joints).replace("/", "/" + joints)


def _usd(amount: Decimal) -> str:
    return f"{to_cents(amount):,} USD"


def _sides(comparison: Comparison) -> Iterable[Side]:
    return (side for side in (comparison.ecs, comparison.eks) if side.estimate is not None)


def _scale_chart(comparison: Comparison) -> Chart:
    rows: list[Row] = []
    for side in _sides(comparison):
        total = side.estimate.total if side.estimate else None
        if total is None:
            continue
        sizes = (("minimum", total.at_min), ("desired", total.at_desired), ("maximum", total.at_max))
        for size, amount in sizes:
            part = Part(amount, side.orchestrator, f"{size}: {_usd(amount)}")
            rows.append(Row(f"{side.orchestrator.upper()}, {size} size", _usd(amount), (part,)))
    return bar_chart("Monthly cost at each size", rows)


def _component_chart(comparison: Comparison) -> Chart:
    rows: list[Row] = []
    for side in _sides(comparison):
        amounts = side.estimate.by_component() if side.estimate else {}
        parts = tuple(
            Part(
                amount.at_desired, f"c{_place(component)}", f"{_label(component)}: {_usd(amount.at_desired)}"
            )
            for component, amount in amounts.items()
        )
        total = sum((part.amount for part in parts), start=Decimal(0))
        rows.append(Row(side.orchestrator.upper(), _usd(total), parts))
    return bar_chart("Monthly cost by part, desired size", rows)


def _compute_chart(comparison: Comparison) -> Chart:
    rows = [
        Row(
            f"{choice.name} ({', '.join(name.upper() for name in choice.orchestrators)})",
            _usd(choice.usd_per_month),
            (Part(choice.usd_per_month, choice.orchestrators[0], choice.note),),
        )
        for choice in comparison.compute
        if choice.usd_per_month is not None
    ]
    return bar_chart("Compute for the same vCPUs and memory", rows)


def _component_rows(comparison: Comparison) -> list[ComponentRow]:
    amounts = [
        side.estimate.by_component() if side.estimate else {} for side in (comparison.ecs, comparison.eks)
    ]
    return [
        ComponentRow(
            _label(component),
            f"c{_place(component)}",
            *(side[component].at_desired if component in side else Decimal(0) for side in amounts),
        )
        for component in Component
        if any(component in side for side in amounts)
    ]


def _type_rows(comparison: Comparison) -> list[TypeRow]:
    ecs, eks = comparison.ecs.resources_by_type, comparison.eks.resources_by_type
    return [TypeRow(kind, ecs.get(kind, 0), eks.get(kind, 0)) for kind in sorted({*ecs, *eks})]


def _tree(graph: Graph) -> tuple[Branch, ...]:
    """Return the graph's roots with what hangs on them."""
    nodes = {node.urn: node for node in graph.nodes}
    children: dict[str, list[str]] = {}
    held: set[str] = set()
    for edge in graph.edges:
        if edge.parent in nodes:
            children.setdefault(edge.parent, []).append(edge.child)
            held.add(edge.child)

    def branch(urn: str) -> Branch:
        parts = sorted(children.get(urn, []))
        return Branch(nodes[urn].name, nodes[urn].type, tuple(branch(part) for part in parts))

    return tuple(branch(urn) for urn in nodes if urn not in held)


def _label(component: Component) -> str:
    return component.value.replace("_", " ")


def _place(component: Component) -> int:
    return list(Component).index(component)
