"""Recommendations over HTTP."""

from fastapi import APIRouter, Depends, Response

from service.access.http import CallerOf, check_team, requires
from service.access.permissions import Permission
from service.comparisons.errors import ComparisonNotFoundError, ComparisonUnfinishedError
from service.comparisons.model import found_in
from service.comparisons.records import ComparisonId
from service.comparisons.use_cases import read_comparison
from service.core.app_state import SettingsOf, Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.unit_of_work import UnitOfWork
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.recommendations.reasons import read_reasons
from service.recommendations.recommend import Facts, recommend
from service.recommendations.schemas import RecommendationView, RecommendationWanted, recommendation_view

router = APIRouter(
    prefix="/v1/recommendations", tags=["Comparisons"], dependencies=[Depends(check_media_type)]
)


@router.post(
    "",
    operation_id="recommend",
    dependencies=[requires(Permission.COMPARISONS_READ)],
    summary="Recommend ECS or EKS",
    response_model=RecommendationView,
    responses=problems(
        ComparisonNotFoundError,
        ComparisonUnfinishedError,
        InvalidInputError,
        KeyReusedError,
        KeyInFlightError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
    ),
)
async def create(
    wanted: RecommendationWanted, keyed: Keyed, caller: CallerOf, uows: Uows, settings: SettingsOf
) -> Response:
    """Weigh the answers to the questionnaire, and a comparison's facts, for and against each orchestrator.

    The same answers and facts give the same recommendation. Each reason names its source; `flip_points` say
    which single change would make the answer another.
    """

    async def work(uow: UnitOfWork) -> Answer:
        facts = Facts()
        if wanted.comparison_id is not None:
            comparison_id = ComparisonId(wanted.comparison_id)
            recorded, comparison = await read_comparison(comparison_id, uow, settings)
            if not caller.knows(recorded.team):
                raise ComparisonNotFoundError(comparison_id)
            check_team(caller, Permission.COMPARISONS_READ, recorded.team)
            if recorded.finished_at is None:
                raise ComparisonUnfinishedError(comparison_id)
            facts = found_in(comparison.ecs, comparison.eks)
        table = read_reasons(settings.recommendation_reasons)
        view = recommendation_view(recommend(wanted.answers, facts, table))
        return Answer(200, view.model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))
