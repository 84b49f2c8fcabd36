"""Fetches small documents of issuers: keys and discovery documents."""

from collections.abc import Awaitable, Callable

import httpx

TIMEOUT_SECONDS = 5
MAX_BYTES = 512 * 1024

Fetch = Callable[[str], Awaitable[bytes]]


class FetchError(Exception):
    """The document cannot be had."""


class Fetcher:
    """Fetches by HTTP, follows no redirects, and reads no more than MAX_BYTES."""

    def __init__(self) -> None:
        self._http: httpx.AsyncClient | None = None

    async def fetch(self, url: str) -> bytes:
        """Return what is at an address; raise FetchError."""
        if self._http is None:
            self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS)
        try:
            async with self._http.stream("GET", url, headers={"Accept": "application/json"}) as response:
                response.raise_for_status()
                return await _read(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(f"{url}: {error}") from error

    async def close(self) -> None:
        """Let the connections go."""
        if self._http is not None:
            await self._http.aclose()


async def _read(response: httpx.Response) -> bytes:
    content = b""
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MAX_BYTES:
            raise FetchError(f"{response.url}: more than {MAX_BYTES} bytes")
    return content
