"""What an installation says about plans: who must agree to them, and which deploys are planned first."""

from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class PlanFirst(StrEnum):
    """Which deploys are planned before they run; `auto`: those that a rule or a check may hold up."""

    AUTO = "auto"
    ALWAYS = "always"


class ApprovalSetting(BaseModel):
    """Who must agree before deploys and destroys run."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    approvers: int = Field(default=1, ge=1, le=9)
    self_approval: bool = Field(default=False, description="Whether who asked may be one of them")
    destructive_only: bool = Field(
        default=False, description="Only where the plan deletes or replaces something"
    )
    lifetime_hours: int = Field(default=72, ge=1, description="Then the operation expires")
