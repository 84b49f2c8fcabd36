"""What the API shows and takes of tokens."""

from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from programs.request.identifiers import DnsLabel
from service.access.grants import Grant, PermissionName
from service.access.permissions import Permission
from service.tokens.model import Token, TokenKind
from service.tokens.use_cases import CreateToken

TokenName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$", examples=["ci"])]


class TokenWish(BaseModel):
    """A token to make."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "service",
                    "name": "ci",
                    "team": "storefront",
                    "grants": [{"team": "storefront", "role": "developer"}],
                    "expires_in_days": 90,
                },
                {"kind": "personal", "name": "laptop", "permissions": ["environments:read"]},
            ]
        },
    )

    kind: TokenKind = Field(
        description="`personal`: one's own, for the CLI and `pulumi login`; or a `service`'s"
    )
    name: TokenName = Field(
        description="A service token's successor of the same name acts under the same name"
    )
    team: DnsLabel | None = Field(
        default=None, description="Whose service token it is; absent: the platform's"
    )
    owner: Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,120}$")] | None = Field(
        default=None, description="Whose personal token it is; absent: one's own. For platform admins"
    )
    grants: list[Grant] = Field(
        default_factory=list[Grant],
        max_length=50,
        description="Roles in teams, none that one has not oneself; absent from a personal token: one's own",
    )
    permissions: list[PermissionName] | None = Field(
        default=None, description="Narrows the roles to these permissions; absent: to nothing"
    )
    expires_in_days: int = Field(default=90, ge=1, le=3650)
    forwards_users: bool = Field(
        default=False, description="Of a portal: it may name in Berth-On-Behalf-Of for whom it asks"
    )

    def command(self) -> CreateToken:
        """Return the wish as the use case takes it."""
        return CreateToken(
            kind=self.kind,
            name=self.name,
            team=self.team,
            owner=self.owner,
            grants=tuple(self.grants),
            permissions=None
            if self.permissions is None
            else frozenset(Permission(name) for name in self.permissions),
            forwards_users=self.forwards_users,
            lifetime=timedelta(days=self.expires_in_days),
        )


class TokenView(BaseModel):
    """A token, without its text."""

    id: str = Field(examples=["tok_0192f0c1a7b87c3d9e5f60718293a4b5"])
    kind: TokenKind
    name: str
    subject: str = Field(description="Under which its deeds are recorded")
    team: str | None
    grants: list[Grant]
    permissions: list[PermissionName] | None
    forwards_users: bool
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute")
    revoked_at: datetime | None
    revoked_by: str | None


class TokenWithSecret(TokenView):
    """A new token with its text."""

    token: str | None = Field(
        description="Shown in this answer alone; null in a repeated answer. Revoke it if it was not received"
    )


def token_view(token: Token) -> TokenView:
    """Show a token."""
    return TokenView.model_validate(token, from_attributes=True)


def token_with_secret(token: Token, secret: str | None) -> TokenWithSecret:
    """Show a token with its text, or with none where the answer is to be kept."""
    return TokenWithSecret(**token_view(token).model_dump(), token=secret)
