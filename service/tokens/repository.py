"""SQL about tokens."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from service.access.grants import Grant
from service.access.model import Caller
from service.access.permissions import Permission
from service.access.scope import within
from service.core.pages import PageRequest
from service.tokens.errors import TokenNotFoundError
from service.tokens.model import Token, TokenId, TokenKind
from service.tokens.tables import TokenRow


async def insert_token(session: AsyncSession, token: Token, digest: bytes) -> None:
    """Write a new token with the digest of its text."""
    await session.execute(
        insert(TokenRow).values(
            id=token.id,
            kind=token.kind,
            name=token.name,
            subject=token.subject,
            team=token.team,
            grants=[grant.model_dump(mode="json") for grant in token.grants],
            permissions=None if token.permissions is None else sorted(token.permissions),
            forwards_users=token.forwards_users,
            digest=digest,
            created_by=token.created_by,
            created_at=token.created_at,
            expires_at=token.expires_at,
        )
    )


async def find_by_digest(session: AsyncSession, digest: bytes) -> Token | None:
    """Return the token of a text, whatever became of it; None where there is none."""
    row = await session.scalar(select(TokenRow).where(TokenRow.digest == digest))
    return None if row is None else _token(row)


async def get_visible(
    session: AsyncSession, token_id: TokenId, caller: Caller, *, lock: bool = False
) -> Token:
    """Return a token that the caller may see, its row locked on request; raise TokenNotFoundError."""
    wanted = select(TokenRow).where(TokenRow.id == token_id, _visible_to(caller))
    row = await session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None:
        raise TokenNotFoundError(token_id)
    return _token(row)


async def list_visible(
    session: AsyncSession,
    page: PageRequest,
    caller: Caller,
    *,
    kind: TokenKind | None,
    is_active: bool | None,
) -> Sequence[Token]:
    """Return the tokens that the caller may see, newest first."""
    wanted = select(TokenRow).where(_visible_to(caller)).order_by(TokenRow.id.desc()).limit(page.limit)
    if kind is not None:
        wanted = wanted.where(TokenRow.kind == kind)
    if is_active is not None:
        wanted = wanted.where(_is_active() if is_active else ~_is_active())
    if page.before is not None:
        wanted = wanted.where(TokenRow.id < page.before)
    return [_token(row) for row in await session.scalars(wanted)]


async def note_use(session: AsyncSession, token_id: TokenId) -> None:
    """Record that a token is used now."""
    await session.execute(update(TokenRow).where(TokenRow.id == token_id).values(last_used_at=func.now()))


async def save_revocation(session: AsyncSession, token: Token) -> None:
    """Record that a token was revoked."""
    await session.execute(
        update(TokenRow)
        .where(TokenRow.id == token.id)
        .values(revoked_at=token.revoked_at, revoked_by=token.revoked_by)
    )


def _visible_to(caller: Caller) -> ColumnElement[bool]:
    """Show one's own personal tokens, the service tokens that one manages, and all to platform admins."""
    scope = caller.teams_where(Permission.TOKENS_MANAGE)
    own = and_(TokenRow.kind == TokenKind.PERSONAL, TokenRow.subject == caller.subject)
    if scope is None:
        return within(TokenRow.team, None)
    return or_(own, and_(TokenRow.kind == TokenKind.SERVICE, within(TokenRow.team, scope)))


def _is_active() -> ColumnElement[bool]:
    return and_(TokenRow.revoked_at.is_(None), TokenRow.expires_at > func.now())


def _token(row: TokenRow) -> Token:
    return Token(
        id=TokenId(row.id),
        kind=TokenKind(row.kind),
        name=row.name,
        subject=row.subject,
        team=row.team,
        grants=tuple(Grant.model_validate(grant) for grant in row.grants),
        permissions=None
        if row.permissions is None
        else frozenset(Permission(one) for one in row.permissions),
        forwards_users=row.forwards_users,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
    )
