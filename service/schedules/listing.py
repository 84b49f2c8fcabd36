"""What is due for one environment, from its rules and from what was delayed."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.core.unit_of_work import UnitOfWork
from service.drift.repository import read_last_look
from service.environments.model import Environment, EnvironmentStatus
from service.schedules.model import NEVER_OF_PROTECTED, TURNS, ActionKind, ScheduledAction
from service.schedules.repository import is_failed_creation, read_rows
from service.schedules.tables import ScheduledActionRow
from service.settings import Settings


async def list_actions(
    environment: Environment, uow: UnitOfWork, settings: Settings
) -> list[ScheduledAction]:
    """Return the next action of each kind that is due, the nearest first."""
    if environment.status is EnvironmentStatus.DESTROYED:
        return []
    rows = await read_rows(uow.session, environment.id)
    actions = [action for kind in TURNS if (action := _recorded(environment, rows, kind)) is not None]
    cleanup = _recorded(environment, rows, ActionKind.CLEANUP)
    if cleanup is not None and await is_failed_creation(uow.session, environment.id):
        actions.append(cleanup)
    if environment.expires_at is not None:
        actions.append(_action(environment, ActionKind.EXPIRY, environment.expires_at))
    checked_at = await _next_drift_check(environment, uow, settings)
    if checked_at is not None:
        actions.append(_drift_check(environment, checked_at, rows.get(ActionKind.DRIFT_CHECK)))
    return sorted(actions, key=lambda one: (one.due_at, one.kind))


def drift_period(environment: Environment, settings: Settings) -> timedelta | None:
    """Return how often an environment is compared with the cloud; None for never."""
    hours = settings.drift_check_hours.get(environment.environment_class)
    return None if hours is None else timedelta(hours=hours)


async def _next_drift_check(environment: Environment, uow: UnitOfWork, settings: Settings) -> datetime | None:
    period = drift_period(environment, settings)
    looked_at = await read_last_look(uow.session, environment.id)
    return None if period is None or looked_at is None else looked_at + period


def _drift_check(
    environment: Environment, planned_at: datetime, row: ScheduledActionRow | None
) -> ScheduledAction:
    if row is None or row.due_at is None or row.due_at <= planned_at:
        return _action(environment, ActionKind.DRIFT_CHECK, planned_at)
    return ScheduledAction(
        environment.id, ActionKind.DRIFT_CHECK, planned_at, row.due_at, changed_by=row.changed_by
    )


def _recorded(
    environment: Environment, rows: Mapping[ActionKind, ScheduledActionRow], kind: ActionKind
) -> ScheduledAction | None:
    row = rows.get(kind)
    if row is None or row.due_at is None:
        return None
    is_held = environment.is_protected and kind in NEVER_OF_PROTECTED
    return ScheduledAction(environment.id, kind, row.planned_at, row.due_at, is_held, row.changed_by)


def _action(environment: Environment, kind: ActionKind, moment: datetime) -> ScheduledAction:
    is_held = environment.is_protected and kind in NEVER_OF_PROTECTED
    return ScheduledAction(environment.id, kind, moment, moment, is_held)
