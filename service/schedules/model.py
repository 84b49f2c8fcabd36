"""What is due for an environment without anybody asking."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NewType

from service.core.ids import EnvironmentId

ActionId = NewType("ActionId", str)


class ActionKind(StrEnum):
    """What is done when the time comes."""

    EXPIRY = "expiry"
    PAUSE = "pause"
    RESUME = "resume"
    DRIFT_CHECK = "drift_check"
    CLEANUP = "cleanup"


TURNS = (ActionKind.PAUSE, ActionKind.RESUME)
"""What working hours bring about."""

NEVER_OF_PROTECTED = frozenset({ActionKind.EXPIRY, ActionKind.PAUSE, ActionKind.RESUME, ActionKind.CLEANUP})
"""What is not done to a protected environment, however due it is."""


@dataclass(frozen=True, slots=True)
class ScheduledAction:
    """The next action of a kind: when its rule has it, and when it is done after delays."""

    environment_id: EnvironmentId
    kind: ActionKind
    planned_at: datetime
    due_at: datetime
    is_held: bool = False
    changed_by: str | None = None

    @property
    def id(self) -> ActionId:
        """Kind and planned moment, in UTC: whoever skips an action skips this one and no later one."""
        return ActionId(f"{self.kind}_{self.planned_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")
