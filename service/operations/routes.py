"""Operations over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from service.access.http import Actor, CallerOf, check_environment, requires
from service.access.model import Caller
from service.access.permissions import Permission
from service.backend.replacing import StateVersionNotFoundError
from service.core.app_state import SettingsOf, Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.ids import EnvironmentId, PlanId
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.environments.accepted import ACCEPTED, RETRY_AFTER_SECONDS, accept
from service.environments.errors import EnvironmentNotFoundError, EnvironmentProtectedError
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import get_environment
from service.environments.schemas import AcceptedView
from service.events.hub import Hub
from service.events.stream import wait_for_end
from service.freezes.errors import EnvironmentFrozenError
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.operations.accepted import Accepted
from service.operations.errors import (
    EnvironmentBusyError,
    EnvironmentDestroyedError,
    OperationNotFoundError,
)
from service.operations.line import read_line
from service.operations.model import OperationKind
from service.operations.paths import OperationIdPath
from service.operations.repository import OperationFilter, get_operation, list_operations
from service.operations.schemas import (
    OperationDetail,
    OperationView,
    OperationWanted,
    operation_detail,
    operation_view,
)
from service.operations.states import OperationState, TransitionError
from service.operations.use_cases import (
    StartOperation,
    cancel_operation,
    request_operation,
    retry_operation,
)
from service.plans.errors import PlanNotFoundError, PlanRefusedError, PlanStaleError
from service.plans.rules import plan_rules
from service.references.errors import EnvironmentInUseByOthersError

MAX_WAIT_SECONDS = 60
START_ERRORS = (
    EnvironmentBusyError,
    EnvironmentFrozenError,
    EnvironmentDestroyedError,
    EnvironmentProtectedError,
    EnvironmentInUseByOthersError,
    KeyInFlightError,
    KeyReusedError,
)

# What a kind needs beyond the right to start operations.
FURTHER_RIGHTS = {
    OperationKind.DESTROY: Permission.ENVIRONMENTS_DESTROY,
    OperationKind.RESTORE: Permission.STATE_WRITE,
    OperationKind.IMPORT: Permission.STATE_WRITE,
}

router = APIRouter(prefix="/v1", tags=["Operations"], dependencies=[Depends(check_media_type)])


async def _check_kind(
    caller: Caller, kind: OperationKind, environment_id: EnvironmentId, uow: UnitOfWork
) -> None:
    if kind in FURTHER_RIGHTS:
        await check_environment(caller, FURTHER_RIGHTS[kind], environment_id, uow)


def _accept(accepted: Accepted) -> Answer:
    return accept(accepted, location=f"/v1/operations/{accepted.operation.id}")


@router.post(
    "/environments/{environment_id}/operations",
    operation_id="start_operation",
    dependencies=[requires(Permission.OPERATIONS_START)],
    summary="Start an operation",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(
            EnvironmentNotFoundError,
            PlanNotFoundError,
            PlanStaleError,
            PlanRefusedError,
            StateVersionNotFoundError,
            *START_ERRORS,
            InvalidInputError,
            MalformedBodyError,
            BodyTooLargeError,
            UnsupportedMediaTypeError,
        ),
    },
)
async def start(
    environment_id: EnvironmentIdPath,
    wanted: OperationWanted,
    keyed: Keyed,
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Put an operation in line. An environment's operations run one at a time, first come, first served."""
    command = StartOperation(
        OperationKind(wanted.kind),
        caller.actor,
        settings.max_waiting_operations,
        rules=plan_rules(settings),
        queue=wanted.queue,
        plan_id=None if wanted.plan_id is None else PlanId(wanted.plan_id),
        options=wanted.options(),
    )

    async def work(uow: UnitOfWork) -> Answer:
        await _check_kind(caller, command.kind, environment_id, uow)
        return _accept(await request_operation(environment_id, command, uow))

    return send_answer(await answer_once(keyed, uows, work))


@router.get(
    "/environments/{environment_id}/operations",
    operation_id="list_operations",
    dependencies=[requires(Permission.OPERATIONS_READ)],
    summary="List an environment's operations",
    responses=problems(EnvironmentNotFoundError, InvalidInputError),
)
async def list_of_environment(
    environment_id: EnvironmentIdPath,
    uows: Uows,
    kind: Annotated[OperationKind | None, Query()] = None,
    state: Annotated[OperationState | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[OperationView]:
    """List the operations of an environment, newest first."""
    wanted = OperationFilter(kind, state)
    page = read_page_request(page_size, page_token, {"of": environment_id, **wanted.texts()})
    async with uows() as uow:
        await get_environment(uow.session, environment_id)
        found = await list_operations(uow.session, environment_id, wanted, page)
        line = await read_line(environment_id, uow)
    return make_page(page, [operation_view(one, line.get(one.id)) for one in found], lambda one: one.id)


@router.get(
    "/operations/{operation_id}",
    operation_id="get_operation",
    dependencies=[requires(Permission.OPERATIONS_READ)],
    summary="Read an operation",
    responses=problems(OperationNotFoundError, InvalidInputError),
)
async def get(
    operation_id: OperationIdPath,
    uows: Uows,
    hub: Hub,
    response: Response,
    wait: Annotated[
        float,
        Query(ge=0, le=MAX_WAIT_SECONDS, description="Seconds to wait for its end before answering"),
    ] = 0,
) -> OperationDetail:
    """Read an operation, at once or, with `wait`, as soon as it has ended or the time is over."""
    if wait:
        await wait_for_end(hub, uows, operation_id, seconds=wait)
    async with uows() as uow:
        operation = await get_operation(uow.session, operation_id)
        line = {} if operation.state.is_terminal else await read_line(operation.environment_id, uow)
    if not operation.state.is_terminal:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return operation_detail(operation, line.get(operation_id))


@router.post(
    "/operations/{operation_id}/cancel",
    operation_id="cancel_operation",
    dependencies=[requires(Permission.OPERATIONS_CANCEL)],
    summary="Cancel an operation",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(OperationNotFoundError, TransitionError, KeyInFlightError, KeyReusedError),
    },
)
async def cancel(operation_id: OperationIdPath, keyed: Keyed, actor: Actor, uows: Uows) -> Response:
    """End an operation: at once if it waits; gracefully, after the steps that have begun, if it runs."""

    async def work(uow: UnitOfWork) -> Answer:
        return _accept(await cancel_operation(operation_id, actor, uow))

    return send_answer(await answer_once(keyed, uows, work))


@router.post(
    "/operations/{operation_id}/retry",
    operation_id="retry_operation",
    dependencies=[requires(Permission.OPERATIONS_START)],
    summary="Retry an operation",
    status_code=202,
    response_model=AcceptedView,
    responses={**ACCEPTED, **problems(OperationNotFoundError, TransitionError, *START_ERRORS)},
)
async def retry(
    operation_id: OperationIdPath, keyed: Keyed, caller: CallerOf, uows: Uows, settings: SettingsOf
) -> Response:
    """Start a failed, cancelled or interrupted operation anew, for the environment's present request."""

    async def work(uow: UnitOfWork) -> Answer:
        failed = await get_operation(uow.session, operation_id)
        await _check_kind(caller, failed.kind, failed.environment_id, uow)
        accepted = await retry_operation(
            operation_id,
            caller.actor,
            uow,
            max_waiting=settings.max_waiting_operations,
            rules=plan_rules(settings),
        )
        return _accept(accepted)

    return send_answer(await answer_once(keyed, uows, work))
