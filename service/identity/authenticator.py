"""Judges every credential: Berth's own tokens, the identity provider's, and Backstage's."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

from pydantic import SecretStr

from service.access.credentials import FORWARDED_USER, LOCAL_DEVELOPER, Authenticator, Credential
from service.access.errors import ForwardingRefusedError
from service.access.model import Caller, CallerKind
from service.core.errors import UnauthenticatedError
from service.core.unit_of_work import UnitOfWorkFactory
from service.identity.fetching import Fetcher
from service.identity.forwarding import check_person
from service.settings import Settings
from service.tokens.model import is_own_token
from service.tokens.use_cases import find_caller

ADMIN = Caller("admin-token", CallerKind.ADMIN_TOKEN, is_platform_admin=True)


class CredentialAuthenticator:
    """Asks whoever can judge a credential; `signed` judges JWTs by the type in their header."""

    def __init__(
        self,
        uows: UnitOfWorkFactory,
        signed: Mapping[str | None, Authenticator],
        *,
        admin_token: SecretStr | None = None,
        unproven: Caller | None = None,
    ) -> None:
        self._uows = uows
        self._signed = signed
        self._admin_digest = None if admin_token is None else _digest(admin_token.get_secret_value())
        self._unproven = unproven

    async def identify(self, credential: Credential) -> Caller:
        """Return the caller; raise UnauthenticatedError, or ForwardingRefusedError."""
        caller = await self._identify(credential)
        if credential.on_behalf_of is not None and caller.on_behalf_of is None:
            raise ForwardingRefusedError(
                f"{caller.subject} may not send {FORWARDED_USER}",
                hint="a service token that was created with forwards_users may, and so may Backstage",
            )
        return caller

    async def _identify(self, credential: Credential) -> Caller:
        token = credential.token
        if token is not None and self._is_admin(token):
            return ADMIN
        if token is not None and is_own_token(token):
            return await find_caller(credential, self._uows)
        if self._unproven is not None:
            return replace(self._unproven, on_behalf_of=check_person(credential.on_behalf_of))
        if token is None:
            raise UnauthenticatedError(
                "a bearer token is required", hint="send Authorization: Bearer and a token"
            )
        return await self._judge_signed(token, credential)

    async def _judge_signed(self, token: str, credential: Credential) -> Caller:
        if not self._signed:
            raise UnauthenticatedError("the bearer token is none that is known here")
        from service.identity.bearer import read_type  # noqa: PLC0415 -- PyJWT is loaded where it is used

        judge = self._signed.get(read_type(token)) or self._signed.get(None)
        if judge is None:
            raise UnauthenticatedError("the bearer token is none that is known here")
        return await judge.identify(credential)

    def _is_admin(self, token: str) -> bool:
        return self._admin_digest is not None and hmac.compare_digest(self._admin_digest, _digest(token))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def make_authenticator(settings: Settings, uows: UnitOfWorkFactory, fetcher: Fetcher) -> Authenticator:
    """Build what the settings ask for; where they ask for nothing, everybody is the local developer."""
    return CredentialAuthenticator(
        uows,
        _signed(settings, fetcher),
        admin_token=settings.admin_token,
        unproven=None if settings.authenticates else LOCAL_DEVELOPER,
    )


def _signed(settings: Settings, fetcher: Fetcher) -> Mapping[str | None, Authenticator]:
    judges: dict[str | None, Authenticator] = {}
    if settings.oidc is not None:
        from service.identity.people import People  # noqa: PLC0415 -- PyJWT is loaded where it is used

        judges[None] = People(settings.oidc, settings.groups, fetcher.fetch)
    if settings.backstage is not None:
        from service.identity.backstage import PLUGIN_TYPE, Backstage  # noqa: PLC0415 -- as above

        judges[PLUGIN_TYPE] = Backstage(settings.backstage, fetcher.fetch)
    return judges
