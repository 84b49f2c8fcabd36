"""People and pipelines by the tokens of the identity provider: groups become roles in teams."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import cast

from service.access.credentials import Credential
from service.access.grants import Grant, rights_from
from service.access.model import Caller, CallerKind
from service.core.errors import UnauthenticatedError
from service.identity.bearer import Expected, verify_token
from service.identity.fetching import Fetch, FetchError
from service.identity.keys import KeySet
from service.identity.settings import OidcSetting

_NAME = re.compile(r"[\x21-\x7e]{1,120}")
# A token that its issuer made for another use (a logout token, a proof of possession) is none of ours.
_TYPES = frozenset({None, "JWT", "jwt", "at+jwt", "application/at+jwt"})


class People:
    """Judges tokens of the identity provider."""

    def __init__(self, setting: OidcSetting, groups: Mapping[str, tuple[Grant, ...]], fetch: Fetch) -> None:
        self._setting = setting
        self._groups = groups
        self._keys = KeySet(self._locate_keys, fetch)
        self._expected = Expected(
            algorithms=frozenset(setting.algorithms),
            types=_TYPES,
            issuer=setting.issuer,
            audience=setting.audience,
            leeway_seconds=setting.leeway_seconds,
        )

    async def identify(self, credential: Credential) -> Caller:
        """Return the person of a token; raise UnauthenticatedError."""
        claims = await verify_token(credential.token or "", self._keys, self._expected)
        name = claims.get(self._setting.subject_claim)
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise UnauthenticatedError(f"the token names nobody in its claim {self._setting.subject_claim}")
        rights = rights_from(
            grant
            for group in _texts(_claim(claims, self._setting.groups_claim))
            for grant in self._groups.get(group, ())
        )
        return Caller(f"user:{name}", CallerKind.USER, rights.teams, rights.is_platform_admin)

    async def _locate_keys(self, fetch: Fetch) -> str:
        """Return the keys' address, by OpenID Connect Discovery 1.0 where it is not configured."""
        if self._setting.jwks_url is not None:
            return self._setting.jwks_url
        address = f"{self._setting.issuer.rstrip('/')}/.well-known/openid-configuration"
        try:
            found = json.loads(await fetch(address))
            issuer, keys = found["issuer"], found["jwks_uri"]
        except (ValueError, KeyError, TypeError) as error:
            raise FetchError(f"{address} is no discovery document") from error
        if issuer != self._setting.issuer:  # section 4.3
            raise FetchError(f"{address} is of the issuer {issuer}")
        return str(keys)


def _claim(claims: Mapping[str, object], path: str) -> object:
    """Return a claim by its name, or by dots that lead into objects."""
    if path in claims:
        return claims[path]
    return _lead(claims, path.split("."))


def _lead(value: object, parts: Sequence[str]) -> object:
    if not parts:
        return value
    if not isinstance(value, Mapping):
        return None
    return _lead(cast("Mapping[str, object]", value).get(parts[0]), parts[1:])


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        return []
    return [one for one in cast("list[object]", value) if isinstance(one, str)]
