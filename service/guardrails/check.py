"""The guardrails as a check of plans: rules by their levels, less what is exempt."""

from collections.abc import Iterable, Iterator, Sequence

from programs.request.shape import EnvironmentClass
from service.core.unit_of_work import UnitOfWork
from service.guardrails.model import Exemption, Guardrail, Level, RuleName, Subject, Violation
from service.guardrails.repository import find_exemptions
from service.guardrails.rules import RULES
from service.guardrails.settings import GuardrailSettings
from service.operations.model import Finding, OperationKind, Severity
from service.plans.checking import CheckedPlan, PlanCheck, Prospect

SEVERITIES = {
    Level.ADVISORY: Severity.ADVISORY,
    Level.APPROVAL: Severity.NEEDS_APPROVAL,
    Level.MANDATORY: Severity.REFUSED,
}
BLOCKING = frozenset({Level.APPROVAL, Level.MANDATORY})


def level_of(rule: RuleName, settings: GuardrailSettings, *, environment_class: str, team: str) -> Level:
    """Return how strictly a rule is held to for an environment of this class and team."""
    default = Level.MANDATORY if environment_class == EnvironmentClass.PRODUCTION else Level.ADVISORY
    of_class = settings.levels.get(environment_class, {}).get(rule, default)
    return settings.team_levels.get(team, {}).get(rule, of_class)


def find_violations(plan: CheckedPlan, exemptions: Sequence[Exemption]) -> Iterator[Finding]:
    """Yield what breaks a rule that is not off; what is exempt is told as an advice."""
    if plan.kind is OperationKind.DESTROY:
        return
    settings, environment = plan.settings.guardrails, plan.environment
    subject = Subject(
        resources=plan.resources,
        request=environment.request,
        region=environment.region,
        allowed_instance_families=settings.allowed_instance_families,
        allowed_regions=settings.allowed_regions,
        required_tags=settings.required_tags,
    )
    for rule in RULES.values():
        level = level_of(
            rule.name, settings, environment_class=environment.environment_class, team=environment.team
        )
        if level is not Level.OFF:
            yield from _findings(rule, level, rule.find(subject), exemptions)


def _findings(
    rule: Guardrail, level: Level, violations: Iterable[Violation], exemptions: Sequence[Exemption]
) -> Iterator[Finding]:
    exemption = next((one for one in exemptions if one.rule is rule.name), None)
    severity, hint = SEVERITIES[level], rule.hint
    if exemption is not None:
        severity = Severity.ADVISORY
        hint = f"exempt until {exemption.until.isoformat()}: {exemption.reason}"
    for violation in violations:
        yield Finding(rule.name, severity, violation.message, hint, violation.resource_urn)


async def _find(plan: CheckedPlan, uow: UnitOfWork) -> Sequence[Finding]:
    exemptions = await find_exemptions(uow.session, plan.environment.id, plan.environment.team)
    return list(find_violations(plan, exemptions))


async def _wants_plan(prospect: Prospect, _uow: UnitOfWork) -> bool:
    environment = prospect.environment
    return any(
        level_of(
            rule,
            prospect.settings.guardrails,
            environment_class=environment.environment_class,
            team=environment.team,
        )
        in BLOCKING
        for rule in RULES
    )


GUARDRAILS = PlanCheck(_find, _wants_plan)
