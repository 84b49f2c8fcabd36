"""Costs over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from programs.request.identifiers import DnsLabel
from service.access.http import CallerOf, requires
from service.access.model import EVERY_TEAM, TeamScope
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.errors import InvalidInputError
from service.core.openapi import problems
from service.costs.errors import CostNotKnownError
from service.costs.fleet import Grouping
from service.costs.repository import RecordedCost
from service.costs.schemas import (
    BudgetUseView,
    CostRecordView,
    EnvironmentCostView,
    FleetCostView,
    ForecastView,
    GroupCostView,
    SnapshotView,
)
from service.costs.use_cases import read_environment_cost, read_fleet_cost, read_operation_cost
from service.environments.errors import EnvironmentNotFoundError
from service.environments.paths import EnvironmentIdPath
from service.operations.errors import OperationNotFoundError
from service.operations.paths import OperationIdPath

MAX_DAYS = 400

router = APIRouter(prefix="/v1", tags=["Costs"])


@router.get(
    "/environments/{environment_id}/cost",
    operation_id="get_environment_cost",
    dependencies=[requires(Permission.COSTS_READ)],
    summary="Read what an environment costs",
    responses=problems(EnvironmentNotFoundError),
)
async def of_environment(environment_id: EnvironmentIdPath, uows: Uows) -> EnvironmentCostView:
    """Read what stands costs a month, line by line, and what it will have cost when its time is over.

    Where the region has no prices `summary.not_estimated` is `region_not_priced`, and `after` is null.
    """
    async with uows() as uow:
        costs = await read_environment_cost(environment_id, uow)
    return EnvironmentCostView(
        environment_id=environment_id,
        standing=None if costs.standing is None else _record(costs.standing),
        planned=None if costs.planned is None else _record(costs.planned),
        forecast=ForecastView.model_validate(costs.forecast, from_attributes=True),
    )


@router.get(
    "/operations/{operation_id}/cost",
    operation_id="get_operation_cost",
    dependencies=[requires(Permission.COSTS_READ)],
    summary="Read what an operation does to the cost",
    responses=problems(OperationNotFoundError, CostNotKnownError),
)
async def of_operation(operation_id: OperationIdPath, uows: Uows) -> CostRecordView:
    """Read the estimate before and after, each charge with its arithmetic, and what would cost less."""
    async with uows() as uow:
        return _record(await read_operation_cost(operation_id, uow))


@router.get(
    "/costs",
    operation_id="get_costs",
    dependencies=[requires(Permission.COSTS_READ)],
    summary="Read what all environments cost",
    responses=problems(InvalidInputError),
)
async def of_fleet(
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
    group_by: Annotated[Grouping, Query()] = Grouping.TEAM,
    team: Annotated[DnsLabel | None, Query()] = None,
    days: Annotated[int, Query(ge=1, le=MAX_DAYS, description="How far back the history goes")] = 30,
) -> FleetCostView:
    """Read the monthly cost of the living environments, by team, class or orchestrator, and day by day."""
    teams = _teams(caller.teams_where(Permission.COSTS_READ), team)
    async with uows() as uow:
        fleet, budgets = await read_fleet_cost(group_by, days=days, teams=teams, uow=uow, settings=settings)
    return FleetCostView(
        group_by=group_by,
        total=GroupCostView.model_validate(fleet.total, from_attributes=True),
        groups=[GroupCostView.model_validate(one, from_attributes=True) for one in fleet.groups],
        history=[SnapshotView.model_validate(one, from_attributes=True) for one in fleet.history],
        budgets=[BudgetUseView.model_validate(one, from_attributes=True) for one in budgets],
    )


def _teams(scope: TeamScope, wanted: str | None) -> tuple[str, ...] | None:
    """Return the teams to be shown, None for all: of those that the caller may see, the wanted one."""
    is_everything = scope is None or EVERY_TEAM in scope
    if wanted is None:
        return None if is_everything or scope is None else tuple(sorted(scope))
    return (wanted,) if is_everything or (scope is not None and wanted in scope) else ()


def _record(recorded: RecordedCost) -> CostRecordView:
    return CostRecordView(
        operation_id=recorded.operation_id,
        recorded_at=recorded.recorded_at,
        summary=recorded.detail.summary,
        before=recorded.detail.before,
        after=recorded.detail.after,
        advice=recorded.detail.advice,
    )
