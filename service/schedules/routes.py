"""Scheduled actions, pauses and resumes over HTTP."""

from fastapi import APIRouter, Depends, Response

from service.access.http import Actor, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.unit_of_work import UnitOfWork
from service.environments.accepted import ACCEPTED, accept
from service.environments.errors import (
    EnvironmentNotFoundError,
    EnvironmentProtectedError,
    InvalidRequestError,
)
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import get_environment
from service.environments.schemas import AcceptedView
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.operations.errors import EnvironmentBusyError, EnvironmentDestroyedError
from service.schedules.errors import (
    EnvironmentNotDeployedError,
    EnvironmentNotPausableError,
    InvalidDelayError,
    ScheduledActionNotFoundError,
)
from service.schedules.listing import list_actions
from service.schedules.model import ScheduledAction
from service.schedules.pausing import TurnEnvironment, turn_environment
from service.schedules.schemas import ActionIdPath, DelayWanted, ScheduledActionList, actions_view
from service.schedules.use_cases import ChangeAction, change_action

router = APIRouter(
    prefix="/v1/environments/{environment_id}",
    tags=["Schedules"],
    dependencies=[Depends(check_media_type)],
)
TURN_ERRORS = (
    EnvironmentNotFoundError,
    EnvironmentNotDeployedError,
    EnvironmentDestroyedError,
    EnvironmentBusyError,
    KeyReusedError,
    KeyInFlightError,
)


@router.get(
    "/scheduled-actions",
    operation_id="list_scheduled_actions",
    dependencies=[requires(Permission.ENVIRONMENTS_READ)],
    summary="List what is due for an environment",
    responses=problems(EnvironmentNotFoundError),
)
async def list_all(
    environment_id: EnvironmentIdPath, uows: Uows, settings: SettingsOf
) -> ScheduledActionList:
    """List the next end, pause, resume, drift check and clean-up that are due, the nearest first."""
    async with uows() as uow:
        environment = await get_environment(uow.session, environment_id)
        return actions_view(await list_actions(environment, uow, settings))


@router.post(
    "/scheduled-actions/{action_id}/delay",
    operation_id="delay_scheduled_action",
    dependencies=[requires(Permission.ENVIRONMENTS_EXTEND)],
    summary="Put a scheduled action off",
    response_model=ScheduledActionList,
    responses=problems(
        EnvironmentNotFoundError,
        ScheduledActionNotFoundError,
        EnvironmentDestroyedError,
        InvalidDelayError,
        InvalidRequestError,
        InvalidInputError,
        KeyReusedError,
        KeyInFlightError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
    ),
)
async def delay(
    environment_id: EnvironmentIdPath,
    action_id: ActionIdPath,
    wanted: DelayWanted,
    keyed: Keyed,
    actor: Actor,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Do the action at another time, and answer what is due then.

    An end stays within its class's longest life; a pause comes before work begins again, a resume before it
    ends.
    """
    command = ChangeAction(environment_id, action_id, wanted.until, actor)

    async def work(uow: UnitOfWork) -> Answer:
        return _answer(await change_action(command, uow, settings))

    return send_answer(await answer_once(keyed, uows, work))


@router.post(
    "/scheduled-actions/{action_id}/skip",
    operation_id="skip_scheduled_action",
    dependencies=[requires(Permission.ENVIRONMENTS_EXTEND)],
    summary="Skip a scheduled action",
    response_model=ScheduledActionList,
    responses=problems(
        EnvironmentNotFoundError,
        ScheduledActionNotFoundError,
        EnvironmentDestroyedError,
        InvalidRequestError,
        KeyReusedError,
        KeyInFlightError,
    ),
)
async def skip(
    environment_id: EnvironmentIdPath,
    action_id: ActionIdPath,
    keyed: Keyed,
    actor: Actor,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Leave the action out this once, and answer what is due then.

    An end comes one time to live later, a pause the next evening, a failed creation's clean-up not again.
    """
    command = ChangeAction(environment_id, action_id, None, actor)

    async def work(uow: UnitOfWork) -> Answer:
        return _answer(await change_action(command, uow, settings))

    return send_answer(await answer_once(keyed, uows, work))


def _answer(actions: list[ScheduledAction]) -> Answer:
    return Answer(status=200, body=actions_view(actions).model_dump_json().encode())


@router.post(
    "/pause",
    operation_id="pause_environment",
    dependencies=[requires(Permission.OPERATIONS_START)],
    summary="Pause an environment",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(*TURN_ERRORS, EnvironmentProtectedError, EnvironmentNotPausableError),
    },
)
async def pause(
    environment_id: EnvironmentIdPath, keyed: Keyed, actor: Actor, uows: Uows, settings: SettingsOf
) -> Response:
    """Bring every workload to 0 copies until it is resumed, by its working hours or by hand."""
    return await _turn(TurnEnvironment(environment_id, pause=True, actor=actor), keyed, uows, settings)


@router.post(
    "/resume",
    operation_id="resume_environment",
    dependencies=[requires(Permission.OPERATIONS_START)],
    summary="Resume an environment",
    status_code=202,
    response_model=AcceptedView,
    responses={**ACCEPTED, **problems(*TURN_ERRORS)},
)
async def resume(
    environment_id: EnvironmentIdPath, keyed: Keyed, actor: Actor, uows: Uows, settings: SettingsOf
) -> Response:
    """Bring every workload back to the copies of its request, until its working hours pause it again."""
    return await _turn(TurnEnvironment(environment_id, pause=False, actor=actor), keyed, uows, settings)


async def _turn(command: TurnEnvironment, keyed: Keyed, uows: Uows, settings: SettingsOf) -> Response:
    async def work(uow: UnitOfWork) -> Answer:
        accepted = await turn_environment(command, uow, settings)
        return accept(accepted, location=f"/v1/operations/{accepted.operation.id}")

    return send_answer(await answer_once(keyed, uows, work))
