"""What the API shows and takes of guardrails and exemptions."""

from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from programs.request.identifiers import DnsLabel
from service.guardrails.model import Exemption, Guardrail, Level, RuleName

EnvironmentIdText = Annotated[
    str, Field(pattern=r"^env_[0-9a-f]{32}$", examples=["env_0192f0c1a7b87c3d9e5f60718293a4b5"])
]


class GuardrailView(BaseModel):
    """A guardrail, and how strictly it is held to."""

    name: RuleName
    title: str
    text: str
    hint: str = Field(description="What to do about a violation")
    levels: dict[str, Level] = Field(description="By class; a team of its own level is not shown here")


class Guardrails(BaseModel):
    """All guardrails."""

    items: list[GuardrailView]


class ExemptionWish(BaseModel):
    """An exemption of a team, or of one environment, from a guardrail."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rule": "public_access",
                    "team": "storefront",
                    "reason": "Penetration test",
                    "until": "2026-12-01T08:00:00Z",
                }
            ]
        },
    )

    rule: RuleName
    team: DnsLabel | None = Field(default=None, description="All environments of a team")
    environment_id: EnvironmentIdText | None = Field(default=None, description="One environment")
    reason: str = Field(
        min_length=1, max_length=500, pattern=r"^[^\x00]*$", description="Why, for who asks later"
    )
    until: AwareDatetime = Field(description="Until when, 365 days at most")

    @model_validator(mode="after")
    def _has_one_scope(self) -> Self:
        if (self.team is None) == (self.environment_id is None):
            raise PydanticCustomError("exemption_scope", "name a team or an environment, not both")
        return self


class ExemptionView(BaseModel):
    """An exemption."""

    id: str
    rule: RuleName
    team: str
    environment_id: str | None = Field(description="Null: all of the team's")
    reason: str
    until: datetime
    created_by: str
    created_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None


def exemption_view(exemption: Exemption) -> ExemptionView:
    """Show an exemption."""
    return ExemptionView.model_validate(exemption, from_attributes=True)


def guardrail_view(rule: Guardrail, levels: dict[str, Level]) -> GuardrailView:
    """Show a guardrail."""
    return GuardrailView(name=rule.name, title=rule.title, text=rule.text, hint=rule.hint, levels=levels)
