"""A stack's history over HTTP."""

from typing import Annotated

from fastapi import Query, Response

from service.access.permissions import Permission
from service.backend import history_repository, journal_repository, updates_repository
from service.backend.answers import STACK, backend_router, json_answer
from service.backend.callers import open_stack
from service.backend.dependencies import Address, CallerOf, Uow
from service.backend.errors import UpdateNotFoundError
from service.backend.guards import needs
from service.backend.history_repository import PastUpdate
from service.backend.model import UpdateStatus
from service.core.ids import UpdateId
from service.state.json_values import JsonObject, JsonValue

router = backend_router(STACK)

MAX_PAGE_SIZE = 1000
EVENTS = "/{kind}/{update_id}/events"
EVENTS_PAGE_SIZE = 500

_RESULTS = {
    UpdateStatus.NOT_STARTED: "not-started",
    UpdateStatus.RUNNING: "in-progress",
    UpdateStatus.SUCCEEDED: "succeeded",
    UpdateStatus.FAILED: "failed",
    UpdateStatus.CANCELLED: "failed",
}


def _info(past: PastUpdate) -> JsonObject:
    """Write an update as the CLI's history shows it."""
    return {
        "kind": past.kind,
        "startTime": 0 if past.started_at is None else int(past.started_at.timestamp()),
        "message": past.message,
        "environment": dict(past.environment),
        "config": past.config,
        "result": _RESULTS[past.status],
        "endTime": 0 if past.finished_at is None else int(past.finished_at.timestamp()),
        "version": past.version,
        "resourceChanges": past.resource_changes or {},
        "resourceCount": past.resource_count or 0,
    }


@router.get("/updates", dependencies=[needs(Permission.STACKS_READ)])
async def list_updates(
    uow: Uow,
    caller: CallerOf,
    address: Address,
    page_size: Annotated[int, Query(alias="pageSize", ge=0, le=MAX_PAGE_SIZE)] = 0,
    page: Annotated[int, Query(ge=1)] = 1,
) -> Response:
    """List the updates that made versions, newest first; without a page size, the newest thousand.

    Versions are numbered without gaps, so that page n begins at a version that is known, not at an offset.
    """
    stack = await open_stack(uow, caller, address)
    size = page_size or MAX_PAGE_SIZE
    below = stack.version + 1 - (page - 1) * size
    found = await history_repository.page(uow, stack.id, below_version=below, limit=size)
    updates: list[JsonValue] = [_info(past) for past in found]
    return json_answer({"updates": updates, "itemsPerPage": size, "total": stack.version})


@router.get("/updates/latest", dependencies=[needs(Permission.STACKS_READ)])
async def get_latest_update(uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Show the newest update, with the configuration it used."""
    stack = await open_stack(uow, caller, address)
    found = await history_repository.page(uow, stack.id, below_version=None, limit=1)
    if not found:
        raise UpdateNotFoundError(f"Stack '{address}' has never been updated")
    return json_answer({"info": _info(found[0]), "updateID": found[0].id, "version": found[0].version})


@router.get("/updates/latest/previews", dependencies=[needs(Permission.STACKS_READ)])
async def list_latest_previews(
    uow: Uow,
    caller: CallerOf,
    address: Address,
    page_size: Annotated[int, Query(alias="pageSize", ge=1, le=100)] = 10,
) -> Response:
    """List the newest previews."""
    stack = await open_stack(uow, caller, address)
    found = await history_repository.latest_previews(uow, stack.id, limit=page_size)
    updates: list[JsonValue] = [{"updateID": update_id} for update_id in found]
    return json_answer({"updates": updates})


@router.get("/updates/{version}", dependencies=[needs(Permission.STACKS_READ)])
async def get_update_of_version(uow: Uow, caller: CallerOf, address: Address, version: int) -> Response:
    """Show the update that made a version."""
    stack = await open_stack(uow, caller, address)
    found = await history_repository.get_version(uow, stack.id, version)
    if found is None:
        raise UpdateNotFoundError(f"Stack '{address}' has no version {version}")
    return json_answer({"info": _info(found), "updateID": found.id, "version": found.version})


@router.get(EVENTS, dependencies=[needs(Permission.STACKS_READ)])
async def list_events(
    uow: Uow,
    caller: CallerOf,
    address: Address,
    update_id: str,
    types: Annotated[list[str] | None, Query(alias="type", max_length=40)] = None,
    urn: Annotated[str | None, Query(max_length=4096)] = None,
    continuation_token: Annotated[str | None, Query(alias="continuationToken", pattern=r"^\d{1,9}$")] = None,
) -> Response:
    """Page through an update's events; while it runs there is always a token to ask again with."""
    stack = await open_stack(uow, caller, address)
    found = await updates_repository.get(uow, UpdateId(update_id))
    if found is None or found.stack_id != stack.id:
        raise UpdateNotFoundError(f"Update '{update_id}' not found")
    after = -1 if continuation_token is None else int(continuation_token)
    events = await journal_repository.page_of_events(
        uow, found.id, after=after, limit=EVENTS_PAGE_SIZE, types=types or [], urn=urn
    )
    is_last = found.status.is_terminal and len(events) < EVENTS_PAGE_SIZE
    newest = events[-1].sequence if events else max(after, 0)
    token: JsonValue = None if is_last else str(newest)
    return json_answer({"events": [event.event for event in events], "continuationToken": token})
