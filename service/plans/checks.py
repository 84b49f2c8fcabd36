"""All checks that plans go through. A further one is a line here."""

from service.costs.budgets import BUDGETS
from service.guardrails.check import GUARDRAILS
from service.plans.checking import PlanCheck
from service.plans.losses import LOSSES

CHECKS: tuple[PlanCheck, ...] = (LOSSES, GUARDRAILS, BUDGETS)
