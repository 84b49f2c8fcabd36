"""Rows of operation events; `id` is what an SSE client resumes from."""

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, Index, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class OperationEventRow(Base):
    """One event of an operation, in the order in which they happened."""

    __tablename__ = "operation_events"
    __table_args__ = (
        Index("uq_operation_events_operation_id_sequence", "operation_id", "sequence", unique=True),
        Index("ix_operation_events_operation_id_id", "operation_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    operation_id: Mapped[str] = mapped_column(ForeignKey("operations.id"))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    type: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
