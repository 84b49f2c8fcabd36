"""Quotas as the API shows them."""

from typing import Annotated

from pydantic import BaseModel, Field

from service.limits.model import AmountCheck, ChoiceCheck, Holdings, LimitName
from service.limits.settings import QuotaSetting
from service.limits.use_cases import CheckedRequest, TeamLimits

Figure = Annotated[float | None, Field(examples=[12.5])]


class AmountCheckView(BaseModel):
    """A number that is limited, and what the request would make of it."""

    name: LimitName
    used: Figure = Field(description="By the team's other environments; null for a time to live")
    asked: Figure = Field(description="By the request; null: it lives for good")
    limit: Figure = Field(description="Null: none")
    ok: bool
    unsized_instance_types: list[str] = Field(description="Types whose size nobody here knows")


class ChoiceCheckView(BaseModel):
    """A choice that is limited, and what the request chooses."""

    name: LimitName
    asked: list[str]
    allowed: list[str] | None = Field(description="Null: all; `*` in one stands for anything")
    refused: list[str]
    ok: bool


class CheckedRequestView(BaseModel):
    """A request under its team's limits, as it would be judged now."""

    team: str
    ok: bool = Field(description="Whether every limit is kept")
    environment_id: str | None = Field(
        description="The living environment of this name: the request is judged as a change of it"
    )
    amounts: list[AmountCheckView]
    choices: list[ChoiceCheckView]


class AmountView(BaseModel):
    """A number that is limited, and what of it is used."""

    name: LimitName
    used: Figure = Field(description="By all of the team's environments; null where it is not limited")
    limit: Figure = Field(description="Null: none")


class ChoiceView(BaseModel):
    """A choice that is limited, and what was chosen."""

    name: LimitName
    used: list[str]
    allowed: list[str] | None = Field(description="Null: all; `*` in one stands for anything")


class TeamLimitsView(BaseModel):
    """A team's limits and what of them is used."""

    team: str = Field(examples=["storefront"])
    amounts: list[AmountView]
    choices: list[ChoiceView]
    ttl_max_days: dict[str, float] = Field(description="The longest time to live, by class")


def checked_view(checked: CheckedRequest) -> CheckedRequestView:
    """Show a checked request."""
    checks = checked.checks
    return CheckedRequestView(
        team=checked.team,
        ok=not checks.exceeded,
        environment_id=checked.environment_id,
        amounts=[_checked_amount(one) for one in checks.amounts],
        choices=[_checked_choice(one) for one in checks.choices],
    )


def _checked_amount(check: AmountCheck) -> AmountCheckView:
    return AmountCheckView(
        name=check.name,
        used=check.used,
        asked=check.asked,
        limit=check.limit,
        ok=check.is_ok,
        unsized_instance_types=list(check.unsized_types),
    )


def _checked_choice(check: ChoiceCheck) -> ChoiceCheckView:
    return ChoiceCheckView(
        name=check.name,
        asked=list(check.asked),
        allowed=None if check.allowed is None else list(check.allowed),
        refused=list(check.refused),
        ok=check.is_ok,
    )


def team_view(limits: TeamLimits) -> TeamLimitsView:
    """Show a team's limits."""
    return TeamLimitsView(
        team=limits.team,
        amounts=_amounts(limits.quota, limits.holdings),
        choices=_choices(limits.quota, limits.holdings),
        ttl_max_days=dict(limits.ttl_days),
    )


def _amounts(quota: QuotaSetting, used: Holdings) -> list[AmountView]:
    vcpus, memory_gib = (used.vcpus, used.memory_gib) if quota.limits_compute else (None, None)
    return [
        AmountView(name=LimitName.ENVIRONMENTS, used=used.environments, limit=quota.environments),
        AmountView(name=LimitName.VCPUS, used=vcpus, limit=quota.vcpus),
        AmountView(name=LimitName.MEMORY_GIB, used=memory_gib, limit=quota.memory_gib),
    ]


def _choices(quota: QuotaSetting, used: Holdings) -> list[ChoiceView]:
    rows = (
        (LimitName.CLASSES, used.classes, quota.classes),
        (LimitName.REGIONS, used.regions, quota.regions),
        (LimitName.INSTANCE_FAMILIES, used.families, quota.instance_families),
    )
    return [
        ChoiceView(name=name, used=sorted(chosen), allowed=None if allowed is None else list(allowed))
        for name, chosen, allowed in rows
    ]
