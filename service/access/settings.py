"""What an installation says about how often callers may ask, and from which web pages."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

Origin = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?$")]
"""A web origin as browsers send it: scheme, host, and port where it is not the scheme's own. Never `*`."""


class RateLimitSetting(BaseModel):
    """How often callers who must prove who they are may ask, of each API process; null: as they like."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    requests_per_minute: int | None = Field(default=1200, ge=1, description="Of one caller")
    sign_in_failures_per_minute: int | None = Field(
        default=60, ge=1, description="Requests from one address that prove nothing"
    )
