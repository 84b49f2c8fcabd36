"""What an installation says about guardrails."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from service.guardrails.model import Level, RuleName


class GuardrailSettings(BaseModel):
    """How strictly each guardrail is held to, and what some of them allow.

    A team's level goes before its class's. What is not named is mandatory in production, else advisory.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    levels: dict[str, dict[RuleName, Level]] = Field(
        default_factory=dict[str, dict[RuleName, Level]],
        description='By class, for instance {"standard": {"public_access": "mandatory"}}',
    )
    team_levels: dict[str, dict[RuleName, Level]] = Field(
        default_factory=dict[str, dict[RuleName, Level]], description="By team"
    )
    allowed_instance_families: tuple[str, ...] = Field(
        default=(), description='For instance ["m6i", "c7g"]; empty: all'
    )
    allowed_regions: tuple[str, ...] = Field(default=(), description="Empty: all")
    required_tags: tuple[str, ...] = Field(default=(), description="Beside Berth's own")
