"""Rows of scheduled actions."""

from datetime import datetime

from sqlalchemy import DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class ScheduledActionRow(Base):
    """The next action of a kind.

    A drift check has a row only once it was delayed or skipped; an end has none. `due_at` is absent for what
    was skipped and does not come again.
    """

    __tablename__ = "scheduled_actions"
    __table_args__ = (Index("ix_scheduled_actions_due_at", "due_at"),)

    environment_id: Mapped[str] = mapped_column(ForeignKey("environments.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    planned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    changed_by: Mapped[str | None] = mapped_column(String(255))
