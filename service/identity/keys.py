"""The public keys of an issuer (RFC 7517): fetched, kept, and fetched again when they rotate."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast

import structlog
from jwt import PyJWK, PyJWKError
from jwt.exceptions import InvalidKeyError
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from service.core.errors import UnavailableError
from service.identity.fetching import Fetch, FetchError

MAX_AGE_SECONDS = 3600
"""Then the keys are fetched again; until that succeeds the old ones hold."""

REFETCH_SECONDS = 30
"""An unknown key id fetches the keys at most so often, whoever sends however many."""

_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}

Locate = Callable[[Fetch], Awaitable[str]]

log = structlog.stdlib.get_logger(__name__)


class _KeyDocument(BaseModel):
    model_config = ConfigDict(extra="ignore")

    keys: list[dict[str, JsonValue]]


class KeySet:
    """The keys of one issuer, at an address that `locate` finds out when it is first needed."""

    def __init__(self, locate: Locate, fetch: Fetch, clock: Callable[[], float] = time.monotonic) -> None:
        self._locate = locate
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._keys: Sequence[Mapping[str, JsonValue]] | None = None
        self._tried_at = float("-inf")
        self._fetched_at = float("-inf")

    async def find(self, key_id: str | None, algorithm: str) -> PyJWK | None:
        """Return the key of this id for an algorithm, or None.

        Raises:
            UnavailableError: no keys could be fetched so far.
        """
        if self._clock() - self._fetched_at >= MAX_AGE_SECONDS:
            await self._refresh()
        found = self._pick(key_id, algorithm)
        if found is None:
            await self._refresh()
            found = self._pick(key_id, algorithm)
        return found

    async def _refresh(self) -> None:
        """Fetch the keys, unless that was tried just now; callers that wait share one fetch."""
        async with self._lock:
            now = self._clock()
            if now - self._tried_at < REFETCH_SECONDS:
                self._check_present()
                return
            self._tried_at = now
            try:
                document = _KeyDocument.model_validate_json(
                    await self._fetch(await self._locate(self._fetch))
                )
            except (FetchError, ValidationError) as error:
                log.warning("the keys of an issuer could not be fetched", reason=str(error))
            else:
                self._keys = document.keys
                self._fetched_at = now
        self._check_present()

    def _check_present(self) -> None:
        if self._keys is None:
            raise UnavailableError("the keys to check bearer tokens with cannot be fetched at the moment")

    def _pick(self, key_id: str | None, algorithm: str) -> PyJWK | None:
        usable = [key for key in self._keys or () if _is_usable(key, algorithm)]
        named = [key for key in usable if key.get("kid") == key_id] if key_id is not None else usable
        if len(named) != 1:
            return None
        try:
            return PyJWK(cast("dict[str, object]", dict(named[0])), algorithm)
        except (PyJWKError, InvalidKeyError):
            log.warning("an issuer publishes a key that cannot be read", key_id=key_id)
            return None


def _is_usable(key: Mapping[str, JsonValue], algorithm: str) -> bool:
    """Whether a key is for signatures of this algorithm; a shared secret (`oct`) is for none of them."""
    return (
        key.get("kty") == _KEY_TYPES[algorithm[:2]]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )
