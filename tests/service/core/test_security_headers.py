"""Every answer bears the headers that keep a browser in bounds."""

import httpx
import pytest
from fastapi import FastAPI

from service.core.security_headers import HEADERS


@pytest.mark.parametrize("path", ["/livez", "/v1/environments", "/docs", "/nowhere"])
@pytest.mark.parametrize(("scheme", "is_strict"), [("http", False), ("https", True)])
async def test_answers_bear_security_headers(app: FastAPI, path: str, scheme: str, is_strict: bool) -> None:
    """Pages, answers and errors alike are not guessed at or framed; only https is asked to stay https."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"{scheme}://berth.test"
    ) as client:
        headers = (await client.get(path)).headers
    assert all(name in headers for name in HEADERS)
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert ("Strict-Transport-Security" in headers) is is_strict
