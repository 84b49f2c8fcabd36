"""A token: who it speaks for, what it may, and until when."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from uuid6 import uuid7

from service.access.grants import Grant, rights_from
from service.access.model import Caller, CallerKind
from service.access.permissions import Permission

TokenId = NewType("TokenId", str)
_RANDOM_BYTES = 32


class TokenKind(StrEnum):
    """Whose a token is."""

    SERVICE = "service"
    PERSONAL = "personal"


_PREFIXES = {TokenKind.SERVICE: "bth_st_", TokenKind.PERSONAL: "bth_pat_"}
_CALLER_KINDS = {
    TokenKind.SERVICE: CallerKind.SERVICE_TOKEN,
    TokenKind.PERSONAL: CallerKind.PERSONAL_TOKEN,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A token as recorded, without its text. `team` is whose service token it is; None is the platform's.

    `permissions` narrows what the grants give. `forwards_users` lets it name the person for whom it asks.
    """

    id: TokenId
    kind: TokenKind
    name: str
    subject: str
    team: str | None
    grants: tuple[Grant, ...]
    permissions: frozenset[Permission] | None
    forwards_users: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None

    def caller(self, on_behalf_of: str | None) -> Caller:
        """Return who calls with this token."""
        rights = rights_from(self.grants)
        return Caller(
            self.subject,
            _CALLER_KINDS[self.kind],
            rights.teams,
            rights.is_platform_admin,
            on_behalf_of=on_behalf_of,
            only=self.permissions,
            vouches=self.forwards_users and self.team is None,
        )


def new_token_id() -> TokenId:
    """Make an id like `tok_0192f0c1…`."""
    return TokenId(f"tok_{uuid7().hex}")


def new_secret(kind: TokenKind) -> str:
    """Make the text of a token: a prefix that scanners for leaked secrets know, and 256 random bits."""
    return _PREFIXES[kind] + secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(secret: str) -> bytes:
    """Return what is kept of a token's text. It has 256 random bits: a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).digest()


def is_own_token(text: str) -> bool:
    """Whether a bearer token is one of Berth's own."""
    return text.startswith(tuple(_PREFIXES.values()))


def service_subject(team: str | None, name: str) -> str:
    """Return the name under which a service token's deeds are recorded; its successor keeps it."""
    return f"service:{team or 'platform'}/{name}"
