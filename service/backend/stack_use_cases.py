"""What people and engines do with stacks as a whole: create, tag, delete, export, import."""

import asyncio
from dataclasses import replace

from service.access.errors import PermissionDeniedError
from service.access.permissions import Permission
from service.backend import stacks_repository, updates_repository
from service.backend.adoption import adopt_state
from service.backend.callers import Caller, EngineCaller, PersonCaller, open_stack
from service.backend.errors import (
    StackExistsError,
    StackInUseError,
    StackNotEmptyError,
    StackNotFoundError,
    UpdateInProgressError,
)
from service.backend.hand_runs import begin_hand_run, end_hand_run
from service.backend.keyring import Keyring
from service.backend.model import Stack, StackName, Update, UpdateKind, UpdateStatus
from service.backend.updates_repository import UpdateDescription
from service.core.clock import utc_now
from service.core.errors import NotFoundError
from service.core.ids import UpdateId, new_stack_id, new_update_id
from service.core.unit_of_work import UnitOfWork
from service.operations.runs import Run
from service.plans.rules import PlanRules
from service.state import repository as state_repository
from service.state.deployment import VersionedDeployment, empty_deployment
from service.state.json_values import dump_json
from service.state.renaming import StackRename
from service.state.renaming import rename_stack as rename_deployment
from service.state.storage import StoredDeployment, export, load
from service.state.use_cases import StateOrigin, record_state


async def create_stack(
    uow: UnitOfWork,
    keyring: Keyring,
    caller: Caller,
    address: StackName,
    *,
    tags: dict[str, str],
    state: VersionedDeployment | None,
) -> Stack:
    """Make a stack, with a first state version where one is given.

    Raises:
        StackExistsError: the name is taken.
        StackNotFoundError: the team is not the caller's to know of.
        PermissionDeniedError: there is a first state, and the caller may not import any.
    """
    if isinstance(caller, EngineCaller) or not caller.may_use(address.team):
        raise StackNotFoundError(f"Organization '{address.team}' not found")
    if state is not None and not caller.person.may(Permission.STATE_WRITE, address.team):
        raise PermissionDeniedError(Permission.STATE_WRITE, address.team)
    address.check()
    if await stacks_repository.find(uow, address) is not None:
        raise StackExistsError(f"Stack '{address}' already exists")
    await stacks_repository.add(uow, new_stack_id(), address, environment_id=None, tags=tags)
    stack = await stacks_repository.find(uow, address, lock=True)
    if stack is None:
        raise StackNotFoundError(f"Stack '{address}' not found")
    if state is not None:
        state = await adopt_state(uow, keyring, stack, state)
        await write_version(uow, caller, stack, UpdateKind.IMPORT, state)
    await uow.commit()
    return stack


async def replace_tags(uow: UnitOfWork, caller: Caller, address: StackName, tags: dict[str, str]) -> None:
    """Give a stack these tags and no others."""
    stack = await open_stack(uow, caller, address, lock=True)
    await stacks_repository.replace_tags(uow, stack.id, tags)
    await uow.commit()


async def delete_stack(uow: UnitOfWork, caller: Caller, address: StackName, *, force: bool) -> None:
    """Delete a stack and its history; one with resources only by force, an environment's never.

    Raises:
        StackInUseError: the stack is an environment's, which is destroyed as such.
        StackNotEmptyError: it holds resources and `force` is not set.
        UpdateInProgressError: an update holds it.
    """
    stack = await open_stack(uow, caller, address, lock=True)
    if stack.environment_id is not None:
        raise StackInUseError(
            f"stack '{address}' belongs to environment {stack.environment_id}",
            hint="destroy the environment: its stack goes with it, its record stays",
        )
    _require_idle(stack)
    newest = await state_repository.newest_version(uow, stack.id)
    if newest is not None and newest.resource_count and not force:
        raise StackNotEmptyError("Stack still contains resources.")
    await stacks_repository.remove(uow, stack.id)
    await uow.commit()


def _require_idle(stack: Stack) -> None:
    if stack.active_update_id is not None:
        raise UpdateInProgressError("Another update is currently in progress.")


async def rename_stack(
    uow: UnitOfWork, caller: Caller, address: StackName, *, new_project: str, new_name: str
) -> None:
    """Give a stack another name or project; its state follows as a version of its own.

    Raises:
        StackInUseError: the stack is an environment's, whose name it bears.
        StackExistsError: the new name is taken.
    """
    stack = await open_stack(uow, caller, address, lock=True)
    if stack.environment_id is not None:
        raise StackInUseError(f"stack '{address}' bears the name of environment {stack.environment_id}")
    _require_idle(stack)
    wanted = StackName(address.team, new_project or address.project, new_name or address.name)
    wanted.check()
    if await stacks_repository.find(uow, wanted) is not None:
        raise StackExistsError(f"Stack '{wanted}' already exists")
    newest = await state_repository.stored_deployment(uow, stack.id)
    if newest is not None:
        state = await asyncio.to_thread(_renamed, newest[1], address, wanted)
        await write_version(uow, caller, stack, UpdateKind.RENAME, state)
    await stacks_repository.rename(uow, stack.id, wanted)
    await uow.commit()


def _renamed(stored: StoredDeployment, old: StackName, new: StackName) -> VersionedDeployment:
    versioned = load(stored)
    change = StackRename(old.project, old.name, new.project, new.name)
    return replace(versioned, deployment=rename_deployment(versioned.deployment, change))


async def export_stack(
    uow: UnitOfWork, caller: Caller, address: StackName, version: int | None, *, backend_url: str
) -> bytes:
    """Return a state version's deployment as JSON, the newest where no version is named."""
    stack = await open_stack(uow, caller, address)
    found = await state_repository.stored_deployment(uow, stack.id, version)
    if found is not None:
        return await asyncio.to_thread(export, found[1], backend_url=backend_url)
    if version is not None:
        raise NotFoundError(f"Stack '{address}' has no version {version}")
    return dump_json(empty_deployment().to_json())


async def import_state(
    uow: UnitOfWork,
    keyring: Keyring,
    caller: Caller,
    address: StackName,
    state: VersionedDeployment,
    rules: PlanRules,
) -> UpdateId:
    """Make a deployment the stack's newest state; return the id of the update that records it."""
    seen = await open_stack(uow, caller, address)
    within: EngineCaller | Run | None = caller if isinstance(caller, EngineCaller) else None
    if isinstance(caller, PersonCaller) and seen.environment_id is not None:
        within = await begin_hand_run(
            uow, seen.environment_id, UpdateKind.IMPORT, rules, login=caller.login, engine_version=""
        )
    stack = await open_stack(uow, caller, address, lock=True)
    _require_idle(stack)
    state = await adopt_state(uow, keyring, stack, state)
    update_id = await write_version(uow, caller, stack, UpdateKind.IMPORT, state, within)
    await uow.commit()
    return update_id


async def write_version(
    uow: UnitOfWork,
    caller: Caller,
    stack: Stack,
    kind: UpdateKind,
    state: VersionedDeployment,
    within: EngineCaller | Run | None = None,
) -> UpdateId:
    """Record a state version that no engine made, with the update that says who did. Does not commit.

    Raises:
        IntegrityError: the state is broken.
    """
    number = stack.version + 1
    now = utc_now()
    written = Update(
        id=new_update_id(),
        stack_id=stack.id,
        kind=kind,
        status=UpdateStatus.RUNNING,
        requested_by=caller.login,
        created_at=now,
        operation_id=None if within is None else within.operation_id,
        epoch=None if within is None else within.epoch,
        version=number,
        started_at=now,
    )
    await updates_repository.add(uow, written, UpdateDescription("", {}, {}, ""))
    await stacks_repository.begin_update(uow, stack.id, written.id, version=number)
    stored = await record_state(
        uow,
        state.without_integrity_error(),
        StateOrigin(stack.id, number, is_good=True, operation_id=written.operation_id, update_id=written.id),
    )
    if within is not None:
        await updates_repository.record_state_version(uow, within.operation_id, number)
    await updates_repository.finish(
        uow, written.id, UpdateStatus.SUCCEEDED, resource_count=stored.resource_count
    )
    await stacks_repository.end_update(uow, stack.id, written.id)
    await end_hand_run(uow, written, UpdateStatus.SUCCEEDED)
    return written.id
