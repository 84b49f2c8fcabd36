"""Checks signed bearer tokens (RFC 7519), as RFC 8725 advises; PyJWT does the cryptography."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import jwt
from jwt.types import Options

from service.core.errors import UnauthenticatedError
from service.identity.keys import KeySet

_SAID: tuple[tuple[type[jwt.PyJWTError], str], ...] = (
    (jwt.ExpiredSignatureError, "the token has expired"),
    (jwt.ImmatureSignatureError, "the token is not valid yet"),
    (jwt.InvalidAudienceError, "the token is for another audience"),
    (jwt.InvalidIssuerError, "the token is of another issuer"),
    (jwt.MissingRequiredClaimError, "the token lacks a claim that it must have"),
    (jwt.InvalidSignatureError, "the token's signature is not valid"),
)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say of itself: `types` are the media types its header may name, None is absent."""

    algorithms: frozenset[str]
    types: frozenset[str | None]
    issuer: str | None = None
    audience: str | None = None
    leeway_seconds: int = 0


def read_type(token: str) -> str | None:
    """Return the type in a token's header, unchecked; raise UnauthenticatedError where it is no JWT."""
    found = _header(token).get("typ")
    return found if isinstance(found, str) else None


async def verify_token(token: str, keys: KeySet, expected: Expected) -> Mapping[str, object]:
    """Return the claims of a token.

    Raises:
        UnauthenticatedError: it is not what is expected, or not signed by one of the keys.
        UnavailableError: the keys cannot be had.
    """
    header = _header(token)
    algorithm, key_id = header.get("alg"), header.get("kid")
    if header.get("typ") not in expected.types:
        raise UnauthenticatedError("the token is not of a type that is accepted here")
    if not isinstance(algorithm, str) or algorithm not in expected.algorithms:
        raise UnauthenticatedError("the token is signed by an algorithm that is not accepted")
    key = await keys.find(key_id if isinstance(key_id, str) else None, algorithm)
    if key is None:
        raise UnauthenticatedError("the token is signed with an unknown key")
    try:
        return jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=expected.audience,
            issuer=expected.issuer,
            leeway=expected.leeway_seconds,
            options=_options(expected),
        )
    except (jwt.PyJWTError, ValueError) as error:
        said = next((text for kind, text in _SAID if isinstance(error, kind)), "the token is not valid")
        raise UnauthenticatedError(said) from error


def _options(expected: Expected) -> Options:
    issuer = ["iss"] if expected.issuer is not None else []
    audience = ["aud"] if expected.audience is not None else []
    return {
        "require": ["exp", "iat", "sub", *issuer, *audience],
        "verify_aud": expected.audience is not None,
        "enforce_minimum_key_length": True,
    }


def _header(token: str) -> Mapping[str, object]:
    try:
        return cast("Mapping[str, object]", jwt.get_unverified_header(token))
    except (jwt.PyJWTError, ValueError) as error:
        raise UnauthenticatedError("the bearer token is none that is known here") from error
