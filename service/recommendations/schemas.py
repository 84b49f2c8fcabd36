"""Recommendations as the API shows and takes them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.recommendations.questionnaire import Questionnaire
from service.recommendations.recommend import Recommendation, Verdict


class RecommendationWanted(BaseModel):
    """Answers, and a comparison whose facts count beside them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "answers": {
                        "kubernetes_experience": "some",
                        "operations_capacity": "part_time",
                        "size": "small",
                    }
                }
            ]
        },
    )

    answers: Questionnaire = Field(default_factory=Questionnaire, description="Each may be left out")
    comparison_id: (
        Annotated[
            str, Field(pattern=r"^cmp_[0-9a-f]{32}$", examples=["cmp_0192f0c1a7b87c3d9e5f60718293a4b5"])
        ]
        | None
    ) = Field(default=None, description="A finished comparison: its costs and limits count too")


class ReasonView(BaseModel):
    """One reason, for one side."""

    favours: Literal["ecs", "eks"]
    weight: int = Field(description="1: a hint; 5: decides by itself against all that is usual")
    reason: str
    source: str = Field(description="Where it is stated")
    because: str = Field(description="The answer or the fact that it counts for")


class FlipPointView(BaseModel):
    """One change that alone would make the verdict another."""

    change: str
    verdict: Verdict


class RecommendationView(BaseModel):
    """What to choose, why and why not, and where the answer would flip."""

    verdict: Verdict = Field(description="`either`: the sides are about even")
    ecs_weight: int
    eks_weight: int
    reasons_for: list[ReasonView] = Field(description="For the verdict, the heaviest first")
    reasons_against: list[ReasonView]
    flip_points: list[FlipPointView]
    table_version: str = Field(description="Of the table of reasons")


def recommendation_view(recommendation: Recommendation) -> RecommendationView:
    """Show a recommendation."""
    return RecommendationView.model_validate(recommendation, from_attributes=True)
