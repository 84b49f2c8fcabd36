"""A comparison: both sides, their costs at each scale, what they ask of people, and a recommendation."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from programs.request.costs import CostAssumptions
from service.comparisons.application import Adapted, Request, Unavailable
from service.comparisons.compute import ComputeChoice, Demand, compute_choices
from service.comparisons.facts import Alternative, ComparisonFacts, Duty, Orchestrator, read_facts
from service.costs.estimate import estimate_plan
from service.costs.model import Estimate
from service.costs.planned import PlannedResource
from service.pricing.table import PriceTable
from service.recommendations.questionnaire import Questionnaire
from service.recommendations.reasons import ReasonTable
from service.recommendations.recommend import Facts, Recommendation, recommend

DEFAULT_INSTANCE_TYPE = "m5.xlarge"
_CPU_UNITS_PER_VCPU = 1024
_MIB_PER_GB = 1024


@dataclass(frozen=True, slots=True)
class Node:
    """A resource in the graph."""

    urn: str
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Edge:
    """A resource and the component that it is part of."""

    parent: str
    child: str


@dataclass(frozen=True, slots=True)
class Graph:
    """What an environment would look like."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


@dataclass(frozen=True, slots=True)
class ReadyTime:
    """How long first deployments of an orchestrator took here: the median, and of how many.

    Where the cloud is simulated, so is the time.
    """

    median_seconds: int
    deploys: int
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class Side:
    """The application on one orchestrator; without an estimate where it has no plan there."""

    orchestrator: Orchestrator
    estimate: Estimate | None
    resources_by_type: dict[str, int]
    graph: Graph
    unavailable: tuple[Unavailable, ...]
    duties: tuple[Duty, ...]
    ready: ReadyTime | None
    """None before there were any deployments."""
    failure: str | None
    """Why its preview ended without a plan."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, and what to choose between them."""

    name: str
    region: str
    ecs: Side
    eks: Side
    demand: Demand
    compute: tuple[ComputeChoice, ...]
    alternatives: tuple[Alternative, ...]
    recommendation: Recommendation


@dataclass(frozen=True, slots=True)
class Planned:
    """What a preview of one side planned, if it did, and how long deployments of it took here."""

    adapted: Adapted
    resources: tuple[PlannedResource, ...] | None = None
    ready: ReadyTime | None = None
    failure: str | None = None


def compare(
    ecs: Planned,
    eks: Planned,
    table: PriceTable,
    *,
    assumptions: CostAssumptions,
    answers: Questionnaire,
    instance_type: str = DEFAULT_INSTANCE_TYPE,
    reasons: ReasonTable | None = None,
) -> Comparison:
    """Put both sides beside each other; equal plans, prices and answers give an equal comparison."""
    facts = read_facts()
    sides = _side(ecs, table, assumptions, facts), _side(eks, table, assumptions, facts)
    request = ecs.adapted.request or eks.adapted.request
    demand = demand_of(request) if request is not None else Demand(Decimal(0), Decimal(0))
    return Comparison(
        name=request.name if request is not None else "",
        region=table.region,
        ecs=sides[0],
        eks=sides[1],
        demand=demand,
        compute=compute_choices(
            demand,
            table,
            instance_type=instance_type,
            auto_mode_fee_percent=assumptions.auto_mode_fee_percent,
        ),
        alternatives=facts.alternatives,
        recommendation=recommend(answers, found_in(*sides), reasons),
    )


def demand_of(request: Request) -> Demand:
    """Return the vCPUs and GB of all workloads' desired copies together."""
    vcpus = sum(workload.cpu_units * workload.replicas.desired for workload in request.workloads)
    memory = sum(workload.memory_mib * workload.replicas.desired for workload in request.workloads)
    return Demand(Decimal(vcpus) / _CPU_UNITS_PER_VCPU, Decimal(memory) / _MIB_PER_GB)


def found_in(ecs: Side, eks: Side) -> Facts:
    """Return what a recommendation needs to know of both sides."""
    return Facts(
        ecs_usd_per_month=ecs.estimate.total.at_desired if ecs.estimate else None,
        eks_usd_per_month=eks.estimate.total.at_desired if eks.estimate else None,
        unavailable_on_ecs=tuple(item.pointer for item in ecs.unavailable if item.is_refused),
        unavailable_on_eks=tuple(item.pointer for item in eks.unavailable if item.is_refused),
    )


def _side(planned: Planned, table: PriceTable, assumptions: CostAssumptions, facts: ComparisonFacts) -> Side:
    adapted, resources = planned.adapted, planned.resources or ()
    is_planned = planned.resources is not None
    custom = [resource for resource in resources if not _is_component(resource.type)]
    types = Counter(resource.type for resource in custom)
    return Side(
        orchestrator=adapted.orchestrator,
        estimate=estimate_plan(resources, table, assumptions) if is_planned else None,
        resources_by_type=dict(sorted(types.items())),
        graph=graph_of(resources),
        unavailable=adapted.unavailable,
        duties=_duties(adapted.orchestrator, types, resources, facts),
        ready=planned.ready,
        failure=planned.failure,
    )


def graph_of(resources: Iterable[PlannedResource]) -> Graph:
    """Return resources as nodes and edges, sorted, so that equal plans make equal graphs."""
    ordered = sorted(resources, key=lambda resource: resource.urn)
    return Graph(
        nodes=tuple(Node(resource.urn, resource.type, resource.name) for resource in ordered),
        edges=tuple(Edge(resource.parent, resource.urn) for resource in ordered if resource.parent),
    )


def _is_component(resource_type: str) -> bool:
    return resource_type.startswith(("berth:", "pulumi:", "eks:index:"))


def _duties(
    orchestrator: Orchestrator,
    types: Counter[str],
    resources: tuple[PlannedResource, ...],
    facts: ComparisonFacts,
) -> tuple[Duty, ...]:
    """Pick the duties that the plan brings: images of instances only where there are any."""
    holds = {
        "always": True,
        "instances": "aws:autoscaling/group:Group" in types,
        "nodes": "aws:eks/nodeGroup:NodeGroup" in types,
        "auto_mode": any("computeConfig" in resource.inputs for resource in resources),
    }
    return tuple(duty for duty in facts.duties if duty.orchestrator == orchestrator and holds[duty.when])
