"""What the API shows and takes of freezes."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from programs.request.identifiers import DnsLabel
from service.freezes.model import Freeze

EnvironmentIdText = Annotated[
    str, Field(pattern=r"^env_[0-9a-f]{32}$", examples=["env_0192f0c1a7b87c3d9e5f60718293a4b5"])
]


class FreezeWish(BaseModel):
    """A freeze of one environment, of a team's, or, with neither, of everything."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"team": "storefront", "reason": "Black Friday", "ends_at": "2026-12-01T08:00:00Z"}]
        },
    )

    environment_id: EnvironmentIdText | None = Field(default=None, description="One environment")
    team: DnsLabel | None = Field(default=None, description="All environments of a team")
    reason: str = Field(
        min_length=1, max_length=500, pattern=r"^[^\x00]*$", description="Why, for those it stops"
    )
    starts_at: AwareDatetime | None = Field(default=None, description="From when on; absent: now")
    ends_at: AwareDatetime = Field(description="Until when, 90 days at most")


class FreezeView(BaseModel):
    """A freeze."""

    id: str
    environment_id: str | None
    team: str | None
    reason: str
    starts_at: datetime
    ends_at: datetime
    created_by: str
    created_at: datetime
    lifted_at: datetime | None
    lifted_by: str | None


def freeze_view(freeze: Freeze) -> FreezeView:
    """Show a freeze."""
    return FreezeView.model_validate(freeze, from_attributes=True)
