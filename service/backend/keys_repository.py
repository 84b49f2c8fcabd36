"""All SQL about data keys and engine tokens."""

from dataclasses import dataclass, field

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from service.backend.tables import StackDataKeyRow, StackRow, StackTokenRow
from service.core.ids import OperationId, StackId
from service.core.unit_of_work import UnitOfWork
from service.operations.model import Epoch


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as stored."""

    wrapped_key: bytes = field(repr=False)
    wrapping_key_id: str


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What an engine's token opens."""

    stack_id: StackId
    operation_id: OperationId
    epoch: Epoch


async def wrapped_key(uow: UnitOfWork, stack_id: StackId, generation: int) -> WrappedKey | None:
    """Return one generation of a stack's data key."""
    row = (
        await uow.session.execute(
            select(StackDataKeyRow.wrapped_key, StackDataKeyRow.wrapping_key_id).where(
                StackDataKeyRow.stack_id == stack_id, StackDataKeyRow.generation == generation
            )
        )
    ).one_or_none()
    return None if row is None else WrappedKey(row.wrapped_key, row.wrapping_key_id)


async def add_generation(
    uow: UnitOfWork, stack_id: StackId, generation: int, *, wrapped_key: bytes, wrapping_key_id: str
) -> None:
    """Add a generation unless it exists, and make it the stack's newest."""
    await uow.session.execute(
        upsert(StackDataKeyRow)
        .values(
            stack_id=stack_id,
            generation=generation,
            wrapped_key=wrapped_key,
            wrapping_key_id=wrapping_key_id,
        )
        .on_conflict_do_nothing()
    )
    await uow.session.execute(
        update(StackRow)
        .where(StackRow.id == stack_id, StackRow.key_generation < generation)
        .values(key_generation=generation)
    )


async def keys_not_wrapped_by(
    uow: UnitOfWork, wrapping_key_id: str, *, limit: int
) -> list[tuple[StackId, int]]:
    """Lock and return data keys that another wrapping key closed; those that others handle are skipped."""
    rows = await uow.session.execute(
        select(StackDataKeyRow.stack_id, StackDataKeyRow.generation)
        .where(StackDataKeyRow.wrapping_key_id != wrapping_key_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(StackId(row.stack_id), row.generation) for row in rows]


async def replace_wrapping(
    uow: UnitOfWork, stack_id: StackId, generation: int, *, wrapped_key: bytes, wrapping_key_id: str
) -> None:
    """Store a data key as another wrapping key closed it."""
    await uow.session.execute(
        update(StackDataKeyRow)
        .where(StackDataKeyRow.stack_id == stack_id, StackDataKeyRow.generation == generation)
        .values(wrapped_key=wrapped_key, wrapping_key_id=wrapping_key_id)
    )


async def add_token(uow: UnitOfWork, *, token_hash: bytes, grant: TokenGrant, lifetime_seconds: int) -> None:
    """Store an engine token's hash; it expires by the database's clock."""
    await uow.session.execute(
        insert(StackTokenRow).values(
            token_hash=token_hash,
            stack_id=grant.stack_id,
            operation_id=grant.operation_id,
            epoch=grant.epoch,
            expires_at=func.now() + func.make_interval(0, 0, 0, 0, 0, 0, lifetime_seconds),
        )
    )


async def find_grant(uow: UnitOfWork, token_hash: bytes) -> TokenGrant | None:
    """Return what a token opens, or None where it has expired, was revoked or never was."""
    row = (
        await uow.session.execute(
            select(StackTokenRow.stack_id, StackTokenRow.operation_id, StackTokenRow.epoch).where(
                StackTokenRow.token_hash == token_hash,
                StackTokenRow.revoked_at.is_(None),
                StackTokenRow.expires_at > func.now(),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    return TokenGrant(StackId(row.stack_id), OperationId(row.operation_id), Epoch(row.epoch))


async def revoke_tokens(uow: UnitOfWork, operation_id: OperationId) -> None:
    """Close every token of an operation."""
    await uow.session.execute(
        update(StackTokenRow)
        .where(StackTokenRow.operation_id == operation_id, StackTokenRow.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
