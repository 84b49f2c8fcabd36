"""ECS or EKS: reasons, weights and flip points."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.errors import ConfigurationError
from service.recommendations.questionnaire import (
    CHOICES,
    KubernetesExperience,
    OperationsCapacity,
    Portability,
    Questionnaire,
    Scheduling,
    Size,
    TimeToProduction,
)
from service.recommendations.reasons import SHIPPED, read_reasons
from service.recommendations.recommend import Facts, Verdict, recommend

NEWCOMERS = Questionnaire(
    kubernetes_experience=KubernetesExperience.NONE,
    operations_capacity=OperationsCapacity.NOBODY,
    time_to_production=TimeToProduction.DAYS,
    size=Size.SMALL,
)
QUESTIONNAIRES = st.builds(
    Questionnaire,
    **{question: st.none() | st.sampled_from(list(choices)) for question, choices in CHOICES.items()},
)


def test_team_without_kubernetes_is_sent_to_ecs() -> None:
    """A small team without experience, capacity or time gets ECS, with each reason and its source."""
    recommendation = recommend(NEWCOMERS)
    assert recommendation.verdict is Verdict.ECS
    assert recommendation.ecs_weight == 3 + 4 + 3 + 2
    assert recommendation.reasons[0].because == "operations_capacity = nobody"
    assert all(reason.source.startswith("https://") for reason in recommendation.reasons)
    assert recommendation.reasons_against == ()


def test_operators_and_portability_need_kubernetes() -> None:
    """Custom resources and other clouds outweigh a preference for simplicity."""
    answers = Questionnaire(
        kubernetes_experience=KubernetesExperience.SOME,
        scheduling=Scheduling.OPERATORS,
        portability=Portability.REQUIRED,
        size=Size.SMALL,
    )
    recommendation = recommend(answers)
    assert recommendation.verdict is Verdict.EKS
    assert {reason.favours for reason in recommendation.reasons_against} == {"ecs"}


def test_nothing_answered_is_no_recommendation() -> None:
    """Without answers and facts the sides are even."""
    recommendation = recommend(Questionnaire())
    assert (recommendation.verdict, recommendation.reasons) == (Verdict.EITHER, ())


def test_cost_counts_for_the_cheaper_side_by_its_step() -> None:
    """Twice the price is the highest step; nine percent more is none."""
    dear = Facts(ecs_usd_per_month=Decimal(100), eks_usd_per_month=Decimal(250))
    (reason,) = recommend(Questionnaire(), dear).reasons
    assert (reason.favours, reason.weight) == ("ecs", 3)
    near = Facts(ecs_usd_per_month=Decimal(100), eks_usd_per_month=Decimal(109))
    assert recommend(Questionnaire(), near).reasons == ()


def test_what_cannot_be_had_counts_for_the_other_side() -> None:
    """What ECS has not, speaks for EKS, once, and names it."""
    facts = Facts(unavailable_on_ecs=("argo rollouts", "custom resources"))
    (reason,) = recommend(Questionnaire(), facts).reasons
    assert reason.favours == "eks"
    assert "argo rollouts; custom resources" in reason.reason


@settings(deadline=None, max_examples=50)
@given(answers=QUESTIONNAIRES)
def test_every_flip_point_flips(answers: Questionnaire) -> None:
    """Making the change that a flip point names gives the verdict that it names."""
    recommendation = recommend(answers)
    for flip in recommendation.flip_points:
        question, _, choice = flip.change.partition(" were ")
        changed = answers.model_copy(update={question: CHOICES[question](choice)})
        assert recommend(changed).verdict is flip.verdict
        assert flip.verdict is not recommendation.verdict


@settings(deadline=None, max_examples=50)
@given(answers=QUESTIONNAIRES)
def test_same_answers_give_the_same_recommendation(answers: Questionnaire) -> None:
    """Nothing but answers, facts and the table decides."""
    assert recommend(answers) == recommend(answers)


def test_cost_that_would_flip_is_named() -> None:
    """A recommendation of ECS that rests on its price says at which price it would end."""
    facts = Facts(ecs_usd_per_month=Decimal(100), eks_usd_per_month=Decimal(140))
    recommendation = recommend(Questionnaire(), facts)
    assert recommendation.verdict is Verdict.ECS
    changes = [flip.change for flip in recommendation.flip_points]
    assert "ECS cost 154.00 USD a month or more" in changes


def test_every_question_is_weighed() -> None:
    """No question is asked for nothing."""
    assert {reason.question for reason in read_reasons().answers} == set(CHOICES)
    assert set(Questionnaire.model_fields) == set(CHOICES)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('question = "weather"', "no such question"),
        ('answer = "fluent"', "kubernetes_experience has the answers none, some, deep"),
        ("weight = 9", "less than or equal to 5"),
    ],
)
def test_mistake_in_the_table_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    """A platform team that writes what does not exist is told so when the table is read."""
    key = line.partition(" = ")[0]
    text = SHIPPED.read_text(encoding="utf-8")
    old = next(row for row in text.splitlines() if row.startswith(f"{key} = "))
    path = tmp_path / "reasons.toml"
    path.write_text(text.replace(old, line, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=complaint):
        read_reasons(path)
