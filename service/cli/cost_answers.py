"""What the API answers about costs, comparisons and recommendations, as far as the command line needs it."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, JsonValue


class _Answer(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="ignore")


class MonthlyCostAnswer(_Answer):
    """US dollars a month: at the least, as desired, at the most."""

    min_usd: Decimal
    desired_usd: Decimal
    max_usd: Decimal


class CostSummaryAnswer(_Answer):
    """What an operation does to the monthly cost."""

    region: str
    prices_as_of: date | None = None
    before: MonthlyCostAnswer | None = None
    after: MonthlyCostAnswer | None = None
    change_usd: Decimal | None = None
    unpriced_count: int = 0
    not_estimated: str | None = None


class ComponentCostAnswer(_Answer):
    """What a part of the environment costs."""

    component: str
    cost: MonthlyCostAnswer


class UnpricedAnswer(_Answer):
    """Something that is in no figure."""

    resource_name: str
    what: str
    reason: str


class TotalsAnswer(_Answer):
    """Amounts by part."""

    total: MonthlyCostAnswer
    by_component: list[ComponentCostAnswer]


class EstimateAnswer(TotalsAnswer):
    """An estimate."""

    fixed: MonthlyCostAnswer
    usage: MonthlyCostAnswer
    spot_percent: Decimal
    unpriced: list[UnpricedAnswer]


class AdviceAnswer(_Answer):
    """One change that would cost less."""

    code: str
    pointer: str
    message: str
    saving_usd_per_month: Decimal
    merge_patch: dict[str, JsonValue]


class CostAnswer(_Answer):
    """What an operation costs in full."""

    summary: CostSummaryAnswer
    before: TotalsAnswer | None = None
    after: EstimateAnswer | None = None
    advice: list[AdviceAnswer] = []


class ForecastAnswer(_Answer):
    """What an environment comes to."""

    spent_usd: Decimal
    usd_per_month: Decimal
    expires_at: datetime | None = None
    at_expiry_usd: Decimal | None = None


class EnvironmentCostAnswer(_Answer):
    """What an environment costs."""

    standing: CostAnswer | None = None
    planned: CostAnswer | None = None
    forecast: ForecastAnswer


class GroupCostAnswer(_Answer):
    """What a group of environments costs."""

    group: str
    environments: int
    not_estimated: int = 0
    cost: MonthlyCostAnswer


class FleetCostAnswer(_Answer):
    """What all environments cost."""

    group_by: str
    total: GroupCostAnswer
    groups: list[GroupCostAnswer]


class FailureTextAnswer(_Answer):
    """Why a side has no plan."""

    message: str


class UnavailableAnswer(_Answer):
    """What a side lacks."""

    pointer: str
    why: str
    is_left_out: bool
    is_refused: bool


class DutyAnswer(_Answer):
    """What one must operate oneself."""

    what: str
    how_often: str


class ReadyAnswer(_Answer):
    """How long first deployments took."""

    median_seconds: int
    deploys: int
    is_simulated: bool


class SideAnswer(_Answer):
    """One side of a comparison."""

    orchestrator: str
    state: str
    failure: FailureTextAnswer | None = None
    estimate: EstimateAnswer | None = None
    resources_by_type: dict[str, int]
    unavailable: list[UnavailableAnswer]
    duties: list[DutyAnswer]
    ready: ReadyAnswer | None = None


class ComputeChoiceAnswer(_Answer):
    """One way to buy the compute."""

    name: str
    orchestrators: list[str]
    usd_per_month: Decimal | None = None
    note: str


class AlternativeAnswer(_Answer):
    """Another service that runs containers."""

    name: str
    is_open: bool
    what: str
    how: str


class ReasonAnswer(_Answer):
    """One reason."""

    favours: str
    weight: int
    reason: str
    because: str
    source: str


class FlipPointAnswer(_Answer):
    """One change that would make the answer another."""

    change: str
    verdict: str


class RecommendationAnswer(_Answer):
    """What to choose, and why."""

    verdict: str
    ecs_weight: int
    eks_weight: int
    reasons_for: list[ReasonAnswer]
    reasons_against: list[ReasonAnswer]
    flip_points: list[FlipPointAnswer]


class ComparisonAnswer(_Answer):
    """A comparison."""

    id: str
    name: str
    region: str
    state: str
    sides: list[SideAnswer] = []
    compute: list[ComputeChoiceAnswer] = []
    alternatives: list[AlternativeAnswer] = []
    recommendation: RecommendationAnswer | None = None
