"""When working hours pause and resume an environment, by the clock of their time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from programs.request.working_hours import WorkingHours

# The hours name one day of a week at least: within eight days there is one whose moment is still to come.
HORIZON_DAYS = 8
# A day of a time zone may begin a day before or after the same day in UTC.
EDGE_DAYS = 1


@dataclass(frozen=True, slots=True)
class NextTurns:
    """The next moment at which work ends, and the next before it begins; both in UTC."""

    pause_at: datetime
    resume_at: datetime


def next_turns(hours: WorkingHours, after: datetime) -> NextTurns:
    """Return the first pause and the first resume later than `after`."""
    return NextTurns(pause_at=next_pause(hours, after), resume_at=next_resume(hours, after))


def next_pause(hours: WorkingHours, after: datetime) -> datetime:
    """Return the first end of work later than `after`.

    An hour that the clock shows twice when summer time ends counts as its second: nobody is paused early.
    """
    return min(
        end
        for day in _working_days(hours, after)
        if (end := max(_moments(day, hours.end_time, hours.zone))) > after
    )


def next_resume(hours: WorkingHours, after: datetime) -> datetime:
    """Return the first moment later than `after` from which it takes the lead to get to the start of work.

    An hour that the clock shows twice counts as its first; one that it skips, as the hour of the skip.
    """
    lead = timedelta(minutes=hours.resume_lead_minutes)
    return min(
        begin
        for day in _working_days(hours, after)
        if (begin := min(_moments(day, hours.start_time, hours.zone)) - lead) > after
    )


def _working_days(hours: WorkingHours, after: datetime) -> Iterator[date]:
    first = after.astimezone(hours.zone).date() - timedelta(days=EDGE_DAYS)
    for offset in range(HORIZON_DAYS + 2 * EDGE_DAYS):
        day = first + timedelta(days=offset)
        if hours.includes(day.weekday()):
            yield day


def _moments(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the moments at which the clock shows a time on a day: two where it is set back."""
    shown = datetime.combine(day, at)
    first, second = (shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second
