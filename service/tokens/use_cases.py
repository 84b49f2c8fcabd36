"""What callers may do with tokens, and who calls with one."""

from dataclasses import dataclass, replace
from datetime import timedelta

from service.access.credentials import Credential
from service.access.errors import PermissionDeniedError
from service.access.grants import Grant, grants_of, may_give
from service.access.model import Caller, CallerKind
from service.access.permissions import Permission
from service.audit.repository import AuditAction, AuditEntry, record_action
from service.core.clock import utc_now
from service.core.errors import FieldError, InvalidInputError, UnauthenticatedError
from service.core.unit_of_work import UnitOfWork, UnitOfWorkFactory
from service.identity.forwarding import check_person
from service.tokens import repository
from service.tokens.errors import GrantRefusedError, TokenRevokedError
from service.tokens.model import (
    Token,
    TokenId,
    TokenKind,
    digest_of,
    new_secret,
    new_token_id,
    service_subject,
)

USE_NOTED_EVERY = timedelta(minutes=1)
# A token that made tokens would outlive its own revocation in them.
_MAKERS = frozenset({CallerKind.LOCAL, CallerKind.USER, CallerKind.ADMIN_TOKEN})
_PEOPLE = frozenset({CallerKind.LOCAL, CallerKind.USER})


@dataclass(frozen=True, slots=True)
class CreateToken:
    """A token to make. `owner` is whose personal token it is, None the caller's own.

    Without grants a personal token may what its owner may.
    """

    kind: TokenKind
    name: str
    team: str | None
    owner: str | None
    grants: tuple[Grant, ...]
    permissions: frozenset[Permission] | None
    forwards_users: bool
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A token with its text in the clear: shown this once."""

    token: Token
    secret: str


async def create_token(
    command: CreateToken, caller: Caller, uow: UnitOfWork, *, max_days: int
) -> CreatedToken:
    """Make a token. The caller of this function commits.

    Raises:
        PermissionDeniedError: the caller does not manage the team's service tokens.
        GrantRefusedError: it would have rights that the caller has not, or the caller may make none.
        InvalidInputError: it would live too long, or reach into another team.
    """
    if caller.kind not in _MAKERS:
        raise GrantRefusedError("a token cannot make tokens", hint="sign in as a person")
    if command.lifetime > timedelta(days=max_days):
        raise _invalid("/expires_in_days", f"a token lives {max_days} days at most", "token_lifetime")
    is_service = command.kind is TokenKind.SERVICE
    token = _service_token(command, caller) if is_service else _personal_token(command, caller)
    refused = next((grant for grant in token.grants if not may_give(caller, grant)), None)
    if refused is not None:
        where = f" in {refused.team}" if refused.team else ""
        raise GrantRefusedError(f"only who is {refused.role}{where} gives that role{where} to a token")
    secret = new_secret(command.kind)
    await repository.insert_token(uow.session, token, digest_of(secret))
    await _record(uow, caller, AuditAction.TOKEN_CREATED, token)
    return CreatedToken(token, secret)


def _service_token(command: CreateToken, caller: Caller) -> Token:
    if not caller.may(Permission.TOKENS_MANAGE, command.team):
        raise PermissionDeniedError(Permission.TOKENS_MANAGE, command.team)
    if command.owner is not None:
        raise _invalid("/owner", "a service token is its team's", "token_owner")
    if not command.grants:
        raise _invalid("/grants", "name at least one role", "token_grants")
    if command.team is not None and any(grant.team != command.team for grant in command.grants):
        raise _invalid(
            "/grants", f"a token of {command.team} has roles in {command.team} alone", "token_team"
        )
    return _token(command, caller, service_subject(command.team, command.name), command.grants)


def _personal_token(command: CreateToken, caller: Caller) -> Token:
    if command.team is not None or command.forwards_users:
        raise _invalid("/kind", "only service tokens have a team or forward users", "token_kind")
    subject = caller.subject if command.owner is None else f"user:{command.owner}"
    is_own = subject == caller.subject
    if not is_own and not caller.may(Permission.TOKENS_MANAGE, None):
        raise GrantRefusedError("only platform admins make personal tokens of others")
    if is_own and caller.kind not in _PEOPLE:
        raise _invalid("/owner", "name the person whose token it is", "token_owner")
    grants = command.grants or (grants_of(caller) if is_own else ())
    if not grants:
        raise _invalid("/grants", "name at least one role", "token_grants")
    return _token(command, caller, subject, grants)


def _token(command: CreateToken, caller: Caller, subject: str, grants: tuple[Grant, ...]) -> Token:
    now = utc_now()
    return Token(
        id=new_token_id(),
        kind=command.kind,
        name=command.name,
        subject=subject,
        team=command.team,
        grants=grants,
        permissions=command.permissions,
        forwards_users=command.forwards_users,
        created_by=caller.actor,
        created_at=now,
        expires_at=now + command.lifetime,
    )


async def revoke_token(token_id: TokenId, caller: Caller, uow: UnitOfWork) -> Token:
    """Make a token worthless at once. The caller of this function commits.

    Raises:
        TokenNotFoundError: there is none, or it is not the caller's to know of.
        TokenRevokedError: it was revoked before.
    """
    token = await repository.get_visible(uow.session, token_id, caller, lock=True)
    if token.revoked_at is not None:
        raise TokenRevokedError(f"the token was revoked at {token.revoked_at.isoformat()}")
    revoked = replace(token, revoked_at=utc_now(), revoked_by=caller.actor)
    await repository.save_revocation(uow.session, revoked)
    await _record(uow, caller, AuditAction.TOKEN_REVOKED, revoked)
    return revoked


async def find_caller(credential: Credential, uows: UnitOfWorkFactory) -> Caller:
    """Return who calls with one of Berth's own tokens.

    Raises:
        UnauthenticatedError: there is no such token, it has expired, or it was revoked.
        ForwardingRefusedError: the person for whom it asks is none.
    """
    async with uows() as uow:
        token = await repository.find_by_digest(uow.session, digest_of(credential.token or ""))
        if token is None:
            raise UnauthenticatedError("there is no such token")
        now = utc_now()
        if token.revoked_at is not None:
            raise UnauthenticatedError("the token was revoked")
        if token.expires_at <= now:
            raise UnauthenticatedError("the token has expired")
        if token.last_used_at is None or token.last_used_at < now - USE_NOTED_EVERY:
            await repository.note_use(uow.session, token.id)
            await uow.commit()
    return token.caller(check_person(credential.on_behalf_of) if token.forwards_users else None)


def _invalid(pointer: str, message: str, code: str) -> InvalidInputError:
    fields = (FieldError(pointer=pointer, message=message, code=code),)
    return InvalidInputError(f"{pointer}: {message}", fields=fields)


async def _record(uow: UnitOfWork, caller: Caller, action: AuditAction, token: Token) -> None:
    entry = AuditEntry(
        actor=caller.actor,
        action=action,
        team=token.team or "",
        environment_id=None,
        detail={
            "token_id": token.id,
            "kind": token.kind,
            "name": token.name,
            "subject": token.subject,
            "grants": [grant.model_dump(mode="json") for grant in token.grants],
            "expires_at": token.expires_at.isoformat(),
        },
    )
    await record_action(uow.session, entry)
