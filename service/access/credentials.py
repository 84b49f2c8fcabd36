"""What a caller carries to prove who it is, and who judges that."""

from dataclasses import dataclass, field
from typing import Protocol

from service.access.model import Caller, CallerKind

LOCAL_DEVELOPER = Caller("local-developer", CallerKind.LOCAL, is_platform_admin=True)
FORWARDED_USER = "Berth-On-Behalf-Of"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request carries: a bearer token, and the person for whom a portal says that it asks.

    `address` is where it comes from; it proves nothing.
    """

    token: str | None = field(default=None, repr=False)
    on_behalf_of: str | None = None
    address: str = ""


class Authenticator(Protocol):
    """Tells who sent a request."""

    async def identify(self, credential: Credential) -> Caller:
        """Return the caller; raise UnauthenticatedError where the credential proves nobody."""
        ...
