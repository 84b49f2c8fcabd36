"""How often callers may ask: counted by caller, and by address for those who prove nothing.

Each API process counts for itself, in memory (docs/adr/0031): what is protected is the process.
"""

import hashlib
import ipaddress
import math
import time
from collections import OrderedDict

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from service.access.credentials import Authenticator, Credential
from service.access.errors import RateLimitedError
from service.access.model import Caller
from service.access.settings import RateLimitSetting
from service.core.errors import UnauthenticatedError

MOST_KEYS = 100_000
MOST_ACCEPTED = 10_000
SHARED_PREFIX_BITS = 64
"""An IPv6 subscriber has a /64 at least (RFC 6177): its addresses are one caller."""


class RateLimiter:
    """Counts in a moving window of a minute."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)

    def hit(self, item: RateLimitItem, *key: str) -> None:
        """Count one; raise RateLimitedError where that is one too many."""
        if len(self._storage.events) > MOST_KEYS:
            self._storage.reset()  # it keeps a key for ever that was used once
        if not self._window.hit(item, *key):
            raise self._limited(item, key)

    def check(self, item: RateLimitItem, *key: str) -> None:
        """Raise RateLimitedError where one more would be too many; count nothing."""
        if not self._window.test(item, *key):
            raise self._limited(item, key)

    def _limited(self, item: RateLimitItem, key: tuple[str, ...]) -> RateLimitedError:
        seconds = self._window.get_window_stats(item, *key).reset_time - time.time()
        return RateLimitedError(item.amount, max(1, math.ceil(seconds)))


class LimitedAuthenticator:
    """Lets callers ask so often and no more, and those who prove nothing try so often and no more.

    A credential that was accepted before is judged even where its address has failed too often: colleagues
    behind one address do not pay for one's expired token.
    """

    def __init__(self, inner: Authenticator, setting: RateLimitSetting) -> None:
        self._inner = inner
        self._limiter = RateLimiter()
        self._requests = _per_minute(setting.requests_per_minute, "requests")
        self._failures = _per_minute(setting.sign_in_failures_per_minute, "failures")
        self._accepted: OrderedDict[bytes, None] = OrderedDict()

    async def identify(self, credential: Credential) -> Caller:
        """Return the caller; raise RateLimitedError, or what the judge of the credential raises."""
        digest = hashlib.sha256((credential.token or "").encode()).digest()
        address = _subscriber(credential.address)
        if self._failures is not None and digest not in self._accepted:
            self._limiter.check(self._failures, address)
        try:
            caller = await self._inner.identify(credential)
        except UnauthenticatedError:
            self._accepted.pop(digest, None)
            if self._failures is not None:
                self._limiter.hit(self._failures, address)
            raise
        self._accept(digest)
        if self._requests is not None:
            self._limiter.hit(self._requests, caller.kind, caller.actor)
        return caller

    def _accept(self, digest: bytes) -> None:
        self._accepted[digest] = None
        self._accepted.move_to_end(digest)
        if len(self._accepted) > MOST_ACCEPTED:
            self._accepted.popitem(last=False)


def _per_minute(amount: int | None, namespace: str) -> RateLimitItem | None:
    return None if amount is None else RateLimitItemPerMinute(amount, namespace=namespace)


def _subscriber(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004 -- the version of the protocol
        return address
    return str(ipaddress.ip_network(f"{address}/{SHARED_PREFIX_BITS}", strict=False))
