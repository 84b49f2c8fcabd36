"""States put in place of the recorded one: an older version restored, one from elsewhere imported."""

import asyncio
from dataclasses import replace

from service.backend.adoption import adopt_state
from service.backend.callers import EngineCaller
from service.backend.keyring import Keyring
from service.backend.model import Stack, StackName, UpdateKind
from service.backend.stack_use_cases import write_version
from service.backend.use_cases import ensure_stack
from service.core.errors import NotFoundError
from service.core.ids import EnvironmentId, StackId, UploadId, new_upload_id
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.operations.model import OperationOptions
from service.operations.repository import get_operation
from service.operations.runs import ClaimedOperation
from service.state import repository
from service.state.deployment import VersionedDeployment
from service.state.integrity import check_integrity
from service.state.renaming import StackRename, rename_stack
from service.state.storage import StoredDeployment, load, store
from service.state.urns import parse_urn


class StateVersionNotFoundError(NotFoundError):
    """The environment has no state version of this number: none ever, or it was pruned."""

    code = "state_version_not_found"
    title = "No such state version"


async def upload_state(
    uow: UnitOfWork, keyring: Keyring, environment: Environment, state: VersionedDeployment, actor: str
) -> UploadId:
    """Make a state from elsewhere this environment's and keep it for its operation. Does not commit.

    Its secrets are sealed under the stack's key before anything is stored, and its URNs are those of the
    environment's stack.

    Raises:
        IntegrityError: the state is broken.
        ForeignSecretsError: its secrets are encrypted and do not open here.
    """
    stack = await ensure_stack(
        uow, environment_id=environment.id, team=environment.team, name=environment.name
    )
    named = await asyncio.to_thread(_renamed, state.without_integrity_error(), stack.address)
    sealed = await adopt_state(uow, keyring, stack, named)
    stored = await asyncio.to_thread(_checked, sealed)
    upload_id = new_upload_id()
    await repository.add_upload(
        uow, stored, upload_id=upload_id, environment_id=environment.id, uploaded_by=actor
    )
    return upload_id


def _renamed(state: VersionedDeployment, address: StackName) -> VersionedDeployment:
    """Return the state under the name of the stack that it goes to."""
    for resource in state.deployment.resources:
        urn = parse_urn(resource.urn)
        if urn is not None:
            rename = StackRename(urn.project, urn.stack, address.project, address.name)
            return replace(state, deployment=rename_stack(state.deployment, rename))
    return state


def _checked(state: VersionedDeployment) -> StoredDeployment:
    check_integrity(state.deployment)
    return store(state)


async def find_wanted_state(
    uow: UnitOfWork, stack_id: StackId, options: OperationOptions
) -> VersionedDeployment | None:
    """Return the state that the options name; None where they name none.

    Raises:
        StateVersionNotFoundError: what they name is not there.
    """
    if options.state_version is not None:
        found = await repository.stored_deployment(uow, stack_id, options.state_version)
        stored = None if found is None else found[1]
        what = f"state version {options.state_version}"
    elif options.upload_id is not None:
        stored = await repository.get_upload(uow, options.upload_id)
        what = f"uploaded state {options.upload_id}"
    else:
        return None
    if stored is None:
        raise StateVersionNotFoundError(
            f"{what} is not there (any more)", hint="the environment's state-versions list what there is"
        )
    return await asyncio.to_thread(load, stored)


async def check_wanted_state(
    uow: UnitOfWork, environment_id: EnvironmentId, options: OperationOptions
) -> None:
    """Raise StateVersionNotFoundError where the options name a state that is not there."""
    if options.state_version is None and options.upload_id is None:
        return
    stack_id = await repository.stack_of_environment(uow, environment_id)
    if stack_id is None:
        raise StateVersionNotFoundError(f"environment {environment_id} has no state yet")
    await find_wanted_state(uow, stack_id, options)


async def put_wanted_state(uow: UnitOfWork, stack: Stack, claimed: ClaimedOperation) -> None:
    """Make what a claimed restore or import names the stack's newest state, once. Does not commit.

    Raises:
        StateVersionNotFoundError: what it names is not there.
        IntegrityError: the state is broken; nothing was written.
    """
    wanted = await find_wanted_state(uow, stack.id, claimed.options)
    operation = await get_operation(uow.session, claimed.run.operation_id)
    if wanted is None or operation.state_version is not None:
        return
    run = claimed.run
    caller = EngineCaller(stack.id, run.operation_id, run.epoch)
    async with uow.session.begin_nested():
        await write_version(uow, caller, stack, UpdateKind.IMPORT, wanted, run)
    if claimed.options.upload_id is not None:
        await repository.remove_upload(uow, claimed.options.upload_id)
