"""What an installation says about how often callers may ask."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field


class RateLimitSetting(BaseModel):
    """How often callers who must prove who they are may ask, of each API process; null: as they like."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: int | None = Field(default=1200, ge=1, description="Of one caller")
    sign_in_failures_per_minute: int | None = Field(
        default=60, ge=1, description="Requests from one address that prove nothing"
    )
