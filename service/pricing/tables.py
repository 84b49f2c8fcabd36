"""Rows of price tables that a refresh read, in place of those that ship."""

from datetime import date, datetime

from sqlalchemy import Date, DateTime, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.core.database import Base


class PriceTableRow(Base):
    """A region's prices as they were read last; `attempted_at` is the last time that they were asked for."""

    __tablename__ = "price_tables"

    region: Mapped[str] = mapped_column(String(32), primary_key=True)
    document: Mapped[dict[str, object] | None] = mapped_column(JSONB)
    as_of: Mapped[date | None] = mapped_column(Date)
    refreshed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
