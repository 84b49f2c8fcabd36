"""A small identity provider: OpenID Connect's authorization code flow with PKCE, for one public client."""

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.middleware.cors import CORSMiddleware

from tests.service.conftest import serve
from tests.service.identity.issuer import claims, public_jwk, rsa_key, sign

CLIENT_ID = "berth-form"


@dataclass
class Provider:
    """Where it is, and what it was asked: challenges by code, and how often a verifier was wrong.

    With `forges_state` it answers as somebody would who slips a code of their own into another's sign-in.
    """

    app: FastAPI = field(default_factory=FastAPI)
    url: str = ""
    groups: tuple[str, ...] = ("shop",)
    challenges: dict[str, str] = field(default_factory=dict)
    redirects: list[str] = field(default_factory=list)
    refused: int = 0
    forges_state: bool = False

    def settings(self) -> dict[str, object]:
        """Return what an installation says about it."""
        return {
            "issuer": self.url,
            "audience": "berth",
            "client_id": CLIENT_ID,
            "authorization_url": f"{self.url}/authorize",
            "token_url": f"{self.url}/token",
        }


def s256(verifier: str) -> str:
    """Return the challenge of a verifier (RFC 7636, 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _serve_documents(provider: Provider) -> None:
    @provider.app.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, str]:
        return {"issuer": provider.url, "jwks_uri": f"{provider.url}/keys"}

    @provider.app.get("/keys")
    async def keys() -> dict[str, list[dict]]:
        return {"keys": [public_jwk(rsa_key(), "rsa-1")]}


def _serve_sign_in(provider: Provider) -> None:
    @provider.app.get("/authorize")
    async def authorize(
        response_type: str,
        client_id: str,
        redirect_uri: str,
        scope: str,
        state: str,
        code_challenge: str,
        code_challenge_method: str,
    ) -> Response:
        if (response_type, client_id, code_challenge_method) != ("code", CLIENT_ID, "S256"):
            return Response("not as a public client asks", status_code=400)
        assert "openid" in scope.split()
        code = secrets.token_urlsafe(16)
        provider.challenges[code] = code_challenge
        provider.redirects.append(redirect_uri)
        answer = {"code": code, "state": "forged" if provider.forges_state else state}
        return RedirectResponse(f"{redirect_uri}?{urlencode(answer)}", 302)

    @provider.app.post("/token")
    async def token(request: Request) -> Response:
        asked = dict(parse_qsl((await request.body()).decode()))
        challenge = provider.challenges.pop(asked.get("code", ""), None)
        is_good = (asked.get("grant_type"), asked.get("client_id")) == ("authorization_code", CLIENT_ID)
        if not is_good or challenge is None or s256(asked.get("code_verifier", "")) != challenge:
            provider.refused += 1
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        access_token = sign(claims(iss=provider.url, sub="kim", groups=list(provider.groups)))
        return JSONResponse({"access_token": access_token, "token_type": "Bearer", "expires_in": 300})


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    """Serve a provider on a free port of this machine; browsers of other origins may get their tokens."""
    provider = Provider()
    provider.app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_headers=["*"], allow_methods=["*"])
    _serve_documents(provider)
    _serve_sign_in(provider)
    async with serve(provider.app) as url:
        provider.url = url
        yield provider
