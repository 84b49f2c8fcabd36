"""Keeps the next pause and resume of an environment in step with the working hours of its request."""

from datetime import datetime

from pydantic import ValidationError

from programs.request import EcsEnvironment, EksEnvironment, parse_request
from programs.request.working_hours import WorkingHours
from service.core.clock import utc_now
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.schedules.hours import next_pause, next_resume
from service.schedules.model import TURNS, ActionKind
from service.schedules.repository import drop_rows, put_row

NEXT = {ActionKind.PAUSE: next_pause, ActionKind.RESUME: next_resume}


async def plan_turns(environment: Environment, uow: UnitOfWork) -> None:
    """Plan the next pause and resume of a new or changed request; what was delayed is planned anew.

    Does not commit.
    """
    hours = working_hours_of(environment)
    if hours is None:
        await drop_rows(uow.session, environment.id, TURNS)
        return
    for kind in TURNS:
        await plan_turn(environment, kind, hours, utc_now(), uow)


async def plan_turn(
    environment: Environment, kind: ActionKind, hours: WorkingHours, after: datetime, uow: UnitOfWork
) -> None:
    """Plan the first pause or resume later than `after`. Does not commit."""
    moment = NEXT[kind](hours, after)
    await put_row(uow.session, environment.id, kind, planned_at=moment, due_at=moment)


def working_hours_of(environment: Environment) -> WorkingHours | None:
    """Return the working hours of an environment's request; None where it has none."""
    request = request_of(environment)
    return None if request is None else request.working_hours


def request_of(environment: Environment) -> EcsEnvironment | EksEnvironment | None:
    """Read the recorded request; None where this version of its rules refuses it."""
    try:
        return parse_request(environment.request)
    except ValidationError:
        return None
