"""Scheduled actions as the API shows and changes them."""

from datetime import datetime
from typing import Annotated

from fastapi import Path
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from service.schedules.model import ActionId, ActionKind, ScheduledAction

ActionIdPath = Annotated[
    ActionId,
    Path(
        pattern=r"^(expiry|pause|resume|drift_check|cleanup)_[0-9]{8}T[0-9]{6}Z$",
        examples=["pause_20261127T173000Z"],
    ),
]


class ScheduledActionView(BaseModel):
    """What is done to the environment at a time, unless it is delayed or skipped."""

    id: str = Field(examples=["pause_20261127T173000Z"])
    kind: ActionKind = Field(
        description="`expiry`: destroyed, its time is over; `pause`, `resume`: by its working hours; "
        "`drift_check`: compared with the cloud; `cleanup`: destroyed, its creation failed"
    )
    planned_at: datetime = Field(description="When its rule has it")
    due_at: datetime = Field(description="When it is done; later than planned where it was delayed")
    held: bool = Field(description="Not done as long as the environment is protected")
    changed_by: str | None = Field(description="Who delayed it")


class ScheduledActionList(BaseModel):
    """The next action of each kind, the nearest first; there are few, so they come on one page."""

    items: list[ScheduledActionView]
    next_page_token: None = None


class DelayWanted(BaseModel):
    """Until when an action is put off."""

    model_config = ConfigDict(extra="forbid")

    until: AwareDatetime = Field(
        description="When it is to be done instead, with a time zone", examples=["2026-11-27T20:00:00Z"]
    )


def actions_view(actions: list[ScheduledAction]) -> ScheduledActionList:
    """Show scheduled actions."""
    return ScheduledActionList(
        items=[
            ScheduledActionView(
                id=one.id,
                kind=one.kind,
                planned_at=one.planned_at,
                due_at=one.due_at,
                held=one.is_held,
                changed_by=one.changed_by,
            )
            for one in actions
        ]
    )
