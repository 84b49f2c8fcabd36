"""When working hours pause and resume: weekends, time zones, summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from programs.request.working_hours import Weekday, WorkingHours
from service.schedules.hours import next_pause, next_resume

BERLIN = WorkingHours(start="08:00", end="18:30", timezone="Europe/Berlin", resume_lead_minutes=15)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "pause", "resume"),
    [
        pytest.param("2026-11-25T12:00", "2026-11-25T17:30", "2026-11-26T06:45", id="at work"),
        pytest.param("2026-11-25T17:30", "2026-11-26T17:30", "2026-11-26T06:45", id="the very moment"),
        pytest.param("2026-11-27T20:00", "2026-11-30T17:30", "2026-11-30T06:45", id="over the weekend"),
        pytest.param("2026-03-27T20:00", "2026-03-30T16:30", "2026-03-30T05:45", id="into summer time"),
        pytest.param("2026-10-23T20:00", "2026-10-26T17:30", "2026-10-26T06:45", id="out of summer time"),
    ],
)
def test_turns_follow_the_clock_on_the_wall(now: str, pause: str, resume: str) -> None:
    """Work ends and begins by the local clock, whatever its distance to UTC on that day."""
    assert next_pause(BERLIN, at(now)) == at(pause)
    assert next_resume(BERLIN, at(now)) == at(resume)


def test_an_hour_shown_twice_pauses_late_and_resumes_early() -> None:
    """On 2026-10-25 the clock in Berlin shows 02:30 at 00:30 and again at 01:30 UTC."""
    night = {"days": (Weekday.SUNDAY,), "timezone": "Europe/Berlin", "resume_lead_minutes": 0}
    ending = WorkingHours(start="01:00", end="02:30", **night)
    starting = WorkingHours(start="02:30", end="04:00", **night)
    assert next_pause(ending, at("2026-10-24T12:00")) == at("2026-10-25T01:30")
    assert next_resume(starting, at("2026-10-24T12:00")) == at("2026-10-25T00:30")


def test_an_hour_that_is_skipped_comes_at_the_skip() -> None:
    """On 2026-03-29 there is no 02:30 in Berlin: work that ends then ends within the hour of the skip."""
    night = WorkingHours(start="00:30", end="02:30", days=(Weekday.SUNDAY,), timezone="Europe/Berlin")
    assert next_pause(night, at("2026-03-28T12:00")) == at("2026-03-29T01:30")


hours = st.builds(
    WorkingHours,
    days=st.lists(st.sampled_from(Weekday), min_size=1, unique=True).map(tuple),
    start=st.sampled_from(["00:00", "02:30", "08:00"]),
    end=st.sampled_from(["08:30", "18:00", "23:59"]),
    timezone=st.sampled_from(
        [
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "Pacific/Kiritimati",
            "Pacific/Pago_Pago",
            "Australia/Lord_Howe",
        ]
    ),
    resume_lead_minutes=st.sampled_from([0, 15, 180]),
)


@settings(max_examples=60, deadline=None)
@given(hours=hours, minutes=st.integers(min_value=0, max_value=2 * 365 * 24 * 60))
def test_there_is_always_a_next_turn_by_the_local_clock(hours: WorkingHours, minutes: int) -> None:
    """Whatever the days and the zone, both turns come within eight days, on a day and time that is named."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    pause, resume = next_pause(hours, now), next_resume(hours, now)
    zone = ZoneInfo(hours.timezone)
    lead = timedelta(minutes=hours.resume_lead_minutes)
    for turn in (pause, resume):
        assert now < turn <= now + timedelta(days=8)
    assert hours.includes(pause.astimezone(zone).weekday())
    assert hours.includes((resume + lead).astimezone(zone).weekday())
