"""Backstage's own service-to-service tokens, with the person for whom a plugin asks."""

import time
from collections.abc import Callable

import pytest

from service.access.credentials import Credential
from service.access.errors import ForwardingRefusedError
from service.access.grants import Grant
from service.access.model import Caller, CallerKind
from service.access.permissions import Role
from service.core.errors import UnauthenticatedError
from service.identity.backstage import PLUGIN_TYPE, USER_TYPE, Backstage
from service.identity.settings import BackstageSetting
from tests.service.identity.issuer import Served, ec_key, public_jwk, sign

PORTAL = "https://portal.example.com"


def at(plugin: str) -> str:
    return f"{PORTAL}/api/{plugin}/.backstage/auth/v1/jwks.json"


@pytest.fixture
def backstage() -> Backstage:
    documents = Served(
        {
            at("scaffolder"): {"keys": [public_jwk(ec_key("scaffolder"), "s-1", alg="ES256")]},
            at("catalog"): {"keys": [public_jwk(ec_key("catalog"), "c-1", alg="ES256")]},
            f"{PORTAL}/api/auth/.well-known/jwks.json": {"keys": [public_jwk(ec_key("auth"), "a-1")]},
        }
    )
    setting = BackstageSetting(base_url=PORTAL, grants=(Grant(team="*", role=Role.DEVELOPER),))
    return Backstage(setting, documents.fetch)


def user_token(name: str = "user:default/kim", key: str = "auth", typ: str = USER_TYPE) -> str:
    now = int(time.time())
    content = {"sub": name, "iat": now, "exp": now + 300}
    return sign(content, ec_key(key), algorithm="ES256", kid="a-1", typ=typ)


def plugin_token(plugin: str = "scaffolder", signer: str | None = None, **changes: object) -> str:
    now = int(time.time())
    content = {"sub": plugin, "aud": "berth", "iat": now, "exp": now + 300, **changes}
    signer = signer or plugin
    return sign(content, ec_key(signer), algorithm="ES256", kid=f"{signer[0]}-1", typ=PLUGIN_TYPE)


async def test_a_plugin_calls_for_itself(backstage: Backstage) -> None:
    """Its rights are what the settings give to Backstage."""
    caller = await backstage.identify(Credential(plugin_token("catalog")))
    rights = {"*": frozenset({Role.DEVELOPER})}
    assert caller == Caller("backstage:catalog", CallerKind.BACKSTAGE, rights, vouches=True)
    assert not caller.is_proven_person


async def test_the_person_is_proved_by_the_token_or_named_in_the_header(backstage: Backstage) -> None:
    """The proof inside the token counts before the header; either is recorded beside the plugin."""
    proved = plugin_token(obo=user_token())
    caller = await backstage.identify(Credential(proved, on_behalf_of="user:default/mallory"))
    assert caller.actor == "user:default/kim via backstage:scaffolder"
    named = await backstage.identify(Credential(plugin_token(), on_behalf_of="user:default/bo"))
    assert named.actor == "user:default/bo via backstage:scaffolder"
    with pytest.raises(ForwardingRefusedError):
        await backstage.identify(Credential(plugin_token(), on_behalf_of="kim via root\n"))


REFUSED = {
    "signed by another plugin": lambda: plugin_token("scaffolder", "catalog"),
    "of a plugin that may not call": lambda: plugin_token("techdocs"),
    "for another plugin": lambda: plugin_token(aud="catalog"),
    "expired": lambda: plugin_token(exp=int(time.time()) - 120),
    "with a proof that a plugin made itself": lambda: plugin_token(obo=user_token(key="scaffolder")),
    "with a proof of another type": lambda: plugin_token(obo=user_token(typ="vnd.backstage.user")),
    "a user's own": user_token,
    "garbage": lambda: "a.b.c",
}


@pytest.mark.parametrize("make", REFUSED.values(), ids=REFUSED)
async def test_token_that_proves_nothing_is_refused(backstage: Backstage, make: Callable[[], str]) -> None:
    """A plugin speaks for itself alone, to Berth alone, and cannot make up people."""
    with pytest.raises(UnauthenticatedError):
        await backstage.identify(Credential(make()))
