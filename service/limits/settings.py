"""What an installation says about quotas."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from programs.request.identifiers import AwsRegion
from programs.request.shape import EnvironmentClass


class QuotaSetting(BaseModel):
    """How much a team may have at once, and of what; what is absent is not limited."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    team: str | None = Field(default=None, description="Absent: each team has this quota of its own")
    environments: int | None = Field(default=None, ge=0, description="Environments that are not destroyed")
    vcpus: float | None = Field(default=None, ge=0, description="vCPUs of all of them, at their largest")
    memory_gib: float | None = Field(default=None, ge=0, description="GiB of all of them, at their largest")
    classes: tuple[EnvironmentClass, ...] | None = Field(
        default=None, description='For instance ["ephemeral", "standard"]'
    )
    regions: tuple[AwsRegion, ...] | None = None
    instance_families: tuple[str, ...] | None = Field(
        default=None, description='For instance ["m6i", "c7*"]; `*` stands for anything'
    )

    @property
    def limits_compute(self) -> bool:
        """Whether anything is limited that must be reckoned from what environments ask for."""
        return any(one is not None for one in (self.vcpus, self.memory_gib, self.instance_families))
