"""Budgets of teams and classes: what a plan makes of them, and what becomes of the plan."""

from decimal import Decimal

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.ids import OperationId
from service.core.unit_of_work import UnitOfWorkFactory
from service.costs.budgets import Spending, budgets_of, judge
from service.environments.repository import get_environment
from service.operations.model import OperationKind, Severity
from service.operations.use_cases import StartOperation, start_operation
from service.plans.rules import plan_rules
from service.settings import BudgetExcess, BudgetSetting, Settings
from tests.service.costs.test_recorded_costs import create_preview, keys, read
from tests.service.documents import create
from tests.service.runs import PlayedRun, play_run

EVERYBODY = BudgetSetting(usd_per_month=Decimal(100))
EPHEMERAL = BudgetSetting(environment_class="ephemeral", usd_per_month=Decimal(50))
STOREFRONT = BudgetSetting(team="storefront", usd_per_month=Decimal(500))
AMOUNTS = st.decimals(min_value=0, max_value=10_000, places=2)


def spending(others: str, before: str, after: str, **changes: object) -> Spending:
    budget = BudgetSetting.model_validate({"usd_per_month": "100", **changes})
    return Spending(budget, "storefront", Decimal(others), Decimal(before), Decimal(after))


def test_a_budget_that_names_the_team_takes_the_place_of_the_one_for_all() -> None:
    """Each class on its own: the team's own budget for all classes leaves the ephemeral one in force."""
    budgets = (EVERYBODY, EPHEMERAL, STOREFRONT)
    assert budgets_of(budgets, "storefront", "ephemeral") == [EPHEMERAL, STOREFRONT]
    assert budgets_of(budgets, "payments", "ephemeral") == [EVERYBODY, EPHEMERAL]
    assert budgets_of(budgets, "payments", "production") == [EVERYBODY]


@pytest.mark.parametrize(
    ("case", "severity"),
    [
        (spending("0", "0", "79.99"), None),
        (spending("0", "0", "80"), Severity.ADVISORY),
        (spending("60", "0", "40"), Severity.ADVISORY),
        (spending("60", "0", "40.01"), Severity.NEEDS_APPROVAL),
        (spending("60", "0", "40.01", excess="refuse"), Severity.REFUSED),
        (spending("200", "50", "40", excess="refuse"), Severity.ADVISORY),
    ],
)
def test_a_plan_is_judged_by_what_the_team_would_pay(case: Spending, severity: Severity | None) -> None:
    """Warned of near the budget, stopped beyond it; what makes nothing dearer is never stopped."""
    finding = judge(case)
    assert (None if finding is None else finding.severity) == severity


@given(others=AMOUNTS, before=AMOUNTS, after=AMOUNTS)
def test_what_becomes_cheaper_is_never_stopped(others: Decimal, before: Decimal, after: Decimal) -> None:
    """The way back into a budget is open, however far over it a team is."""
    finding = judge(spending(str(others), str(before), str(min(before, after)), excess="refuse"))
    assert finding is None or finding.severity is Severity.ADVISORY


async def planned_deploy(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings, name: str, *planned: str
) -> dict:
    """Ask for a deploy under these settings, play the preview that plans it, and return the deploy."""
    rules = plan_rules(settings)
    environment, first = await create_preview(client, name=name)
    await client.post(f"/v1/operations/{first['id']}/cancel")
    async with uow_factory() as uow:
        recorded = await get_environment(uow.session, environment["id"], lock=True)
        deploy = await start_operation(recorded, StartOperation(OperationKind.DEPLOY, "ann", 5, rules), uow)
        await uow.commit()
    assert deploy.plan_operation_id is not None
    run = keys(*planned)
    await play_run(
        uow_factory,
        OperationId(deploy.plan_operation_id),
        PlayedRun(run.steps, type=run.type, planned=run.planned, rules=rules),
    )
    return await read(client, f"/v1/operations/{deploy.id}")


@pytest.mark.parametrize(
    ("excess", "state", "code"),
    [(BudgetExcess.APPROVAL, "awaiting_approval", None), (BudgetExcess.REFUSE, "failed", "budget_exceeded")],
)
async def test_over_budget_asks_or_refuses(
    client: httpx.AsyncClient,
    uow_factory: UnitOfWorkFactory,
    settings: Settings,
    excess: BudgetExcess,
    state: str,
    code: str | None,
) -> None:
    """Three keys cost 3.18 USD a month of a budget of 3: people decide, or the deploy fails untouched."""
    budget = BudgetSetting(usd_per_month=Decimal(3), excess=excess)
    held = settings.model_copy(update={"budgets": (budget,)})
    within = await planned_deploy(client, uow_factory, held, "small", "a", "b")
    assert within["state"] == "queued"
    over = await planned_deploy(client, uow_factory, held, "large", "a")
    assert over["state"] == state
    assert (over["failure"] or {}).get("code") == code
    [finding] = over["findings"]
    assert finding["rule"] == "budget"
    assert "3.18 USD a month of a budget of 3 USD" in finding["message"]


async def test_a_deploy_within_the_budget_needs_nobody(
    client: httpx.AsyncClient, uow_factory: UnitOfWorkFactory, settings: Settings
) -> None:
    """Other teams' environments do not count."""
    _, other = await create(client, team="payments")
    await play_run(uow_factory, other["id"], keys("a", "b", "c"))
    held = settings.model_copy(update={"budgets": (BudgetSetting(usd_per_month=Decimal(3)),)})
    deploy = await planned_deploy(client, uow_factory, held, "small", "a", "b")
    assert (deploy["state"], deploy["findings"]) == ("queued", [])
