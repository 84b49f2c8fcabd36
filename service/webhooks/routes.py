"""Webhook endpoints and deliveries over HTTP."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Response

from programs.request.identifiers import DnsLabel
from service.access.http import Actor, CallerOf, check_team, requires
from service.access.permissions import Permission
from service.core.app_state import Uows
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
from service.webhooks.context import Webhooks
from service.webhooks.errors import (
    DeliveryNotFoundError,
    EndpointDisabledError,
    EndpointNotFoundError,
    TargetRefusedError,
)
from service.webhooks.model import DeliveryId, DeliveryState, EndpointId
from service.webhooks.repository import get_endpoint, list_deliveries, list_endpoints
from service.webhooks.schemas import (
    DeliveryView,
    EndpointPatch,
    EndpointView,
    EndpointWish,
    EndpointWithSecret,
    delivery_view,
    endpoint_view,
    endpoint_with_secret,
)
from service.webhooks.use_cases import (
    CreateEndpoint,
    EndpointChanges,
    change_endpoint,
    create_endpoint,
    ping_endpoint,
    remove_endpoint,
    replay_delivery,
    rotate_secret,
)

router = APIRouter(prefix="/v1/webhooks", tags=["Webhooks"], dependencies=[Depends(check_media_type)])

EndpointIdPath = Annotated[
    EndpointId, Path(pattern=r"^whe_[0-9a-f]{32}$", examples=["whe_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
DeliveryIdPath = Annotated[
    DeliveryId, Path(pattern=r"^whd_[0-9a-f]{32}$", examples=["whd_0192f0c1a7b87c3d9e5f60718293a4b5"])
]
BODY_ERRORS = (MalformedBodyError, BodyTooLargeError, UnsupportedMediaTypeError)
KEY_ERRORS = (KeyReusedError, KeyInFlightError)


@router.post(
    "",
    operation_id="create_webhook",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Create a webhook endpoint",
    status_code=201,
    response_model=EndpointWithSecret,
    responses=problems(TargetRefusedError, InvalidInputError, *KEY_ERRORS, *BODY_ERRORS),
)
async def create(
    wish: EndpointWish, keyed: Keyed, caller: CallerOf, uows: Uows, webhooks: Webhooks
) -> Response:
    """Send events to an address from now on, signed with a secret that is shown in this answer alone."""
    check_team(caller, Permission.WEBHOOKS_WRITE, wish.team)
    command = CreateEndpoint(
        url=wish.url,
        description=wish.description,
        team=wish.team,
        event_types=tuple(wish.event_types),
        actor=caller.actor,
    )
    secrets: list[str] = []

    async def work(uow: UnitOfWork) -> Answer:
        created = await create_endpoint(command, uow, webhooks.box, webhooks.rules)
        secrets.append(created.secret)
        kept = endpoint_with_secret(created.endpoint, None)
        location = f"/v1/webhooks/{created.endpoint.id}"
        return Answer(201, kept.model_dump_json().encode(), {"Location": location})

    return _with_secret(await answer_once(keyed, uows, work), secrets)


@router.get(
    "",
    operation_id="list_webhooks",
    dependencies=[requires(Permission.WEBHOOKS_READ)],
    summary="List endpoints",
    responses=problems(InvalidInputError),
)
async def list_all(
    caller: CallerOf,
    uows: Uows,
    team: Annotated[DnsLabel | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[EndpointView]:
    """List webhook endpoints, newest first."""
    page = read_page_request(page_size, page_token, {"team": team})
    async with uows() as uow:
        scope = caller.teams_where(Permission.WEBHOOKS_READ)
        found = await list_endpoints(uow.session, page, team=team, scope=scope)
    return make_page(page, [endpoint_view(one) for one in found], lambda one: one.id)


@router.get(
    "/{endpoint_id}",
    operation_id="get_webhook",
    dependencies=[requires(Permission.WEBHOOKS_READ)],
    summary="Read an endpoint",
    responses=problems(EndpointNotFoundError, InvalidInputError),
)
async def get(endpoint_id: EndpointIdPath, uows: Uows) -> EndpointView:
    """Read a webhook endpoint; its secret is not shown again."""
    async with uows() as uow:
        return endpoint_view(await get_endpoint(uow.session, endpoint_id))


@router.patch(
    "/{endpoint_id}",
    operation_id="change_webhook",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Change an endpoint",
    responses=problems(EndpointNotFoundError, TargetRefusedError, InvalidInputError, *BODY_ERRORS),
)
async def change(
    endpoint_id: EndpointIdPath, patch: EndpointPatch, caller: CallerOf, uows: Uows, webhooks: Webhooks
) -> EndpointView:
    """Change what is given. Disabling drops what waits; enabling sends what happens from then on."""
    changes = cast("EndpointChanges", patch.model_dump(include=patch.model_fields_set))
    if "team" in changes:
        check_team(caller, Permission.WEBHOOKS_WRITE, changes["team"])
    if "event_types" in changes:
        changes["event_types"] = tuple(patch.event_types)
    async with uows() as uow:
        endpoint = await change_endpoint(endpoint_id, changes, caller.actor, uow, webhooks.rules)
        await uow.commit()
    return endpoint_view(endpoint)


@router.delete(
    "/{endpoint_id}",
    operation_id="remove_webhook",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Remove an endpoint",
    status_code=204,
    responses=problems(EndpointNotFoundError, InvalidInputError),
)
async def remove(endpoint_id: EndpointIdPath, actor: Actor, uows: Uows) -> None:
    """Remove a webhook endpoint with its deliveries."""
    async with uows() as uow:
        await remove_endpoint(endpoint_id, actor, uow)
        await uow.commit()


@router.post(
    "/{endpoint_id}/rotate",
    operation_id="rotate_webhook_secret",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Rotate the secret",
    response_model=EndpointWithSecret,
    responses=problems(EndpointNotFoundError, InvalidInputError, *KEY_ERRORS),
)
async def rotate(
    endpoint_id: EndpointIdPath, keyed: Keyed, actor: Actor, uows: Uows, webhooks: Webhooks
) -> Response:
    """Make a new secret. For a day messages carry the signatures of both."""
    secrets: list[str] = []

    async def work(uow: UnitOfWork) -> Answer:
        rotated = await rotate_secret(endpoint_id, actor, uow, webhooks.box)
        secrets.append(rotated.secret)
        return Answer(200, endpoint_with_secret(rotated.endpoint, None).model_dump_json().encode())

    return _with_secret(await answer_once(keyed, uows, work), secrets)


@router.post(
    "/{endpoint_id}/ping",
    operation_id="ping_webhook",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Send a ping",
    status_code=202,
    response_model=DeliveryView,
    responses=problems(EndpointNotFoundError, EndpointDisabledError, InvalidInputError, *KEY_ERRORS),
)
async def ping(endpoint_id: EndpointIdPath, keyed: Keyed, actor: Actor, uows: Uows) -> Response:
    """Send a message of type `ping`, to see whether the endpoint takes it."""

    async def work(uow: UnitOfWork) -> Answer:
        delivery = await ping_endpoint(endpoint_id, actor, uow)
        return Answer(202, delivery_view(delivery).model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))


@router.get(
    "/{endpoint_id}/deliveries",
    operation_id="list_webhook_deliveries",
    dependencies=[requires(Permission.WEBHOOKS_READ)],
    summary="List an endpoint's deliveries",
    responses=problems(EndpointNotFoundError, InvalidInputError),
)
async def list_of_endpoint(
    endpoint_id: EndpointIdPath,
    uows: Uows,
    state: Annotated[DeliveryState | None, Query()] = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[DeliveryView]:
    """List what was and what is to be delivered, newest first."""
    page = read_page_request(page_size, page_token, {"of": endpoint_id, "state": state})
    async with uows() as uow:
        await get_endpoint(uow.session, endpoint_id)
        found = await list_deliveries(uow.session, endpoint_id, page, state=state)
    return make_page(page, [delivery_view(one) for one in found], lambda one: one.id)


@router.post(
    "/{endpoint_id}/deliveries/{delivery_id}/replay",
    operation_id="replay_webhook_delivery",
    dependencies=[requires(Permission.WEBHOOKS_WRITE)],
    summary="Deliver once more",
    status_code=202,
    response_model=DeliveryView,
    responses=problems(
        EndpointNotFoundError, DeliveryNotFoundError, EndpointDisabledError, InvalidInputError, *KEY_ERRORS
    ),
)
async def replay(
    endpoint_id: EndpointIdPath, delivery_id: DeliveryIdPath, keyed: Keyed, actor: Actor, uows: Uows
) -> Response:
    """Send an event again, whatever became of it; receivers know it by its `webhook-id`."""

    async def work(uow: UnitOfWork) -> Answer:
        delivery = await replay_delivery(endpoint_id, delivery_id, actor, uow)
        return Answer(202, delivery_view(delivery).model_dump_json().encode())

    return send_answer(await answer_once(keyed, uows, work))


def _with_secret(answer: Answer, secrets: list[str]) -> Response:
    """Put the secret into what is sent, never into what is kept for a repetition."""
    if answer.is_replay or not secrets:
        return send_answer(answer)
    shown = EndpointWithSecret.model_validate_json(answer.body).model_copy(update={"secret": secrets[-1]})
    return send_answer(Answer(answer.status, shown.model_dump_json().encode(), answer.headers))
