"""Tokens over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from service.access.http import CallerOf, requires
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
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer
from service.tokens.errors import GrantRefusedError, TokenNotFoundError, TokenRevokedError
from service.tokens.model import TokenId, TokenKind
from service.tokens.repository import list_visible
from service.tokens.schemas import TokenView, TokenWish, TokenWithSecret, token_view, token_with_secret
from service.tokens.use_cases import create_token, revoke_token

router = APIRouter(prefix="/v1/tokens", tags=["Access"], dependencies=[Depends(check_media_type)])

TokenIdPath = Annotated[
    TokenId, Path(pattern=r"^tok_[0-9a-f]{32}$", examples=["tok_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
KEY_ERRORS = (KeyReusedError, KeyInFlightError)


@router.post(
    "",
    operation_id="create_token",
    dependencies=[requires(Permission.TOKENS_OWN)],
    summary="Create a token",
    status_code=201,
    response_model=TokenWithSecret,
    responses=problems(
        GrantRefusedError,
        InvalidInputError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
        *KEY_ERRORS,
    ),
)
async def create(
    wish: TokenWish, keyed: Keyed, caller: CallerOf, uows: Uows, settings: SettingsOf
) -> Response:
    """Make a bearer token. Its text is shown in this answer alone; only a hash of it is kept."""
    secrets: list[str] = []

    async def work(uow: UnitOfWork) -> Answer:
        created = await create_token(wish.command(), caller, uow, max_days=settings.max_token_days)
        secrets.append(created.secret)
        return Answer(201, token_with_secret(created.token, None).model_dump_json().encode())

    answer = await answer_once(keyed, uows, work)
    if answer.is_replay or not secrets:
        return send_answer(answer)
    shown = TokenWithSecret.model_validate_json(answer.body).model_copy(update={"token": secrets[-1]})
    return send_answer(Answer(answer.status, shown.model_dump_json().encode()))


@router.get(
    "",
    operation_id="list_tokens",
    dependencies=[requires(Permission.TOKENS_OWN)],
    summary="List tokens",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    kind: Annotated[TokenKind | None, Query()] = None,
    active: Annotated[bool | None, Query(description="Only those that open something, or the others")] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[TokenView]:
    """List one's own personal tokens and the service tokens that one manages, newest first."""
    filters = {"kind": kind, "active": None if active is None else str(active)}
    page = read_page_request(page_size, page_token, filters)
    async with uows() as uow:
        found = await list_visible(uow.session, page, caller, kind=kind, is_active=active)
    return make_page(page, [token_view(one) for one in found], lambda one: one.id)


@router.post(
    "/{token_id}/revoke",
    operation_id="revoke_token",
    dependencies=[requires(Permission.TOKENS_OWN)],
    summary="Revoke a token",
    response_model=TokenView,
    responses=problems(TokenNotFoundError, TokenRevokedError, InvalidInputError, *KEY_ERRORS),
)
async def revoke(token_id: TokenIdPath, keyed: Keyed, caller: CallerOf, uows: Uows) -> Response:
    """Make a token worthless at once: the next request that carries it is refused."""

    async def work(uow: UnitOfWork) -> Answer:
        revoked = await revoke_token(token_id, caller, uow)
        return Answer(200, token_view(revoked).model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))
