"""Updates over HTTP: create, start, what became of them, cancel."""

from datetime import datetime
from http import HTTPStatus

from fastapi import Request, Response

from service.access.permissions import Permission
from service.backend import update_use_cases, updates_repository
from service.backend.answers import STACK, backend_router, json_answer
from service.backend.bodies import read_body
from service.backend.callers import open_stack
from service.backend.dependencies import Address, CallerOf, EngineVersion, LeaseOf, Rules, Uow
from service.backend.errors import UpdateNotFoundError
from service.backend.guards import needs, needs_lease
from service.backend.model import Lease, UpdateKind, UpdateStatus
from service.backend.routes.unserved import not_served
from service.backend.schemas import (
    CompleteUpdateRequest,
    CreateUpdateRequest,
    RenewLeaseRequest,
    StartUpdateRequest,
)
from service.backend.updates_repository import UpdateDescription
from service.core.ids import UpdateId
from service.state.json_values import JsonObject

router = backend_router(STACK)

UPDATE = "/{kind}/{update_id}"
ENGINE_KINDS = frozenset({UpdateKind.UPDATE, UpdateKind.PREVIEW, UpdateKind.REFRESH, UpdateKind.DESTROY})


def _kind(text: str) -> UpdateKind:
    """Return the kind that a path names; state imports and renames are no engine's updates."""
    if text not in ENGINE_KINDS:
        raise not_served(text)
    return UpdateKind(text)


@router.post("/{kind}", dependencies=[needs(Permission.STACKS_UPDATE)])
async def create_update(
    request: Request, uow: Uow, caller: CallerOf, address: Address, kind: str, version: EngineVersion
) -> Response:
    """Record that an update is wanted."""
    wanted_kind = _kind(kind)
    wanted = CreateUpdateRequest.model_validate_json(await read_body(request))
    description = UpdateDescription(
        wanted.metadata.message, wanted.metadata.environment or {}, wanted.config or {}, version
    )
    if wanted.options.dry_run:
        wanted_kind = UpdateKind.PREVIEW
    update_id = await update_use_cases.create_update(uow, caller, address, wanted_kind, description)
    return json_answer({"updateID": update_id})


@router.post("/{kind}/{update_id}", dependencies=[needs(Permission.STACKS_UPDATE)])
async def start_update(
    request: Request, uow: Uow, caller: CallerOf, address: Address, rules: Rules, kind: str, update_id: str
) -> Response:
    """Start an update: the answer holds its version, its lease and whether it keeps a journal."""
    _kind(kind)
    wanted = StartUpdateRequest.model_validate_json(await read_body(request))
    started = await update_use_cases.start_update(
        uow,
        caller,
        address,
        UpdateId(update_id),
        rules,
        tags=wanted.tags,
        journal_version=wanted.journal_version,
    )
    journal: JsonObject = {"journalVersion": started.journal_version}
    return json_answer({"version": started.version, **_lease(started.lease), **journal})


def _lease(lease: Lease) -> JsonObject:
    return {"token": lease.token, "tokenExpiration": _seconds(lease.until)}


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


@router.get("/{kind}/{update_id}", dependencies=[needs(Permission.STACKS_READ)])
async def get_update(uow: Uow, caller: CallerOf, address: Address, kind: str, update_id: str) -> Response:
    """Tell how an update stands; the CLI asks until it has ended."""
    _kind(kind)
    stack = await open_stack(uow, caller, address)
    found = await updates_repository.get(uow, UpdateId(update_id))
    if found is None or found.stack_id != stack.id:
        raise UpdateNotFoundError(f"Update '{update_id}' not found")
    status = found.status.replace("_", " ")
    token: JsonObject = {} if found.status.is_terminal else {"continuationToken": "0"}
    return json_answer({"status": status, "events": [], **token})


@router.post("/{kind}/{update_id}/cancel", dependencies=[needs(Permission.STACKS_UPDATE)])
async def cancel_update(uow: Uow, caller: CallerOf, address: Address, kind: str, update_id: str) -> Response:
    """Stop an update."""
    _kind(kind)
    await update_use_cases.cancel_update(uow, caller, address, UpdateId(update_id))
    return json_answer({})


@router.post(UPDATE + "/renew_lease", dependencies=[needs_lease()])
async def renew_lease(request: Request, uow: Uow, lease: LeaseOf) -> Response:
    """Extend a lease."""
    wanted = RenewLeaseRequest.model_validate_json(await read_body(request))
    renewed = await update_use_cases.renew_lease(uow, lease, duration_seconds=wanted.duration)
    return json_answer(_lease(renewed))


@router.post(UPDATE + "/complete", dependencies=[needs_lease()])
async def complete_update(request: Request, uow: Uow, lease: LeaseOf) -> Response:
    """End an update as its engine says it ended."""
    wanted = CompleteUpdateRequest.model_validate_json(await read_body(request))
    is_good = wanted.status == UpdateStatus.SUCCEEDED
    await update_use_cases.complete_update(
        uow, lease, UpdateStatus.SUCCEEDED if is_good else UpdateStatus.FAILED
    )
    return Response(status_code=HTTPStatus.NO_CONTENT)
