"""Stacks over HTTP: list, create, read, tag, rename, delete, export, import."""

import asyncio
import base64
import binascii
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Query, Request, Response

from service.access.permissions import Permission
from service.backend import history_repository, stack_use_cases, stacks_repository, updates_repository
from service.backend.answers import STACK, backend_router, json_answer
from service.backend.bodies import read_body
from service.backend.callers import Caller, EngineCaller, PersonCaller, open_stack
from service.backend.dependencies import Address, CallerOf, Context, Rules, Uow
from service.backend.errors import StackNotFoundError
from service.backend.guards import needs
from service.backend.model import Stack, StackName
from service.backend.schemas import CreateStackRequest, RenameRequest
from service.backend.stacks_repository import StackFilter, StackSummary
from service.core.app_state import state_of
from service.core.errors import InvalidInputError
from service.core.unit_of_work import UnitOfWork
from service.state.deployment import VersionedDeployment
from service.state.json_values import (
    JsonObject,
    as_object,
    dump_json,
    parse_json,
    parse_object,
    read_text,
)

router = backend_router()

PAGE_SIZE = 100
"""Stacks in one answer; the CLI asks for what follows."""

QueryText = Annotated[str | None, Query(max_length=256)]


@router.get("/user/stacks", dependencies=[needs(Permission.STACKS_READ)])
async def list_stacks(
    uow: Uow,
    caller: CallerOf,
    organization: QueryText = None,
    project: QueryText = None,
    tag_name: Annotated[str | None, Query(alias="tagName", max_length=256)] = None,
    tag_value: Annotated[str | None, Query(alias="tagValue", max_length=256)] = None,
    continuation_token: Annotated[str | None, Query(alias="continuationToken", max_length=1024)] = None,
) -> Response:
    """List the stacks that the caller may use, by name, in pages."""
    criteria = StackFilter(await _teams(uow, caller), organization, project, tag_name, tag_value)
    after = None if continuation_token is None else _read_token(continuation_token)
    found = await stacks_repository.page(uow, criteria, after=after, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    token = _make_token(shown[-1].address) if len(found) > PAGE_SIZE else None
    return json_answer({"stacks": [_summary(stack) for stack in shown], "continuationToken": token})


async def _teams(uow: UnitOfWork, caller: Caller) -> frozenset[str] | None:
    match caller:
        case PersonCaller():
            return caller.teams
        case EngineCaller():
            stack = await stacks_repository.get(uow, caller.stack_id)
            return frozenset() if stack is None else frozenset({stack.address.team})


def _make_token(address: StackName) -> str:
    return base64.urlsafe_b64encode(dump_json([address.team, address.project, address.name])).decode()


def _read_token(token: str) -> StackName:
    try:
        parts = parse_json(base64.urlsafe_b64decode(token.encode()))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidInputError("the continuation token was not made here") from error
    match parts:
        case [str() as team, str() as project, str() as name]:
            return StackName(team, project, name)
        case _:
            raise InvalidInputError("the continuation token was not made here")


def _summary(stack: StackSummary) -> JsonObject:
    moment = stack.last_update_at
    times: JsonObject = {} if moment is None else {"lastUpdate": int(moment.timestamp())}
    counts: JsonObject = {} if stack.resource_count is None else {"resourceCount": stack.resource_count}
    return {
        "id": stack.id,
        "orgName": stack.address.team,
        "projectName": stack.address.project,
        "stackName": stack.address.name,
        **times,
        **counts,
    }


@router.head("/stacks/{organization}/{project}", dependencies=[needs(Permission.STACKS_READ)])
async def check_project(uow: Uow, caller: CallerOf, organization: str, project: str) -> Response:
    """Tell whether the project has a stack."""
    visible = await _teams(uow, caller)
    if visible is not None and organization not in visible:
        raise StackNotFoundError(f"Project '{project}' not found")
    if not await stacks_repository.has_project(uow, organization, project):
        raise StackNotFoundError(f"Project '{project}' not found")
    return Response()


@router.post("/stacks/{organization}/{project}", dependencies=[needs(Permission.STACKS_UPDATE)])
async def create_stack(
    request: Request, uow: Uow, caller: CallerOf, context: Context, organization: str, project: str
) -> Response:
    """Make a stack, with a first state where one is given."""
    body = parse_object(await read_body(request))
    wanted = CreateStackRequest.model_validate({key: body.get(key) for key in ("stackName", "tags")})
    state = body.get("state")
    await stack_use_cases.create_stack(
        uow,
        context.keyring,
        caller,
        StackName(organization, project, wanted.stack_name),
        tags=wanted.tags or {},
        state=None if state is None else await asyncio.to_thread(VersionedDeployment.from_json, state),
    )
    return json_answer({})


@router.get(STACK, dependencies=[needs(Permission.STACKS_READ)])
async def get_stack(uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Show a stack, and what is being done to it."""
    stack = await open_stack(uow, caller, address)
    return json_answer({**_stack(stack), **await _activity(uow, stack)})


def _stack(stack: Stack) -> JsonObject:
    return {
        "id": stack.id,
        "orgName": stack.address.team,
        "projectName": stack.address.project,
        "stackName": stack.address.name,
        "tags": dict(stack.tags),
        "version": stack.version,
    }


async def _activity(uow: UnitOfWork, stack: Stack) -> JsonObject:
    """Tell what holds the stack; of an idle one, which update was the last."""
    if stack.active_update_id is None:
        past = await history_repository.get_version(uow, stack.id, stack.version)
        return {"activeUpdate": "" if past is None else past.id}
    active = await updates_repository.get(uow, stack.active_update_id)
    if active is None:
        return {"activeUpdate": ""}
    started = int((active.started_at or active.created_at).timestamp())
    current: JsonObject = {"kind": active.kind, "author": active.requested_by, "started": started}
    return {"activeUpdate": active.id, "currentOperation": current}


@router.delete(STACK, dependencies=[needs(Permission.STACKS_UPDATE)])
async def delete_stack(uow: Uow, caller: CallerOf, address: Address, *, force: bool = False) -> Response:
    """Delete a stack that no environment owns."""
    await stack_use_cases.delete_stack(uow, caller, address, force=force)
    return Response(status_code=204)


@router.patch(STACK + "/tags", dependencies=[needs(Permission.STACKS_UPDATE)])
async def replace_tags(request: Request, uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Replace the stack's tags."""
    body = parse_object(await read_body(request))
    await stack_use_cases.replace_tags(uow, caller, address, {key: read_text(body, key) for key in body})
    return Response(status_code=204)


@router.post(STACK + "/rename", dependencies=[needs(Permission.STACKS_UPDATE)])
async def rename_stack(request: Request, uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Give a stack another name or project."""
    wanted = RenameRequest.model_validate_json(await read_body(request))
    await stack_use_cases.rename_stack(
        uow, caller, address, new_project=wanted.new_project, new_name=wanted.new_name
    )
    return json_answer({})


@router.get(STACK + "/export", dependencies=[needs(Permission.STACKS_READ)])
async def export_stack(request: Request, uow: Uow, caller: CallerOf, address: Address) -> Response:
    """Return the newest state, secrets encrypted."""
    return _json_text(
        await stack_use_cases.export_stack(uow, caller, address, None, backend_url=_url(request))
    )


@router.get(STACK + "/export/{version}", dependencies=[needs(Permission.STACKS_READ)])
async def export_version(
    request: Request, uow: Uow, caller: CallerOf, address: Address, version: int
) -> Response:
    """Return one version of the state, secrets encrypted."""
    return _json_text(
        await stack_use_cases.export_stack(uow, caller, address, version, backend_url=_url(request))
    )


def _url(request: Request) -> str:
    """Return the address under which the caller reaches the backend.

    A proxy in between may have ended TLS: where the configured address names the same host, that one counts.
    """
    configured = state_of(request).settings.backend_url
    if configured and urlsplit(configured).netloc == request.url.netloc:
        return configured.rstrip("/")
    return str(request.base_url).rstrip("/")


def _json_text(content: bytes) -> Response:
    return Response(content, media_type="application/json")


@router.post(STACK + "/import", dependencies=[needs(Permission.STATE_WRITE)])
async def import_stack(
    request: Request, uow: Uow, caller: CallerOf, context: Context, address: Address, rules: Rules
) -> Response:
    """Make a deployment the stack's newest state."""
    body = await read_body(request)
    state = await asyncio.to_thread(_read_deployment, body)
    update_id = await stack_use_cases.import_state(uow, context.keyring, caller, address, state, rules)
    return json_answer({"updateId": update_id})


def _read_deployment(body: bytes) -> VersionedDeployment:
    return VersionedDeployment.from_json(as_object(parse_json(body), "the deployment"))
