"""Freezes over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from programs.request.identifiers import DnsLabel
from service.access.http import Actor, CallerOf, check_environment, check_team, requires
from service.access.permissions import Permission
from service.core.app_state import Uows
from service.core.documents import check_media_type
from service.core.errors import (
    BodyTooLargeError,
    InvalidInputError,
    MalformedBodyError,
    UnsupportedMediaTypeError,
)
from service.core.ids import EnvironmentId
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentNotFoundError
from service.freezes.errors import FreezeNotFoundError, FreezeOverError, InvalidFreezeError
from service.freezes.model import FreezeId
from service.freezes.repository import get_freeze, list_freezes
from service.freezes.schemas import FreezeView, FreezeWish, freeze_view
from service.freezes.use_cases import CreateFreeze, create_freeze, lift_freeze
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer

router = APIRouter(prefix="/v1/freezes", tags=["Freezes"], dependencies=[Depends(check_media_type)])

FreezeIdPath = Annotated[
    FreezeId, Path(pattern=r"^frz_[0-9a-f]{32}$", examples=["frz_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
KEY_ERRORS = (KeyReusedError, KeyInFlightError)


@router.post(
    "",
    operation_id="create_freeze",
    dependencies=[requires(Permission.FREEZES_WRITE)],
    summary="Freeze changes",
    status_code=201,
    response_model=FreezeView,
    responses=problems(
        EnvironmentNotFoundError,
        InvalidFreezeError,
        InvalidInputError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
        *KEY_ERRORS,
    ),
)
async def create(wish: FreezeWish, keyed: Keyed, caller: CallerOf, uows: Uows) -> Response:
    """Let nothing change for a while: what runs finishes, what is new waits or is refused, previews go on."""
    command = CreateFreeze(
        environment_id=EnvironmentId(wish.environment_id) if wish.environment_id else None,
        team=wish.team,
        reason=wish.reason,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        actor=caller.actor,
    )

    async def work(uow: UnitOfWork) -> Answer:
        if command.environment_id is not None and command.team is None:
            await check_environment(caller, Permission.FREEZES_WRITE, command.environment_id, uow)
        else:
            check_team(caller, Permission.FREEZES_WRITE, command.team)
        freeze = await create_freeze(command, uow)
        body = freeze_view(freeze).model_dump_json().encode()
        return Answer(201, body, {"Location": f"/v1/freezes/{freeze.id}"})

    return send_answer(await answer_once(keyed, uows, work))


@router.get(
    "",
    operation_id="list_freezes",
    dependencies=[requires(Permission.FREEZES_READ)],
    summary="List freezes",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    team: Annotated[DnsLabel | None, Query()] = None,
    active: Annotated[bool | None, Query(description="Only those that hold now, or only the others")] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[FreezeView]:
    """List freezes, newest first, lifted and past ones among them."""
    page = read_page_request(page_size, page_token, {"team": team, "active": _text(active)})
    async with uows() as uow:
        found = await list_freezes(
            uow.session,
            page,
            team=team,
            is_active=active,
            scope=caller.teams_where(Permission.FREEZES_READ),
        )
    return make_page(page, [freeze_view(one) for one in found], lambda one: one.id)


def _text(flag: bool | None) -> str | None:
    return None if flag is None else str(flag)


@router.get(
    "/{freeze_id}",
    operation_id="get_freeze",
    dependencies=[requires(Permission.FREEZES_READ)],
    summary="Read a freeze",
    responses=problems(FreezeNotFoundError, InvalidInputError),
)
async def get(freeze_id: FreezeIdPath, uows: Uows) -> FreezeView:
    """Read a freeze."""
    async with uows() as uow:
        return freeze_view(await get_freeze(uow.session, freeze_id))


@router.post(
    "/{freeze_id}/lift",
    operation_id="lift_freeze",
    dependencies=[requires(Permission.FREEZES_WRITE)],
    summary="Lift a freeze",
    response_model=FreezeView,
    responses=problems(FreezeNotFoundError, FreezeOverError, InvalidInputError, *KEY_ERRORS),
)
async def lift(freeze_id: FreezeIdPath, keyed: Keyed, actor: Actor, uows: Uows) -> Response:
    """End a freeze now; what waits because of it goes on."""

    async def work(uow: UnitOfWork) -> Answer:
        freeze = await lift_freeze(freeze_id, actor, uow)
        return Answer(200, freeze_view(freeze).model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))
