"""How an installation lets operations wait."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.operations.model import QueuePolicy


class QueueSetting(BaseModel):
    """What new operations do where others run or wait, if their callers do not say."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    blueprint: Literal["ecs", "eks"] | None = Field(default=None, description="Absent: both")
    environment_class: str | None = Field(default=None, alias="class", description="Absent: every class")
    policy: QueuePolicy

    def speaks_of(self, blueprint: str, environment_class: str) -> bool:
        """Whether it is about such environments."""
        return self.blueprint in (None, blueprint) and self.environment_class in (None, environment_class)

    @property
    def precision(self) -> int:
        """How much it names: what names more goes before what names less."""
        return (self.blueprint is not None) + (self.environment_class is not None)
