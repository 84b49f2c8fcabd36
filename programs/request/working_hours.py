"""When people work: outside of it, nothing of the environment runs."""

from datetime import time
from enum import StrEnum
from functools import cache
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from programs.request.strict import Integer, StrictModel


class Weekday(StrEnum):
    """A day of the week, Monday first."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


WORKING_WEEK = (Weekday.MONDAY, Weekday.TUESDAY, Weekday.WEDNESDAY, Weekday.THURSDAY, Weekday.FRIDAY)

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes of a day, as a clock on the wall shows them."""


@cache
def _timezone_names() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_timezone(name: str) -> str:
    if name not in _timezone_names():
        raise ValueError("no such time zone; write an IANA name, for instance Europe/Berlin or UTC")
    return name


TimezoneName = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_check_timezone)]
"""A name of the IANA time zone database."""


class WorkingHours(StrictModel):
    """The days and hours in which the environment runs; it is paused by the clock outside of them."""

    days: tuple[Weekday, ...] = Field(
        default=WORKING_WEEK,
        title="Days",
        description="Days on which it runs. Absent: Monday to Friday.",
        min_length=1,
        max_length=7,
        examples=[["mon", "tue", "wed", "thu", "fri"]],
    )
    start: ClockTime = Field(
        title="Start",
        description="When work begins, hh:mm by the clock of the time zone.",
        examples=["08:00"],
    )
    end: ClockTime = Field(
        title="End",
        description="When work ends, hh:mm of the same day: it is paused then.",
        examples=["18:30"],
    )
    timezone: TimezoneName = Field(
        default="UTC",
        title="Time zone",
        description="IANA name; summer time is followed.",
        examples=["Europe/Berlin"],
    )
    resume_lead_minutes: Integer = Field(
        default=15,
        title="Resume lead",
        description="Minutes before `start` at which it is resumed, so that it runs when work begins.",
        ge=0,
        le=180,
        examples=[15],
    )

    @model_validator(mode="after")
    def _is_a_span_of_a_day(self) -> "WorkingHours":
        if self.start >= self.end:
            raise ValueError(f"`start` {self.start} is not before `end` {self.end}; write hours of one day")
        if len(set(self.days)) != len(self.days):
            raise ValueError("a day is named twice; name each once")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone's rules."""
        return ZoneInfo(self.timezone)

    @property
    def start_time(self) -> time:
        """When work begins."""
        return time.fromisoformat(self.start)

    @property
    def end_time(self) -> time:
        """When work ends."""
        return time.fromisoformat(self.end)

    def includes(self, weekday: int) -> bool:
        """Whether work is done on a day of the week, Monday being 0."""
        return list(Weekday)[weekday] in self.days
