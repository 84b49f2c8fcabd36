"""Comparisons over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.responses import HTMLResponse

from programs.request.identifiers import DnsLabel
from service.access.http import CallerOf, check_team, requires
from service.access.permissions import Permission
from service.comparisons.application import InvalidApplicationError
from service.comparisons.compute import UnpricedInstanceTypeError
from service.comparisons.errors import ComparisonNotFoundError
from service.comparisons.form import comparison_body
from service.comparisons.records import ComparisonId
from service.comparisons.repository import list_comparisons
from service.comparisons.schemas import (
    ComparisonSummary,
    ComparisonView,
    ComparisonWanted,
    comparison_summary,
    comparison_view,
)
from service.comparisons.use_cases import CreateComparison, create_comparison, read_comparison
from service.core.app_state import SettingsOf, Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.pricing.load import UnpricedRegionError

RETRY_AFTER_SECONDS = 2
# The page has no script, and nothing of it comes from elsewhere: the browser itself holds it to that.
_REPORT_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
_STARTED_HEADERS = {
    "Location": {"description": "The comparison", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds until looking again makes sense", "schema": {"type": "integer"}},
}

router = APIRouter(prefix="/v1/comparisons", tags=["Comparisons"], dependencies=[Depends(check_media_type)])

ComparisonIdPath = Annotated[
    ComparisonId, Path(pattern=r"^cmp_[0-9a-f]{32}$", examples=["cmp_0192f0c1a7b87c3d9e5f60718293a4b5"])
]


@router.post(
    "",
    operation_id="create_comparison",
    dependencies=[requires(Permission.COMPARISONS_CREATE)],
    summary="Compare ECS and EKS for an application",
    status_code=202,
    response_model=ComparisonSummary,
    responses={
        202: {"description": "Begun: read the comparison until it is finished", "headers": _STARTED_HEADERS},
        **problems(
            InvalidApplicationError,
            UnpricedRegionError,
            UnpricedInstanceTypeError,
            InvalidInputError,
            KeyReusedError,
            KeyInFlightError,
            MalformedBodyError,
            BodyTooLargeError,
            UnsupportedMediaTypeError,
        ),
    },
    openapi_extra={"requestBody": comparison_body()},
)
async def create(
    wanted: ComparisonWanted, keyed: Keyed, caller: CallerOf, uows: Uows, settings: SettingsOf
) -> Response:
    """Preview an application on both orchestrators; nothing is deployed, and nothing of the previews stays.

    The application is an environment request without `orchestrator`. What each side would look like, what it
    costs, what it lacks and what it asks of people is in the comparison as soon as its previews have ended.
    """
    command = CreateComparison(
        application=dict(wanted.application),
        actor=caller.actor,
        answers=wanted.answers,
        instance_type=wanted.instance_type,
    )

    async def work(uow: UnitOfWork) -> Answer:
        comparison = await create_comparison(command, uow, settings)
        check_team(caller, Permission.COMPARISONS_CREATE, comparison.team)
        headers = {
            "Location": f"/v1/comparisons/{comparison.id}",
            "Retry-After": str(RETRY_AFTER_SECONDS),
        }
        return Answer(202, comparison_summary(comparison).model_dump_json().encode(), headers)

    return send_answer(await answer_once(keyed, uows, work))


@router.get(
    "",
    operation_id="list_comparisons",
    dependencies=[requires(Permission.COMPARISONS_READ)],
    summary="List comparisons",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    team: Annotated[DnsLabel | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[ComparisonSummary]:
    """List comparisons, newest first; they are kept for 90 days."""
    page = read_page_request(page_size, page_token, {"team": team})
    async with uows() as uow:
        scope = caller.teams_where(Permission.COMPARISONS_READ)
        found = await list_comparisons(uow.session, page, team=team, scope=scope)
    return make_page(page, [comparison_summary(one) for one in found], lambda one: one.id)


@router.get(
    "/{comparison_id}",
    operation_id="get_comparison",
    dependencies=[requires(Permission.COMPARISONS_READ)],
    summary="Read a comparison",
    responses=problems(ComparisonNotFoundError, UnpricedRegionError, UnpricedInstanceTypeError),
)
async def get(
    comparison_id: ComparisonIdPath, uows: Uows, settings: SettingsOf, response: Response
) -> ComparisonView:
    """Read both sides: resources, costs, graph, limits, duties, ways to buy compute, and a recommendation."""
    async with uows() as uow:
        recorded, comparison = await read_comparison(comparison_id, uow, settings)
    if recorded.finished_at is None:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return comparison_view(recorded, comparison)


@router.get(
    "/{comparison_id}/report",
    operation_id="get_comparison_report",
    dependencies=[requires(Permission.COMPARISONS_READ)],
    summary="Read a comparison as a page",
    response_class=HTMLResponse,
    responses=problems(ComparisonNotFoundError, UnpricedRegionError, UnpricedInstanceTypeError),
)
async def get_report(comparison_id: ComparisonIdPath, uows: Uows, settings: SettingsOf) -> HTMLResponse:
    """Read the comparison as one HTML page with its charts in it: no script, nothing fetched from elsewhere.

    While the previews run the page says so, and asks again by itself.
    """
    # The template engine is for this page alone; the API starts without it.
    from service.comparisons.report import render_report, render_waiting  # noqa: PLC0415

    async with uows() as uow:
        recorded, comparison = await read_comparison(comparison_id, uow, settings)
    if recorded.finished_at is None:
        return HTMLResponse(render_waiting(recorded.name), headers=_REPORT_HEADERS)
    return HTMLResponse(render_report(comparison), headers=_REPORT_HEADERS)
