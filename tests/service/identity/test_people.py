"""Tokens of the identity provider: which are believed, and what their groups amount to."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable

import pytest

from service.access.credentials import Credential
from service.access.grants import Grant
from service.access.model import Caller, CallerKind
from service.access.permissions import Role
from service.core.errors import UnauthenticatedError, UnavailableError
from service.identity import keys as keys_module
from service.identity.keys import KeySet
from service.identity.people import People
from service.identity.settings import OidcSetting, SigningAlgorithm
from tests.service.identity.issuer import (
    AUDIENCE,
    ISSUER,
    KEYS_URL,
    Served,
    claims,
    ec_key,
    public_jwk,
    public_pem,
    rsa_key,
    sign,
)

DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
GROUPS = {
    "shop": (Grant(team="storefront", role=Role.DEVELOPER),),
    "leads": (Grant(team="storefront", role=Role.APPROVER), Grant(team="payments", role=Role.VIEWER)),
    "platform": (Grant(role=Role.PLATFORM_ADMIN),),
}


def served(*keys: dict) -> Served:
    return Served(
        {
            DISCOVERY: {"issuer": ISSUER, "jwks_uri": KEYS_URL},
            KEYS_URL: {"keys": list(keys) or [public_jwk(rsa_key(), "rsa-1"), public_jwk(ec_key(), "ec-1")]},
        }
    )


def people(documents: Served, **changes: object) -> People:
    setting = {"issuer": ISSUER, "audience": AUDIENCE, **changes}
    return People(OidcSetting.model_validate(setting), GROUPS, documents.fetch)


async def identify(token: str, **changes: object) -> Caller:
    return await people(served(), **changes).identify(Credential(token))


async def test_groups_become_roles_in_teams() -> None:
    """The groups of several grants add up; a group that nobody has mapped gives nothing."""
    caller = await identify(sign(claims(groups=["shop", "leads", "unknown"])))
    assert caller == Caller(
        "user:kim",
        CallerKind.USER,
        {
            "storefront": frozenset({Role.DEVELOPER, Role.APPROVER}),
            "payments": frozenset({Role.VIEWER}),
        },
    )
    assert (await identify(sign(claims(groups="platform")))).is_platform_admin


async def test_claims_are_found_where_the_settings_say() -> None:
    """Names and groups stand elsewhere at every provider; dots lead into objects."""
    token = sign(claims(email="kim@example.com", realm_access={"roles": ["platform"]}))
    caller = await identify(token, subject_claim="email", groups_claim="realm_access.roles")
    assert (caller.subject, caller.is_platform_admin) == ("user:kim@example.com", True)
    assert (await identify(sign(claims(groups={"shop": 1})))).teams == {}


async def test_either_kind_of_key_and_a_token_type_are_believed() -> None:
    """RSA and elliptic curves; `at+jwt` is an access token (RFC 9068)."""
    assert (await identify(sign(claims(), ec_key(), algorithm="ES256", kid="ec-1"))).subject == "user:kim"
    assert (await identify(sign(claims(), typ="at+jwt"))).subject == "user:kim"


def seconds_from_now(seconds: int) -> int:
    """Tell a time by the clock of the call: one taken at import may be past when tests run."""
    return int(time.time()) + seconds


def unsigned(content: dict, algorithm: str = "none") -> str:
    parts = [{"alg": algorithm, "typ": "JWT", "kid": "rsa-1"}, content]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]
    return ".".join([*encoded, ""])


def tampered() -> str:
    head, _, signature = sign(claims()).split(".")
    body = json.dumps(claims(groups=["platform"])).encode()
    return f"{head}.{base64.urlsafe_b64encode(body).rstrip(b'=').decode()}.{signature}"


def keyed_by_public_key(algorithm: str) -> str:
    """Sign with the RSA public key as if it were a shared secret; PyJWT refuses to make such a token."""
    head, body, _ = unsigned(claims(groups=["platform"]), algorithm).split(".")
    mac = hmac.digest(public_pem(rsa_key()), f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


FORGED = {
    "signed by a stranger": lambda: sign(claims(), rsa_key("stranger")),
    "changed after signing": tampered,
    "expired": lambda: sign(claims(exp=seconds_from_now(-120))),
    "not valid yet": lambda: sign(claims(nbf=seconds_from_now(600))),
    "issued in the future": lambda: sign(claims(iat=seconds_from_now(600))),
    "for another audience": lambda: sign(claims(aud="grafana")),
    "for no audience": lambda: sign(claims(aud=None)),
    "of another issuer": lambda: sign(claims(iss="https://evil.example.com")),
    "without an end": lambda: sign(claims(exp=None)),
    "without a subject": lambda: sign(claims(sub=None)),
    "with an empty subject": lambda: sign(claims(sub="")),
    "with a subject that would break lines": lambda: sign(claims(sub="kim\nroot")),
    "unsigned": lambda: unsigned(claims()),
    "unsigned, spelled otherwise": lambda: unsigned(claims(), "nOnE"),
    "unsigned under an accepted algorithm": lambda: unsigned(claims(), "RS256"),
    "keyed by the public key": lambda: keyed_by_public_key("HS256"),
    "keyed by the public key, named RS256": lambda: keyed_by_public_key("RS256"),
    "by an algorithm that is not allowed": lambda: sign(claims(), algorithm="RS512"),
    "by an algorithm of another key type": lambda: sign(claims(), ec_key(), algorithm="ES256", kid="rsa-1"),
    "with an unknown key id": lambda: sign(claims(), kid="rsa-9"),
    "for another use": lambda: sign(claims(), typ="logout+jwt"),
    "no token at all": lambda: "a.b.c",
    "nothing": lambda: "",
    "not even text of a token": lambda: "\x00\u00e9 ..",
}


@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
async def test_token_that_proves_nothing_is_refused(make: Callable[[], str]) -> None:
    """Forged, out of time, for others, of a wrong algorithm: each is 401 and no more."""
    with pytest.raises(UnauthenticatedError):
        await identify(make())


async def test_clocks_may_be_apart_within_the_leeway() -> None:
    """A token that ended 20 s ago is believed by default, and not without leeway."""
    token = sign(claims(exp=seconds_from_now(-20)))
    assert (await identify(token)).subject == "user:kim"
    with pytest.raises(UnauthenticatedError):
        await identify(token, leeway_seconds=0)


async def test_shared_secrets_among_the_keys_serve_for_nothing() -> None:
    """An `oct` key that an issuer publishes by mistake opens nothing, nor does a key for encryption."""
    secret = {"kty": "oct", "k": base64.urlsafe_b64encode(b"x" * 32).decode(), "kid": "oct-1"}
    documents = served(secret, public_jwk(rsa_key(), "rsa-1") | {"use": "enc"})
    for token in (sign(claims(), b"x" * 32, algorithm="HS256", kid="oct-1"), sign(claims())):
        with pytest.raises(UnauthenticatedError):
            await people(documents).identify(Credential(token))
    assert set(SigningAlgorithm).isdisjoint({"none", "HS256", "HS384", "HS512"})


async def test_a_token_without_key_id_needs_an_only_key() -> None:
    """Which key is meant must never be a guess."""
    token = sign(claims(), kid=None)
    one = served(public_jwk(rsa_key(), None))
    assert (await people(one).identify(Credential(token))).subject == "user:kim"
    two = served(public_jwk(rsa_key(), "a"), public_jwk(rsa_key("second"), "b"))
    with pytest.raises(UnauthenticatedError):
        await people(two).identify(Credential(token))


async def test_discovery_must_be_of_the_issuer() -> None:
    """A document that names another issuer leads to no keys (OpenID Connect Discovery, 4.3)."""
    documents = served()
    documents.documents[DISCOVERY] = {"issuer": "https://evil.example.com", "jwks_uri": KEYS_URL}
    with pytest.raises(UnavailableError):
        await people(documents).identify(Credential(sign(claims())))


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def at_keys_url(_: object) -> str:
    return KEYS_URL


async def test_keys_are_kept_and_rotate() -> None:
    """Known keys are fetched once; an unknown id fetches again, but seldom; what is gone is forgotten."""
    clock, documents = Clock(), served(public_jwk(rsa_key(), "old"))
    keys = KeySet(at_keys_url, documents.fetch, clock)
    for _ in range(5):
        assert await keys.find("old", "RS256") is not None
    assert len(documents.fetched) == 1
    documents.documents[KEYS_URL] = {"keys": [public_jwk(rsa_key("new"), "new")]}
    clock.now += keys_module.REFETCH_SECONDS
    assert await keys.find("new", "RS256") is not None
    assert await keys.find("old", "RS256") is None
    for number in range(50):
        assert await keys.find(f"made-up-{number}", "RS256") is None
    assert len(documents.fetched) == 2
    clock.now += keys_module.MAX_AGE_SECONDS
    await keys.find("new", "RS256")
    assert len(documents.fetched) == 3


async def test_keys_that_cannot_be_renewed_go_on_holding() -> None:
    """While the provider is away known people work on; before the first keys it is 503, not 401."""
    clock, documents = Clock(), served(public_jwk(rsa_key(), "old"))
    keys = KeySet(at_keys_url, documents.fetch, clock)
    kept = documents.documents.pop(KEYS_URL)
    with pytest.raises(UnavailableError):
        await keys.find("old", "RS256")
    with pytest.raises(UnavailableError):
        await keys.find("old", "RS256")
    assert len(documents.fetched) == 1
    documents.documents[KEYS_URL] = kept
    clock.now += keys_module.REFETCH_SECONDS
    assert await keys.find("old", "RS256") is not None
    del documents.documents[KEYS_URL]
    clock.now += keys_module.MAX_AGE_SECONDS
    assert await keys.find("old", "RS256") is not None
