"""Reading what operations, environments and the fleet cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from service.core.clock import utc_now
from service.core.ids import EnvironmentId, OperationId
from service.core.unit_of_work import UnitOfWork
from service.costs import repository
from service.costs.budgets import budgets_of_team
from service.costs.errors import CostNotKnownError
from service.costs.fleet import COLUMN_OF, EnvironmentCost, FleetCost, Grouping, add_up_fleet, sum_costs
from service.costs.forecast import Forecast, RateChange, forecast
from service.costs.repository import RecordedCost
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import get_environment
from service.operations.repository import get_operation
from service.plans.repository import find_plan
from service.settings import BudgetSetting, Settings


@dataclass(frozen=True, slots=True)
class EnvironmentCosts:
    """What stands and what was planned since, and what it comes to until the environment's end."""

    environment: Environment
    standing: RecordedCost | None
    planned: RecordedCost | None
    forecast: Forecast


@dataclass(frozen=True, slots=True)
class BudgetUse:
    """A team's budget and what of it is in use."""

    team: str
    environment_class: str | None
    budget_usd: Decimal
    used_usd: Decimal


async def read_operation_cost(operation_id: OperationId, uow: UnitOfWork) -> RecordedCost:
    """Return an operation's own cost, or that of the plan that it is held to.

    Raises:
        OperationNotFoundError, CostNotKnownError.
    """
    operation = await get_operation(uow.session, operation_id)
    found = await repository.find_cost(uow.session, operation_id)
    if found is None and operation.plan_id is not None:
        plan = await find_plan(uow.session, operation.plan_id)
        found = None if plan is None else await repository.find_cost(uow.session, plan.operation_id)
    if found is None:
        raise CostNotKnownError(operation_id)
    return found


async def read_environment_cost(environment_id: EnvironmentId, uow: UnitOfWork) -> EnvironmentCosts:
    """Return what an environment costs and will have cost; raise EnvironmentNotFoundError."""
    environment = await get_environment(uow.session, environment_id)
    standing = await repository.find_newest_cost(uow.session, environment_id, is_standing=True)
    planned = await repository.find_newest_cost(uow.session, environment_id, is_standing=False)
    if planned is not None and standing is not None and planned.recorded_at < standing.recorded_at:
        planned = None
    changes = await repository.list_rate_changes(uow.session, environment_id)
    now = utc_now()
    foreseen = forecast(changes or _if_deployed(planned, now), now=now, expires_at=_end_of(environment))
    return EnvironmentCosts(environment, standing, planned, foreseen)


def _end_of(environment: Environment) -> datetime | None:
    return None if environment.status is EnvironmentStatus.DESTROYED else environment.expires_at


def _if_deployed(planned: RecordedCost | None, now: datetime) -> Sequence[RateChange]:
    """Reckon with what is planned where nothing stands yet, as if it were deployed now."""
    if planned is None or planned.detail.after is None:
        return ()
    return (RateChange(now, planned.detail.after.total.desired_usd),)


async def read_fleet_cost(
    grouping: Grouping, *, days: int, teams: Sequence[str] | None, uow: UnitOfWork, settings: Settings
) -> tuple[FleetCost, tuple[BudgetUse, ...]]:
    """Return what the living environments of some teams (None: of all) cost, day by day, and the budgets."""
    environments = await repository.list_standing(uow.session, teams=teams)
    history = await repository.sum_snapshots(
        uow.session, column=COLUMN_OF[grouping], since=_since(days), teams=teams
    )
    fleet = add_up_fleet(environments, grouping, history)
    return fleet, tuple(budget_uses(settings.budgets, environments))


def _since(days: int) -> date:
    return utc_now().date() - timedelta(days=days - 1)


def budget_uses(
    budgets: Sequence[BudgetSetting], environments: Sequence[EnvironmentCost]
) -> Sequence[BudgetUse]:
    """Return each team's budgets with what its environments use of them."""
    uses: list[BudgetUse] = []
    for team in sorted({one.team for one in environments}):
        for budget in budgets_of_team(budgets, team):
            counted = [
                one.cost
                for one in environments
                if one.cost is not None
                and one.team == team
                and budget.environment_class in (None, one.environment_class)
            ]
            used = sum_costs(counted).desired_usd
            uses.append(BudgetUse(team, budget.environment_class, budget.usd_per_month, used))
    return uses
