"""Rows of exemptions from guardrails."""

from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, Index, String, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class ExemptionRow(Base):
    """An exemption; revoked or over, it stays as a record."""

    __tablename__ = "guardrail_exemptions"
    __table_args__ = (
        CheckConstraint("until > created_at", name="ends_after_it_begins"),
        Index("ix_guardrail_exemptions_team", "team", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    rule: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(30))
    environment_id: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    revoked_by: Mapped[str | None] = mapped_column(String(255))
