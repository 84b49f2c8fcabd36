"""Drift over HTTP; it is looked for by an operation of kind `detect_drift`."""

from typing import Annotated

from fastapi import APIRouter, Query

from programs.request.identifiers import DnsLabel
from service.access.http import CallerOf, requires
from service.access.permissions import Permission
from service.core.app_state import Uows
from service.core.errors import InvalidInputError
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.drift.repository import list_fleet, list_reports
from service.drift.schemas import (
    DriftReportView,
    EnvironmentDriftView,
    drift_report_view,
    environment_drift_view,
)
from service.environments.errors import EnvironmentNotFoundError
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import get_environment

router = APIRouter(prefix="/v1", tags=["Drift"])


@router.get(
    "/environments/{environment_id}/drift",
    operation_id="list_drift_reports",
    dependencies=[requires(Permission.STATE_READ)],
    summary="List an environment's drift reports",
    responses=problems(EnvironmentNotFoundError, InvalidInputError),
)
async def list_of_environment(
    environment_id: EnvironmentIdPath, uows: Uows, page_size: PageSize = 50, page_token: PageToken = None
) -> Page[DriftReportView]:
    """List what drift detections found, newest first: by resource and property."""
    page = read_page_request(page_size, page_token, {"of": environment_id})
    async with uows() as uow:
        await get_environment(uow.session, environment_id)
        found = await list_reports(uow.session, environment_id, page)
    return make_page(page, [drift_report_view(one) for one in found], lambda one: one.id)


@router.get(
    "/drift",
    operation_id="list_fleet_drift",
    dependencies=[requires(Permission.STATE_READ)],
    summary="Show the drift of all environments",
    responses=problems(InvalidInputError),
)
async def list_of_fleet(
    caller: CallerOf,
    uows: Uows,
    team: Annotated[DnsLabel | None, Query()] = None,
    drifted: Annotated[bool | None, Query(description="Only those that drifted, or only the others")] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[EnvironmentDriftView]:
    """Show the newest report of each living environment that was looked at, newest environment first."""
    filters = {"team": team, "drifted": None if drifted is None else str(drifted)}
    page = read_page_request(page_size, page_token, filters)
    async with uows() as uow:
        found = await list_fleet(
            uow.session, page, team=team, is_drifted=drifted, scope=caller.teams_where(Permission.STATE_READ)
        )
    return make_page(page, [environment_drift_view(one) for one in found], lambda one: one.environment_id)
