"""Runs that were cut off: whether one is started again by itself, and what came before one that was."""

from sqlalchemy.ext.asyncio import AsyncSession

from service.operations.model import RECOVERY_ACTOR, Operation
from service.operations.repository import get_operation


async def list_recovered(session: AsyncSession, operation: Operation) -> list[Operation]:
    """Return what was cut off in a row before this operation, the latest first; none if a person asked."""
    recovered: list[Operation] = []
    while operation.created_by == RECOVERY_ACTOR and operation.retry_of is not None:
        operation = await get_operation(session, operation.retry_of)
        recovered.append(operation)
    return recovered


async def may_run_again(session: AsyncSession, cut_off: Operation, *, limit: int) -> bool:
    """Whether it is to run again by itself: nobody asked to cancel it, and `limit` is not reached."""
    return cut_off.cancel_requested_at is None and len(await list_recovered(session, cut_off)) < limit
