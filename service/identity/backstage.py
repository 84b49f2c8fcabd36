"""Backstage by its plugins' service-to-service tokens.

Each plugin publishes its keys at `/api/<plugin>/.backstage/auth/v1/jwks.json` and signs for one target
plugin. Where it acts for a person, the claim `obo` holds that person's limited user token, signed by the auth
plugin: proof of who it is. Source: https://backstage.io/docs/auth/service-to-service-auth
"""

from collections.abc import Awaitable, Callable

import jwt

from service.access.credentials import Credential
from service.access.grants import rights_from
from service.access.model import Caller, CallerKind
from service.core.errors import UnauthenticatedError
from service.identity.bearer import Expected, verify_token
from service.identity.fetching import Fetch
from service.identity.forwarding import check_person
from service.identity.keys import KeySet
from service.identity.settings import BackstageSetting

PLUGIN_TYPE = "vnd.backstage.plugin"
USER_TYPE = "vnd.backstage.limited-user"


class Backstage:
    """Judges tokens of Backstage's plugins."""

    def __init__(self, setting: BackstageSetting, fetch: Fetch) -> None:
        self._rights = rights_from(setting.grants)
        api = f"{setting.base_url.rstrip('/')}/api"
        self._plugins = {
            plugin: KeySet(_at(f"{api}/{plugin}/.backstage/auth/v1/jwks.json"), fetch)
            for plugin in setting.plugins
        }
        self._people = KeySet(_at(f"{api}/auth/.well-known/jwks.json"), fetch)
        algorithms = frozenset[str](setting.algorithms)
        self._plugin_token = Expected(
            algorithms,
            frozenset({PLUGIN_TYPE}),
            audience=setting.audience,
            leeway_seconds=setting.leeway_seconds,
        )
        self._user_token = Expected(algorithms, frozenset({USER_TYPE}), leeway_seconds=setting.leeway_seconds)

    async def identify(self, credential: Credential) -> Caller:
        """Return the plugin of a token, and for whom it asks; raise UnauthenticatedError."""
        token = credential.token or ""
        keys = self._plugins.get(_claimed_plugin(token))
        if keys is None:
            raise UnauthenticatedError("the token is of a plugin that may not call")
        claims = await verify_token(token, keys, self._plugin_token)
        proof = claims.get("obo")
        person = credential.on_behalf_of
        if isinstance(proof, str):
            person = str((await verify_token(proof, self._people, self._user_token))["sub"])
        return Caller(
            f"backstage:{claims['sub']}",
            CallerKind.BACKSTAGE,
            self._rights.teams,
            self._rights.is_platform_admin,
            on_behalf_of=check_person(person),
            vouches=True,
        )


def _claimed_plugin(token: str) -> str:
    """Return which plugin a token says it is of: whose keys to check that with."""
    try:
        subject: object = jwt.decode(token, options={"verify_signature": False}).get("sub")
    except (jwt.PyJWTError, ValueError) as error:
        raise UnauthenticatedError("the token is not valid") from error
    return subject if isinstance(subject, str) else ""


def _at(url: str) -> Callable[[Fetch], Awaitable[str]]:
    async def locate(_: Fetch) -> str:
        return url

    return locate
