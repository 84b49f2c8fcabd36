"""Environments over HTTP."""

import re
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response

from programs.request.identifiers import DnsLabel
from service.access.http import Actor, CallerOf, check_team, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
from service.core.documents import Document, check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    PreconditionError,
    PreconditionMissingError,
    UnsupportedMediaTypeError,
)
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.environments.accepted import ACCEPTED, ETAG_HEADER, accept, etag_of
from service.environments.errors import (
    EnvironmentExistsError,
    EnvironmentNotExpiringError,
    EnvironmentNotFoundError,
    EnvironmentProtectedError,
    InvalidRequestError,
)
from service.environments.expiry import ExtendEnvironment, extend_environment
from service.environments.form import patch_body, request_body
from service.environments.model import EnvironmentStatus
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import EnvironmentFilter, get_environment, list_environments
from service.environments.requested import read_request
from service.environments.schemas import (
    AcceptedView,
    EnvironmentSummary,
    EnvironmentView,
    ExtensionWanted,
    environment_summary,
    environment_view,
)
from service.environments.use_cases import (
    ChangeEnvironment,
    CreateEnvironment,
    change_environment,
    create_environment,
)
from service.freezes.errors import EnvironmentFrozenError
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.limits.errors import QuotaExceededError
from service.operations.errors import EnvironmentBusyError, EnvironmentDestroyedError
from service.operations.model import OperationKind
from service.operations.schemas import QueueWish, RequestKind
from service.operations.use_cases import StartOperation, request_operation
from service.plans.rules import plan_rules
from service.references.errors import EnvironmentInUseByOthersError

router = APIRouter(prefix="/v1/environments", tags=["Environments"], dependencies=[Depends(check_media_type)])
BODY_ERRORS = (MalformedBodyError, BodyTooLargeError, UnsupportedMediaTypeError)
KEY_ERRORS = (KeyReusedError, KeyInFlightError)
_ETAG = re.compile(r'"([1-9][0-9]{0,8})"')

OperationWish = Annotated[
    RequestKind,
    Query(description="`deploy` it, or only `preview` what a deploy would do; a later operation may deploy"),
]


@router.post(
    "",
    operation_id="create_environment",
    dependencies=[requires(Permission.ENVIRONMENTS_CREATE)],
    summary="Create an environment",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(
            EnvironmentExistsError, QuotaExceededError, InvalidRequestError, *KEY_ERRORS, *BODY_ERRORS
        ),
    },
    openapi_extra={"requestBody": request_body()},
)
async def create(
    document: Document,
    keyed: Keyed,
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
    operation: OperationWish = RequestKind.DEPLOY,
) -> Response:
    """Record what is wanted and put its first operation in line: a deploy, or a preview on request.

    The answer comes at once; follow the operation at `Operation-Location`.
    """
    command = CreateEnvironment(document=document, kind=OperationKind(operation), actor=caller.actor)

    async def work(uow: UnitOfWork) -> Answer:
        check_team(caller, Permission.ENVIRONMENTS_CREATE, read_request(document, settings).team)
        return accept(await create_environment(command, uow, settings))

    return send_answer(await answer_once(keyed, uows, work))


def _read_filter(
    team: Annotated[DnsLabel | None, Query()] = None,
    name: Annotated[DnsLabel | None, Query()] = None,
    status: Annotated[EnvironmentStatus | None, Query()] = None,
    orchestrator: Annotated[str | None, Query(pattern="^(ecs|eks)$")] = None,
    include_destroyed: Annotated[bool, Query(description="Show destroyed ones among the others")] = False,
) -> EnvironmentFilter:
    return EnvironmentFilter(team, name, status, orchestrator, include_destroyed)


@router.get(
    "",
    operation_id="list_environments",
    dependencies=[requires(Permission.ENVIRONMENTS_READ)],
    summary="List environments",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    wanted: Annotated[EnvironmentFilter, Depends(_read_filter)],
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[EnvironmentSummary]:
    """List environments, newest first. Destroyed ones are shown with `status=destroyed` or on request."""
    page = read_page_request(page_size, page_token, wanted.texts())
    async with uows() as uow:
        scope = caller.teams_where(Permission.ENVIRONMENTS_READ)
        found = await list_environments(uow.session, wanted, page, scope)
    return make_page(page, [environment_summary(one) for one in found], lambda one: one.id)


@router.get(
    "/{environment_id}",
    operation_id="get_environment",
    dependencies=[requires(Permission.ENVIRONMENTS_READ)],
    summary="Read an environment",
    responses={
        200: {"headers": ETAG_HEADER},
        **problems(EnvironmentNotFoundError),
    },
)
async def get(environment_id: EnvironmentIdPath, uows: Uows, response: Response) -> EnvironmentView:
    """Read an environment with its request document."""
    async with uows() as uow:
        environment = await get_environment(uow.session, environment_id)
    response.headers["ETag"] = etag_of(environment)
    return environment_view(environment)


def _read_if_match(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="The ETag of the revision that the change is based on, or `*`",
            examples=['"1"'],
        ),
    ] = None,
) -> int | None:
    """Return the revision that the caller has read; None for any."""
    if if_match is None:
        raise PreconditionMissingError(
            "say which revision this change is based on", hint="send the environment's ETag as If-Match"
        )
    if if_match.strip() == "*":
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise PreconditionError(f"{if_match} is not the ETag of any revision")
    return int(match[1])


@router.patch(
    "/{environment_id}",
    operation_id="change_environment",
    dependencies=[requires(Permission.ENVIRONMENTS_CHANGE)],
    summary="Change an environment",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(
            EnvironmentNotFoundError,
            EnvironmentBusyError,
            EnvironmentFrozenError,
            EnvironmentDestroyedError,
            PreconditionError,
            PreconditionMissingError,
            QuotaExceededError,
            InvalidRequestError,
            *KEY_ERRORS,
            *BODY_ERRORS,
        ),
    },
    openapi_extra={"requestBody": patch_body()},
)
async def change(  # noqa: PLR0913, PLR0917 -- each is a part of the request
    environment_id: EnvironmentIdPath,
    revision: Annotated[int | None, Depends(_read_if_match)],
    patch: Document,
    keyed: Keyed,
    caller: CallerOf,
    uows: Uows,
    settings: SettingsOf,
    operation: OperationWish = RequestKind.DEPLOY,
    queue: QueueWish = None,
) -> Response:
    """Change the request by a JSON merge patch and put the operation that makes it so in line."""
    kind = OperationKind(operation)
    may_decide = partial(caller.may, Permission.PLANS_DECIDE)
    command = ChangeEnvironment(environment_id, patch, revision, kind, keyed.actor, queue, may_decide)

    async def work(uow: UnitOfWork) -> Answer:
        return accept(await change_environment(command, uow, settings))

    return send_answer(await answer_once(keyed, uows, work))


@router.delete(
    "/{environment_id}",
    operation_id="destroy_environment",
    dependencies=[requires(Permission.ENVIRONMENTS_DESTROY)],
    summary="Destroy an environment",
    status_code=202,
    response_model=AcceptedView,
    responses={
        **ACCEPTED,
        **problems(
            EnvironmentNotFoundError,
            EnvironmentProtectedError,
            EnvironmentInUseByOthersError,
            EnvironmentDestroyedError,
            EnvironmentBusyError,
        ),
    },
)
async def destroy(
    environment_id: EnvironmentIdPath, actor: Actor, uows: Uows, settings: SettingsOf
) -> Response:
    """Put the destroy of all its resources in line; its records stay, with the status `destroyed`."""
    command = StartOperation(
        OperationKind.DESTROY, actor, settings.max_waiting_operations, plan_rules(settings)
    )
    async with uows() as uow:
        accepted = await request_operation(environment_id, command, uow)
        await uow.commit()
    return send_answer(accept(accepted))


@router.post(
    "/{environment_id}/extend",
    operation_id="extend_environment",
    dependencies=[requires(Permission.ENVIRONMENTS_EXTEND)],
    summary="Let an environment live longer",
    response_model=EnvironmentView,
    responses={
        200: {"headers": ETAG_HEADER},
        **problems(
            EnvironmentNotFoundError,
            EnvironmentNotExpiringError,
            EnvironmentDestroyedError,
            InvalidInputError,
            InvalidRequestError,
            *KEY_ERRORS,
            *BODY_ERRORS,
        ),
    },
)
async def extend(
    environment_id: EnvironmentIdPath,
    wanted: ExtensionWanted,
    keyed: Keyed,
    actor: Actor,
    uows: Uows,
    settings: SettingsOf,
) -> Response:
    """Move the end of an environment with a time to live; it counts from now, within its class's limit."""
    command = ExtendEnvironment(environment_id, wanted.ttl, actor)

    async def work(uow: UnitOfWork) -> Answer:
        extended = await extend_environment(command, uow, settings)
        body = environment_view(extended).model_dump_json().encode()
        return Answer(status=200, body=body, headers={"ETag": etag_of(extended)})

    return send_answer(await answer_once(keyed, uows, work))
