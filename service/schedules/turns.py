"""Does what working hours have made due; each action is committed on its own."""

from datetime import timedelta

import structlog

from service.core.clock import utc_now
from service.core.errors import BerthError
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment, EnvironmentStatus
from service.environments.repository import get_environment
from service.freezes.errors import EnvironmentFrozenError
from service.freezes.use_cases import refuse_if_frozen
from service.operations.errors import EnvironmentBusyError
from service.operations.model import OperationKind
from service.schedules.model import TURNS, ActionKind
from service.schedules.pausing import TurnEnvironment, turn_environment
from service.schedules.planning import plan_turn, working_hours_of
from service.schedules.repository import drop_rows, find_due, put_row, read_rows
from service.settings import Settings

SCHEDULER = "berth-schedule"
BATCH = 50
# What a freeze or a full line holds up is looked at again so much later, and holds up nothing else.
HELD_UP = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


async def turn_due(uow: UnitOfWork, settings: Settings) -> int:
    """Begin the pauses and resumes that are due and plan the next; return how many were begun."""
    begun = 0
    for environment_id, kind in await find_due(uow.session, TURNS, limit=BATCH):
        begun += await _turn(environment_id, kind, uow, settings)
        await uow.commit()
    return begun


async def _turn(environment_id: EnvironmentId, kind: ActionKind, uow: UnitOfWork, settings: Settings) -> bool:
    environment = await get_environment(uow.session, environment_id, lock=True)
    rows = await read_rows(uow.session, environment_id)
    row, now = rows.get(kind), utc_now()
    if row is None or row.due_at is None or row.due_at > now:
        return False  # another worker was quicker
    hours = working_hours_of(environment)
    if hours is None or environment.status is EnvironmentStatus.DESTROYED:
        await drop_rows(uow.session, environment_id, TURNS)
        return False
    others = [other for other_kind, other in rows.items() if other_kind in TURNS and other_kind is not kind]
    is_overtaken = any(row.planned_at < other.planned_at <= now for other in others)
    is_begun = False
    if not is_overtaken and _is_wanted(environment, kind):
        try:
            is_begun = await _begin(environment, kind, uow, settings)
        except (EnvironmentFrozenError, EnvironmentBusyError) as held_up:
            _log.info("turn_held_up", environment_id=environment_id, kind=kind, reason=held_up.code)
            await put_row(uow.session, environment_id, kind, planned_at=row.planned_at, due_at=now + HELD_UP)
            return False
    await plan_turn(environment, kind, hours, max(now, row.planned_at), uow)
    return is_begun


def _is_wanted(environment: Environment, kind: ActionKind) -> bool:
    """Whether there is something to do: nothing is done to protected environments by the clock."""
    is_there_already = environment.is_paused is (kind is ActionKind.PAUSE)
    return not environment.is_protected and not is_there_already


async def _begin(environment: Environment, kind: ActionKind, uow: UnitOfWork, settings: Settings) -> bool:
    await refuse_if_frozen(
        uow, environment_id=environment.id, team=environment.team, kind=OperationKind.DEPLOY
    )
    command = TurnEnvironment(environment.id, pause=kind is ActionKind.PAUSE, actor=SCHEDULER)
    try:
        await turn_environment(command, uow, settings)
    except EnvironmentBusyError:
        raise
    except BerthError as refused:
        # Never deployed, being destroyed, not pausable as it was deployed: there is nothing to turn.
        _log.info("turn_left_out", environment_id=environment.id, kind=kind, reason=refused.code)
        return False
    return True
