"""An environment's outputs, resources and state versions over HTTP."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from service.access.http import Actor, requires
from service.access.permissions import Permission
from service.backend.dependencies import Context
from service.core.app_state import Uows
from service.core.errors import InvalidInputError
from service.core.ids import EnvironmentId, StackId
from service.core.openapi import problems
from service.core.page_parameters import PageSize, PageToken
from service.core.pages import Page, make_page, read_page_request
from service.core.unit_of_work import UnitOfWork
from service.environments.errors import EnvironmentNotFoundError
from service.environments.paths import EnvironmentIdPath
from service.environments.repository import get_environment
from service.state import repository
from service.state.errors import OutputNotFoundError, SecretUnavailableError
from service.state.revealing import RevealOutput, reveal_output
from service.state.schemas import (
    OutputList,
    PendingOperationList,
    ResourceItem,
    RevealedOutputView,
    StateVersionItem,
    output_item,
    pending_operation_item,
    resource_item,
    state_version_item,
)
from service.state.storage import load

ResourceType = Annotated[
    str | None, Query(alias="type", max_length=256, examples=["aws:ecs/service:Service"])
]

OutputName = Annotated[str, Path(max_length=256, pattern=r"^[^\x00]+$", examples=["url"])]

router = APIRouter(prefix="/v1/environments/{environment_id}", tags=["State"])


async def _stack(uow: UnitOfWork, environment_id: EnvironmentId) -> StackId | None:
    """Return the environment's stack; raise EnvironmentNotFoundError where there is no environment."""
    await get_environment(uow.session, environment_id)
    return await repository.stack_of_environment(uow, environment_id)


@router.get(
    "/outputs",
    operation_id="list_outputs",
    dependencies=[requires(Permission.STATE_READ)],
    summary="Show an environment's outputs",
    responses=problems(EnvironmentNotFoundError),
)
async def list_outputs(environment_id: EnvironmentIdPath, uows: Uows) -> OutputList:
    """Show the outputs that the last good operation left; after a failed one they stay, marked stale."""
    async with uows() as uow:
        stack_id = await _stack(uow, environment_id)
        if stack_id is None:
            return OutputList(items=[], state_version=None, is_stale=False)
        newest = await repository.newest_version(uow, stack_id)
        items = [output_item(view) for view in await repository.outputs(uow, stack_id)]
    return OutputList(
        items=items,
        state_version=None if newest is None else newest.number,
        is_stale=newest is not None and not newest.is_good,
    )


@router.post(
    "/outputs/{output_name}/reveal",
    operation_id="reveal_output",
    dependencies=[requires(Permission.SECRETS_REVEAL)],
    summary="Show an output in the clear",
    responses={
        200: {"headers": {"Cache-Control": {"schema": {"type": "string"}, "description": "`no-store`"}}},
        **problems(EnvironmentNotFoundError, OutputNotFoundError, SecretUnavailableError, InvalidInputError),
    },
)
async def reveal(
    environment_id: EnvironmentIdPath,
    output_name: OutputName,
    actor: Actor,
    uows: Uows,
    backend: Context,
    response: Response,
) -> RevealedOutputView:
    """Show one output with its secrets in the clear. Who has seen it is written into the audit log.

    Nothing of the answer is kept, so this takes no Idempotency-Key: each time is a time of its own.
    """
    async with uows() as uow:
        environment = await get_environment(uow.session, environment_id)
        command = RevealOutput(environment, output_name, actor)
        revealed = await reveal_output(command, uow, backend.keyring)
        await uow.commit()
    response.headers["Cache-Control"] = "no-store"
    return RevealedOutputView.model_validate(revealed, from_attributes=True)


@router.get(
    "/resources",
    operation_id="list_resources",
    dependencies=[requires(Permission.STATE_READ)],
    summary="List an environment's resources",
    responses=problems(EnvironmentNotFoundError, InvalidInputError),
)
async def list_resources(
    environment_id: EnvironmentIdPath,
    uows: Uows,
    resource_type: ResourceType = None,
    page_size: PageSize = 50,
    page_token: PageToken = None,
) -> Page[ResourceItem]:
    """List the resources of the newest state version, each after everything that it needs."""
    page = read_page_request(page_size, page_token, {"of": environment_id, "type": resource_type})
    async with uows() as uow:
        stack_id = await _stack(uow, environment_id)
        after = None if page.before is None else int(page.before)
        found = (
            []
            if stack_id is None
            else await repository.page_of_resources(
                uow, stack_id, after=after, limit=page.limit, type_=resource_type
            )
        )
    paged = make_page(page, found, lambda view: str(view.position))
    return Page(items=[resource_item(view) for view in paged.items], next_page_token=paged.next_page_token)


@router.get(
    "/state-versions",
    operation_id="list_state_versions",
    dependencies=[requires(Permission.STATE_READ)],
    summary="List an environment's state versions",
    responses=problems(EnvironmentNotFoundError, InvalidInputError),
)
async def list_state_versions(
    environment_id: EnvironmentIdPath, uows: Uows, page_size: PageSize = 50, page_token: PageToken = None
) -> Page[StateVersionItem]:
    """List what operations left behind, newest first."""
    page = read_page_request(page_size, page_token, {"of": environment_id})
    async with uows() as uow:
        stack_id = await _stack(uow, environment_id)
        before = None if page.before is None else int(page.before)
        found = (
            []
            if stack_id is None
            else await repository.page_of_versions(uow, stack_id, before=before, limit=page.limit)
        )
    return make_page(page, [state_version_item(version) for version in found], lambda item: str(item.number))


@router.get(
    "/pending-operations",
    operation_id="list_pending_operations",
    dependencies=[requires(Permission.STATE_READ)],
    summary="List what an interrupted run left open",
    responses=problems(EnvironmentNotFoundError),
)
async def list_pending_operations(environment_id: EnvironmentIdPath, uows: Uows) -> PendingOperationList:
    """List the steps that had begun and not ended when the newest state was written; `repair` clears them."""
    async with uows() as uow:
        stack_id = await _stack(uow, environment_id)
        found = None if stack_id is None else await repository.stored_deployment(uow, stack_id)
    if found is None:
        return PendingOperationList(items=[], state_version=None)
    number, stored = found
    versioned = await asyncio.to_thread(load, stored)
    pending = [pending_operation_item(one) for one in versioned.deployment.pending_operations]
    return PendingOperationList(items=pending, state_version=number)
