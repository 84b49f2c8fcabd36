"""Comparisons as the API shows and takes them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from service.comparisons.facts import Alternative, Duty
from service.comparisons.model import DEFAULT_INSTANCE_TYPE, Comparison, Side
from service.comparisons.records import RecordedComparison, SideState
from service.costs.schemas import EstimateView, Usd, estimate_view
from service.operations.schemas import FailureView
from service.recommendations.questionnaire import Questionnaire
from service.recommendations.schemas import RecommendationView, recommendation_view

ComparisonIdText = Annotated[str, Field(examples=["cmp_0192f0c1a7b87c3d9e5f60718293a4b5"])]


class ComparisonWanted(BaseModel):
    """An application to be put on both orchestrators."""

    model_config = ConfigDict(extra="forbid")

    application: dict[str, JsonValue] = Field(
        description="An environment request without `orchestrator`; what belongs to one orchestrator alone "
        "(`capacity`, parts of `cluster`) is left out on the other side, which says so"
    )
    answers: Questionnaire = Field(
        default_factory=Questionnaire, description="What is known of the team; each answer may be left out"
    )
    instance_type: str = Field(
        default=DEFAULT_INSTANCE_TYPE,
        pattern=r"^[a-z0-9-]+\.[a-z0-9-]+$",
        max_length=40,
        description="The instance type that the ways of buying compute are reckoned with",
    )


class NodeView(BaseModel):
    """A resource in the graph."""

    urn: str
    type: str
    name: str


class EdgeView(BaseModel):
    """A resource and the component that it is part of, by URN."""

    parent: str
    child: str


class GraphView(BaseModel):
    """What an environment would look like."""

    nodes: list[NodeView]
    edges: list[EdgeView]


class UnavailableView(BaseModel):
    """What this side has nothing for, and why."""

    pointer: str = Field(description="JSON pointer into the application")
    why: str
    is_left_out: bool = Field(description="Whether it is planned without it; else there is no plan")
    is_refused: bool = Field(
        description="Whether the application counts on it; else it is only the other orchestrator's way, or "
        "a question that the application leaves open"
    )


class ReadyTimeView(BaseModel):
    """How long first deployments on this orchestrator took here."""

    median_seconds: int
    deploys: int = Field(description="Of how many deployments")
    is_simulated: bool = Field(description="Whether the cloud is simulated, and so the time")


class SideView(BaseModel):
    """The application on one orchestrator."""

    orchestrator: Literal["ecs", "eks"]
    state: SideState
    operation_id: str | None = Field(description="The preview; removed an hour after the comparison's end")
    failure: FailureView | None
    estimate: EstimateView | None = Field(description="Null until it is planned, and where it cannot be had")
    resources_by_type: dict[str, int]
    graph: GraphView
    unavailable: list[UnavailableView]
    duties: list[Duty] = Field(description="What one must operate oneself")
    ready: ReadyTimeView | None = Field(description="Null before there was a deployment")


class DemandView(BaseModel):
    """What the workloads' desired copies ask for together."""

    vcpus: Decimal
    memory_gb: Decimal


class ComputeChoiceView(BaseModel):
    """One way to buy the compute, all month."""

    name: str
    orchestrators: list[str]
    usd_per_month: Usd | None = Field(description="Null where a price is missing; `arithmetic` says which")
    arithmetic: list[str]
    note: str


class ComparisonSummary(BaseModel):
    """A comparison in a list."""

    id: ComparisonIdText
    team: str
    name: str
    region: str
    state: Literal["running", "finished"]
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class ComparisonView(ComparisonSummary):
    """A comparison with all that is known of it; prices are today's."""

    application: dict[str, JsonValue]
    answers: Questionnaire
    instance_type: str
    sides: list[SideView]
    demand: DemandView
    compute: list[ComputeChoiceView]
    alternatives: list[Alternative]
    recommendation: RecommendationView | None = Field(description="Null until both previews have ended")


def comparison_summary(recorded: RecordedComparison) -> ComparisonSummary:
    """Show a comparison in a list."""
    return ComparisonSummary.model_validate(_members(recorded))


def comparison_view(recorded: RecordedComparison, comparison: Comparison) -> ComparisonView:
    """Show a comparison."""
    return ComparisonView.model_validate(
        {
            **_members(recorded),
            "application": recorded.application,
            "answers": recorded.answers,
            "instance_type": recorded.instance_type,
            "sides": [_side(recorded, side) for side in (comparison.ecs, comparison.eks)],
            "demand": DemandView.model_validate(comparison.demand, from_attributes=True),
            "compute": [
                ComputeChoiceView.model_validate(
                    {
                        "name": choice.name,
                        "orchestrators": list(choice.orchestrators),
                        "usd_per_month": choice.usd_per_month,
                        "arithmetic": list(choice.arithmetic),
                        "note": choice.note,
                    }
                )
                for choice in comparison.compute
            ],
            "alternatives": list(comparison.alternatives),
            "recommendation": recommendation_view(comparison.recommendation)
            if recorded.finished_at is not None
            else None,
        }
    )


def _members(recorded: RecordedComparison) -> dict[str, object]:
    return {
        "id": recorded.id,
        "team": recorded.team,
        "name": recorded.name,
        "region": recorded.region,
        "state": "running" if recorded.finished_at is None else "finished",
        "created_by": recorded.created_by,
        "created_at": recorded.created_at,
        "finished_at": recorded.finished_at,
    }


def _side(recorded: RecordedComparison, side: Side) -> SideView:
    own = recorded.side(side.orchestrator)
    nodes = [NodeView.model_validate(node, from_attributes=True) for node in side.graph.nodes]
    edges = [EdgeView.model_validate(edge, from_attributes=True) for edge in side.graph.edges]
    return SideView(
        orchestrator=side.orchestrator,
        state=own.state,
        operation_id=own.operation_id,
        failure=None
        if own.failure is None
        else FailureView.model_validate(own.failure, from_attributes=True),
        estimate=None if side.estimate is None else estimate_view(side.estimate),
        resources_by_type=side.resources_by_type,
        graph=GraphView(nodes=nodes, edges=edges),
        unavailable=[UnavailableView.model_validate(one, from_attributes=True) for one in side.unavailable],
        duties=list(side.duties),
        ready=None if side.ready is None else ReadyTimeView.model_validate(side.ready, from_attributes=True),
    )
