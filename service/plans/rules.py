"""What an installation holds plans to: its settings' approval rules, and the checks."""

from dataclasses import dataclass

from service.environments.model import Environment
from service.operations.model import ApprovalRule
from service.plans.checking import PlanCheck
from service.plans.checks import CHECKS
from service.settings import ApprovalSetting, PlanFirst, Settings


@dataclass(frozen=True, slots=True)
class PlanRules:
    """Approval rules and checks, the same in the API and in every worker."""

    settings: Settings
    checks: tuple[PlanCheck, ...]

    def approval_rule(self, environment: Environment) -> ApprovalRule | None:
        """Return who must agree to an environment's deploys and destroys, None where nobody must."""
        setting = self.settings.approvals.get(environment.environment_class)
        return None if setting is None else _rule(setting, findings_only=False)

    def rule_on_findings(self) -> ApprovalRule:
        """Return who must agree where a check asks for it and no other rule says who."""
        return _rule(self.settings.approval_on_findings, findings_only=True)

    @property
    def plans_every_deploy(self) -> bool:
        """Whether each deploy is planned first and held to its plan."""
        return self.settings.plan_first is PlanFirst.ALWAYS


def plan_rules(settings: Settings) -> PlanRules:
    """Return this installation's rules."""
    return PlanRules(settings, CHECKS)


def _rule(setting: ApprovalSetting, *, findings_only: bool) -> ApprovalRule:
    return ApprovalRule(**setting.model_dump(), findings_only=findings_only)
