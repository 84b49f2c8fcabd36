"""Quotas over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from programs.request.identifiers import DnsLabel
from service.access.http import CallerOf, check_team, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.documents import Document, check_media_type
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
from service.environments.errors import InvalidRequestError
from service.environments.form import request_body
from service.environments.requested import read_request
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.limits.schemas import CheckedRequestView, TeamLimitsView, checked_view, team_view
from service.limits.use_cases import check_limits, read_limits

router = APIRouter(prefix="/v1", tags=["Limits"], dependencies=[Depends(check_media_type)])


@router.get(
    "/limits",
    operation_id="list_limits",
    dependencies=[requires(Permission.LIMITS_READ)],
    summary="List teams' limits",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
    team: Annotated[DnsLabel | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[TeamLimitsView]:
    """List the caller's teams by name, with how much each may have and what of it is used."""
    page = read_page_request(page_size, page_token, {"team": team})
    scope = caller.teams_where(Permission.LIMITS_READ)
    async with uows() as uow:
        found = await read_limits(scope, page, team=team, uow=uow, settings=settings)
    return make_page(page, [team_view(one) for one in found], lambda one: one.team)


@router.post(
    "/limits:check",
    operation_id="check_limits",
    dependencies=[requires(Permission.LIMITS_READ)],
    summary="Check a request against the limits",
    response_model=CheckedRequestView,
    responses=problems(
        InvalidInputError,
        InvalidRequestError,
        KeyReusedError,
        KeyInFlightError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
    ),
    openapi_extra={"requestBody": request_body()},
)
async def check(
    document: Document, keyed: Keyed, caller: CallerOf, uows: Uows, settings: SettingsOf
) -> Response:
    """Say of each limit whether an environment of this request would keep it now. Changes nothing.

    Where the team has a living environment of the name, the request is judged as a change of that one.
    """

    async def work(uow: UnitOfWork) -> Answer:
        requested = read_request(document, settings)
        check_team(caller, Permission.LIMITS_READ, requested.team)
        checked = await check_limits(requested, uow, settings)
        return Answer(200, checked_view(checked).model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))
