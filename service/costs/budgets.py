"""Budgets: what a team's environments of a class may cost a month, and what a plan would make of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.core.unit_of_work import UnitOfWork
from service.costs.reckoning import Change, reckon
from service.costs.repository import committed_usd
from service.costs.summary import CostSummary
from service.environments.model import Environment
from service.operations.model import Finding, OperationKind, Severity
from service.plans.checking import CheckedPlan, PlanCheck, Prospect
from service.settings import BudgetExcess, BudgetSetting

RULE = "budget"
CODE = "budget_exceeded"
HINT = "make it smaller (`advice` in the operation's cost), destroy what is no longer needed, or ask for more"
SEVERITY = {BudgetExcess.APPROVAL: Severity.NEEDS_APPROVAL, BudgetExcess.REFUSE: Severity.REFUSED}


@dataclass(frozen=True, slots=True)
class Spending:
    """A budget, and what counts against it: the other environments, and this one before and after."""

    budget: BudgetSetting
    team: str
    others_usd: Decimal
    before_usd: Decimal
    after_usd: Decimal

    @property
    def total_usd(self) -> Decimal:
        """What it would come to."""
        return self.others_usd + self.after_usd

    @property
    def is_over(self) -> bool:
        """Whether that is more than the budget."""
        return self.total_usd > self.budget.usd_per_month


def budgets_of_team(budgets: Iterable[BudgetSetting], team: str) -> Sequence[BudgetSetting]:
    """Return a team's budgets: one without a team holds unless another of the same class names the team."""
    held = tuple(budgets)
    named = {budget.environment_class for budget in held if budget.team == team}
    return [
        budget
        for budget in held
        if budget.team == team or (budget.team is None and budget.environment_class not in named)
    ]


def budgets_of(
    budgets: Iterable[BudgetSetting], team: str, environment_class: str
) -> Sequence[BudgetSetting]:
    """Return the budgets that an environment counts against."""
    return [
        budget
        for budget in budgets_of_team(budgets, team)
        if budget.environment_class in (None, environment_class)
    ]


def judge(spending: Spending) -> Finding | None:
    """Say what a plan means for a budget: nothing, that it is nearly used up, or that it is exceeded.

    What makes nothing dearer is never stopped: it may be the way back into the budget.
    """
    budget = spending.budget
    scope = f"{spending.team}'s" + (f" {budget.environment_class}" if budget.environment_class else "")
    figures = (
        f"{scope} environments would cost {spending.total_usd} USD a month "
        f"of a budget of {budget.usd_per_month} USD"
    )
    if spending.is_over:
        is_dearer = spending.after_usd > spending.before_usd
        severity = SEVERITY[budget.excess] if is_dearer else Severity.ADVISORY
        return Finding(rule=RULE, severity=severity, message=figures, hint=HINT, code=CODE)
    if spending.total_usd * 100 >= budget.usd_per_month * budget.warn_percent:
        return Finding(rule=RULE, severity=Severity.ADVISORY, message=figures, hint=HINT, code=CODE)
    return None


async def _find(plan: CheckedPlan, uow: UnitOfWork) -> Sequence[Finding]:
    environment = plan.environment
    budgets = budgets_of(plan.settings.budgets, environment.team, environment.environment_class)
    if plan.kind is OperationKind.DESTROY or not budgets:
        return []
    change = Change(environment.region, environment.request, plan.standing, plan.resources)
    summary = (await reckon(change, uow)).summary
    if summary.before is None or summary.after is None:
        return [_cannot_tell(summary)]
    findings: list[Finding] = []
    for budget in budgets:
        others = await committed_usd(
            uow.session,
            team=environment.team,
            environment_class=budget.environment_class,
            except_id=environment.id,
        )
        spending = Spending(
            budget, environment.team, others, summary.before.desired_usd, summary.after.desired_usd
        )
        findings += _present(judge(spending))
    return findings


def _present(finding: Finding | None) -> Iterator[Finding]:
    if finding is not None:
        yield finding


def _cannot_tell(summary: CostSummary) -> Finding:
    return Finding(
        rule=RULE,
        severity=Severity.ADVISORY,
        message=f"nobody can tell what this costs: {summary.not_estimated}",
        hint=f"prices of {summary.region} are missing; docs/cost.md says how they come",
        code="budget_not_judged",
    )


async def _wants_plan(prospect: Prospect, _uow: UnitOfWork) -> bool:
    environment: Environment = prospect.environment
    return bool(budgets_of(prospect.settings.budgets, environment.team, environment.environment_class))


BUDGETS = PlanCheck(_find, _wants_plan)
