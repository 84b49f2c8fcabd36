"""What an installation holds plans to: its settings' approval rules, and the checks."""

from dataclasses import dataclass

from programs.request.shape import EnvironmentClass
from service.environments.model import Environment
from service.operations.model import ApprovalRule
from service.plans.checking import PlanCheck
from service.plans.checks import CHECKS
from service.plans.settings import ApprovalSetting, PlanFirst
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Approval rules and checks, the same in the API and in every worker."""

    settings: Settings
    checks: tuple[PlanCheck, ...]

    def approval_rule(self, environment: Environment) -> ApprovalRule | None:
        """Return who must agree to an environment's deploys and destroys, None where nobody must."""
        setting = self.settings.approvals_of(environment.environment_class, environment.team)
        return None if setting is None else _rule(setting, findings_only=False)

    def rule_on_findings(self, environment: Environment) -> ApprovalRule:
        """Return who must agree where a check asks for it and no other rule says who."""
        setting = self.settings.approvals_on_findings(environment.environment_class)
        return _rule(setting, findings_only=True)

    def asks_less(self, before: Environment, after: Environment) -> bool:
        """Whether an environment leaves its class for one in which fewer people's word is asked for."""
        if before.environment_class == after.environment_class:
            return False
        rule = self.approval_rule(before)
        is_looser = rule is not None and rule != self.approval_rule(after)
        leaves_production = before.environment_class == EnvironmentClass.PRODUCTION
        return is_looser or leaves_production or after.environment_class == EnvironmentClass.EPHEMERAL

    @property
    def plans_every_deploy(self) -> bool:
        """Whether each deploy is planned first and held to its plan."""
        return self.settings.plan_first is PlanFirst.ALWAYS


def plan_rules(settings: Settings) -> PlanRules:
    """Return this installation's rules."""
    return PlanRules(settings, CHECKS)


def _rule(setting: ApprovalSetting, *, findings_only: bool) -> ApprovalRule:
    return ApprovalRule(**setting.model_dump(), findings_only=findings_only)
