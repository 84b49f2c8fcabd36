"""What the rest of Berth asks of the backend. None of these commits: they join the caller's transaction."""

from service.backend import keys_repository, stacks_repository
from service.backend.errors import StackNotFoundError
from service.backend.finishing import end_update, running_updates
from service.backend.keys_repository import TokenGrant
from service.backend.model import PROJECT, Stack, StackName, UpdateStatus, new_stack_token, token_hash
from service.core.ids import EnvironmentId, OperationId, new_stack_id
from service.core.unit_of_work import UnitOfWork
from service.operations.model import Epoch


async def ensure_stack(uow: UnitOfWork, *, environment_id: EnvironmentId, team: str, name: str) -> Stack:
    """Return the environment's stack, making it where it is missing.

    A stack of the same name without an environment is adopted. One that belonged to another (destroyed)
    environment is retired: its record stays, its name passes on.
    """
    existing = await stacks_repository.find_by_environment(uow, environment_id)
    if existing is not None:
        return existing
    address = StackName(team, PROJECT, name)
    address.check()
    namesake = await stacks_repository.find(uow, address, lock=True)
    if namesake is not None and namesake.environment_id is None:
        await stacks_repository.adopt(uow, namesake.id, environment_id)
        return await _get(uow, environment_id)
    if namesake is not None:
        await stacks_repository.retire(uow, namesake.id)
    await stacks_repository.add(uow, new_stack_id(), address, environment_id=environment_id, tags={})
    return await _get(uow, environment_id)


async def retire_stack(uow: UnitOfWork, *, environment_id: EnvironmentId) -> None:
    """Free the name of a destroyed environment's stack; its record stays."""
    stack = await stacks_repository.find_by_environment(uow, environment_id)
    if stack is not None:
        await stacks_repository.retire(uow, stack.id)


async def _get(uow: UnitOfWork, environment_id: EnvironmentId) -> Stack:
    stack = await stacks_repository.find_by_environment(uow, environment_id)
    if stack is None:
        raise StackNotFoundError(f"environment {environment_id} has no stack")
    return stack


async def issue_stack_token(
    uow: UnitOfWork, *, stack: Stack, operation_id: OperationId, epoch: Epoch, lifetime_seconds: int
) -> str:
    """Make a token that opens one stack while the operation runs in this epoch; only its hash is kept."""
    token = new_stack_token()
    grant = TokenGrant(stack.id, operation_id, epoch)
    await keys_repository.add_token(
        uow, token_hash=token_hash(token), grant=grant, lifetime_seconds=lifetime_seconds
    )
    return token


async def revoke_stack_tokens(uow: UnitOfWork, *, operation_id: OperationId) -> None:
    """Close every token of the operation."""
    await keys_repository.revoke_tokens(uow, operation_id)


async def close_interrupted_update(uow: UnitOfWork, *, operation_id: OperationId) -> None:
    """End what an engine left open: its journal becomes a state version, unfinished steps pending.

    Does nothing for an operation that has no open update.
    """
    async for stack, left_open in running_updates(uow, operation_id):
        await end_update(uow, stack, left_open, UpdateStatus.FAILED, failure="the engine was interrupted")
