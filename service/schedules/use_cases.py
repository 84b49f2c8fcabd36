"""What callers may do with scheduled actions: put one off, or leave one out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import FieldError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.expiry import ExtendEnvironment, extend_environment
from service.environments.model import Environment
from service.environments.repository import get_environment
from service.environments.requested import read_request
from service.schedules.errors import InvalidDelayError, ScheduledActionNotFoundError
from service.schedules.hours import next_pause, next_resume
from service.schedules.listing import drift_period, list_actions
from service.schedules.model import ActionId, ActionKind, ScheduledAction
from service.schedules.planning import plan_turn, working_hours_of
from service.schedules.repository import put_row
from service.settings import Settings

LONGEST_DELAY = timedelta(days=90)
OTHER_TURN = {ActionKind.PAUSE: next_resume, ActionKind.RESUME: next_pause}


@dataclass(frozen=True, slots=True)
class ChangeAction:
    """The wish that an action is done at `until`; with None, that it is left out this once."""

    environment_id: EnvironmentId
    action_id: ActionId
    until: datetime | None
    actor: str


async def change_action(command: ChangeAction, uow: UnitOfWork, settings: Settings) -> list[ScheduledAction]:
    """Delay or skip the action and return what is due then. The caller commits.

    An end that is skipped comes one time to live later, or as late as its class allows; a failed creation's,
    not again.

    Raises:
        EnvironmentNotFoundError, ScheduledActionNotFoundError.
        InvalidDelayError: until then it cannot be put off.
        InvalidRequestError: the class may not live for so long.
    """
    environment = await get_environment(uow.session, command.environment_id, lock=True)
    due = await list_actions(environment, uow, settings)
    action = next((one for one in due if one.id == command.action_id), None)
    if action is None:
        raise ScheduledActionNotFoundError(command.action_id)
    if command.until is not None:
        _check_delay(environment, action, command.until)
    await _change(environment, action, command, uow, settings)
    await _record(environment, action, command, uow)
    changed = await get_environment(uow.session, environment.id)
    return await list_actions(changed, uow, settings)


async def _change(
    environment: Environment,
    action: ScheduledAction,
    command: ChangeAction,
    uow: UnitOfWork,
    settings: Settings,
) -> None:
    match action.kind:
        case ActionKind.EXPIRY:
            await _move_end(environment, action, command, uow, settings)
        case ActionKind.PAUSE | ActionKind.RESUME:
            hours = working_hours_of(environment)
            if command.until is None and hours is not None:
                await plan_turn(environment, action.kind, hours, action.planned_at, uow)
            else:
                await _put_off(action, command.until, command.actor, uow)
        case ActionKind.DRIFT_CHECK:
            period = drift_period(environment, settings)
            until = action.due_at + period if command.until is None and period else command.until
            await _put_off(action, until, command.actor, uow)
        case ActionKind.CLEANUP:
            await _put_off(action, command.until, command.actor, uow)


async def _put_off(action: ScheduledAction, until: datetime | None, actor: str, uow: UnitOfWork) -> None:
    await put_row(
        uow.session,
        action.environment_id,
        action.kind,
        planned_at=action.planned_at,
        due_at=until,
        changed_by=actor,
    )


async def _move_end(
    environment: Environment,
    action: ScheduledAction,
    command: ChangeAction,
    uow: UnitOfWork,
    settings: Settings,
) -> None:
    until = command.until
    if until is None:
        lifetime = read_request(dict(environment.request), settings).ttl  # pyright: ignore[reportArgumentType] -- stored JSON
        until = action.due_at + (lifetime or timedelta(0))
    ttl = until - utc_now()
    longest = settings.lifetime_of(environment.environment_class, environment.team).max_days
    if command.until is None and longest is not None:
        ttl = min(ttl, timedelta(days=longest))
    await extend_environment(ExtendEnvironment(environment.id, ttl, command.actor), uow, settings)


def _check_delay(environment: Environment, action: ScheduledAction, until: datetime) -> None:
    now = utc_now()
    if until <= now:
        raise _invalid("this has passed; name a moment to come")
    if until > now + LONGEST_DELAY:
        raise _invalid(f"an action is put off by {LONGEST_DELAY.days} days at most")
    hours = working_hours_of(environment)
    if action.kind in OTHER_TURN and hours is not None:
        limit = OTHER_TURN[action.kind](hours, action.planned_at)
        if until >= limit:
            raise _invalid(
                f"the opposite is due at {limit.isoformat()}; name an earlier moment, or skip this"
            )


def _invalid(message: str) -> InvalidDelayError:
    fields = (FieldError(pointer="/until", message=message, code="invalid_delay"),)
    return InvalidDelayError(f"/until: {message}", fields=fields)


async def _record(
    environment: Environment, action: ScheduledAction, command: ChangeAction, uow: UnitOfWork
) -> None:
    is_skipped = command.until is None
    after = None if command.until is None else command.until.isoformat()
    entry = AuditEntry(
        actor=command.actor,
        action=AuditAction.SCHEDULED_ACTION_SKIPPED if is_skipped else AuditAction.SCHEDULED_ACTION_DELAYED,
        team=environment.team,
        environment_id=environment.id,
        detail={"action": action.kind, "before": action.due_at.isoformat(), "after": after},
    )
    await record_action(uow.session, entry)
