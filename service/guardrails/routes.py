"""Guardrails and exemptions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from programs.request.identifiers import DnsLabel
from service.access.http import Actor, CallerOf, check_environment, check_team, requires
from service.access.permissions import Permission
from service.core.app_state import SettingsOf, Uows
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
from service.environments.repository import get_environment
from service.guardrails.check import level_of
from service.guardrails.errors import ExemptionNotFoundError, ExemptionOverError, InvalidExemptionError
from service.guardrails.model import ExemptionId
from service.guardrails.repository import list_exemptions
from service.guardrails.rules import RULES
from service.guardrails.schemas import (
    ExemptionView,
    ExemptionWish,
    Guardrails,
    exemption_view,
    guardrail_view,
)
from service.guardrails.use_cases import GrantExemption, grant_exemption, revoke_exemption
from service.idempotency.answers import Answer, answer_once
from service.idempotency.errors import KeyInFlightError, KeyReusedError
from service.idempotency.http import Keyed, send_answer

router = APIRouter(prefix="/v1/guardrails", tags=["Guardrails"], dependencies=[Depends(check_media_type)])

CLASSES = ("ephemeral", "standard", "production")
NO_TEAM = ""
ExemptionIdPath = Annotated[
    ExemptionId, Path(pattern=r"^exm_[0-9a-f]{32}$", examples=["exm_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
KEY_ERRORS = (KeyReusedError, KeyInFlightError)


@router.get(
    "",
    operation_id="list_guardrails",
    dependencies=[requires(Permission.GUARDRAILS_READ)],
    summary="List the guardrails",
    responses=problems(),
)
async def list_all(settings: SettingsOf) -> Guardrails:
    """List the rules that plans are held to, with how strictly each is held to for each class."""
    return Guardrails(
        items=[
            guardrail_view(
                rule,
                {
                    one: level_of(rule.name, settings.guardrails, environment_class=one, team=NO_TEAM)
                    for one in CLASSES
                },
            )
            for rule in RULES.values()
        ]
    )


@router.post(
    "/exemptions",
    operation_id="grant_exemption",
    dependencies=[requires(Permission.GUARDRAILS_EXEMPT)],
    summary="Exempt from a guardrail",
    status_code=201,
    response_model=ExemptionView,
    responses=problems(
        EnvironmentNotFoundError,
        InvalidExemptionError,
        InvalidInputError,
        MalformedBodyError,
        BodyTooLargeError,
        UnsupportedMediaTypeError,
        *KEY_ERRORS,
    ),
)
async def grant(wish: ExemptionWish, keyed: Keyed, caller: CallerOf, uows: Uows) -> Response:
    """Let a team, or one environment, break a rule until a time: its findings are advisory until then."""

    async def work(uow: UnitOfWork) -> Answer:
        team = wish.team
        environment_id = None if wish.environment_id is None else EnvironmentId(wish.environment_id)
        if environment_id is not None:
            await check_environment(caller, Permission.GUARDRAILS_EXEMPT, environment_id, uow)
            team = (await get_environment(uow.session, environment_id)).team
        check_team(caller, Permission.GUARDRAILS_EXEMPT, team)
        command = GrantExemption(
            wish.rule, team or NO_TEAM, environment_id, wish.reason, wish.until, caller.actor
        )
        exemption = await grant_exemption(command, uow)
        return Answer(201, exemption_view(exemption).model_dump_json().encode(), {})

    return send_answer(await answer_once(keyed, uows, work))


@router.get(
    "/exemptions",
    operation_id="list_exemptions",
    dependencies=[requires(Permission.GUARDRAILS_READ)],
    summary="List exemptions from guardrails",
    responses=problems(InvalidInputError),
)
async def list_of_exemptions(
    caller: CallerOf,
    uows: Uows,
    team: Annotated[DnsLabel | None, Query()] = None,
    active: Annotated[bool | None, Query(description="Only those that hold now, or only the others")] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[ExemptionView]:
    """List exemptions, newest first, revoked and past ones among them."""
    page = read_page_request(page_size, page_token, {"team": team, "active": str(active)})
    scope = caller.teams_where(Permission.GUARDRAILS_READ)
    async with uows() as uow:
        found = await list_exemptions(uow.session, page, team=team, is_active=active, scope=scope)
    return make_page(page, [exemption_view(one) for one in found], lambda one: one.id)


@router.post(
    "/exemptions/{exemption_id}/revoke",
    operation_id="revoke_exemption",
    dependencies=[requires(Permission.GUARDRAILS_EXEMPT)],
    summary="Revoke an exemption",
    response_model=ExemptionView,
    responses=problems(ExemptionNotFoundError, ExemptionOverError, InvalidInputError, *KEY_ERRORS),
)
async def revoke(exemption_id: ExemptionIdPath, keyed: Keyed, actor: Actor, uows: Uows) -> Response:
    """End an exemption now. What was planned before under it goes on; the next plan is held to the rule."""

    async def work(uow: UnitOfWork) -> Answer:
        exemption = await revoke_exemption(exemption_id, actor, uow)
        return Answer(200, exemption_view(exemption).model_dump_json().encode(), {})

    return send_answer(await answer_once(keyed, uows, work))
