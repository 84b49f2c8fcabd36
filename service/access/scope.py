"""Narrows lists to the teams that a caller may see, in SQL: pages and counts come out right."""

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import InstrumentedAttribute

from service.access.model import EVERY_TEAM, TeamScope


def within(
    column: ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    scope: TeamScope,
) -> ColumnElement[bool]:
    """Return the condition that a row's team is one of the scope's; rows without a team are in none."""
    if scope is None:
        return true()
    if EVERY_TEAM in scope:
        return and_(column.is_not(None), column != "")
    return column.in_(sorted(scope))
