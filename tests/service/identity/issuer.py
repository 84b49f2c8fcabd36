"""An issuer of signed tokens, in the place of an identity provider or a Backstage: what we do not own."""

import json
import time
from collections.abc import Mapping
from functools import cache

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from service.identity.fetching import FetchError

ISSUER = "https://id.example.com/realms/acme"
AUDIENCE = "berth"
KEYS_URL = f"{ISSUER}/keys"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def rsa_key(name: str = "first") -> rsa.RSAPrivateKey:
    """Return the RSA key of this name, made once."""
    del name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ec_key(name: str = "first") -> ec.EllipticCurvePrivateKey:
    """Return the P-256 key of this name, made once."""
    del name
    return ec.generate_private_key(ec.SECP256R1())


def public_jwk(key: PrivateKey, kid: str | None, **more: str) -> dict:
    """Return the public half of a key as a JWK."""
    algorithm = RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else ECAlgorithm
    named = {} if kid is None else {"kid": kid}
    return {**json.loads(algorithm.to_jwk(key.public_key())), "use": "sig", **named, **more}


def public_pem(key: PrivateKey) -> bytes:
    """Return the public half as PEM: what an attacker knows."""
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def claims(**changes: object) -> dict:
    """Return the claims of a good token; None leaves a claim out."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "sub": "kim", "iat": now, "exp": now + 300, "groups": ["shop"]}
    return {key: value for key, value in {**good, **changes}.items() if value is not None}


def sign(
    content: Mapping[str, object],
    key: PrivateKey | bytes | str | None = None,
    *,
    algorithm: str = "RS256",
    kid: str | None = "rsa-1",
    **header: object,
) -> str:
    """Sign claims; by default with the first RSA key."""
    named = {} if kid is None else {"kid": kid}
    return jwt.encode(
        dict(content), rsa_key() if key is None else key, algorithm=algorithm, headers={**named, **header}
    )


class Served:
    """Documents at addresses, and how often each was fetched."""

    def __init__(self, documents: Mapping[str, object]) -> None:
        self.documents = dict(documents)
        self.fetched: list[str] = []

    async def fetch(self, url: str) -> bytes:

        self.fetched.append(url)
        if url not in self.documents:
            raise FetchError(f"{url}: away")
        return json.dumps(self.documents[url]).encode()
