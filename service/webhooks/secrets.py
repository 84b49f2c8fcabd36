"""Signing secrets: made here, sealed by the service's key, shown once."""

import base64
import os
from dataclasses import dataclass, field

from service.backend.ciphers import KEY_BYTES, KeyWrapper, ServiceKey
from service.backend.errors import DecryptionError
from service.core.ids import StackId
from service.settings import Settings
from service.webhooks.errors import SecretUnreadableError
from service.webhooks.model import EndpointId

PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class SealedSecret:
    """A secret as it is stored, with the name of the key that sealed it."""

    sealed: bytes = field(repr=False)
    key_id: str


class SecretBox:
    """Seals with the current key, opens with whichever sealed; an endpoint's secret opens for it alone."""

    def __init__(self, current: KeyWrapper, previous: tuple[KeyWrapper, ...] = ()) -> None:
        self._current = current
        self._wrappers = {wrapper.key_id: wrapper for wrapper in (*previous, current)}

    async def seal(self, endpoint_id: EndpointId, secret: bytes) -> SealedSecret:
        """Seal a secret for an endpoint."""
        sealed = await self._current.wrap(secret, stack_id=_owner(endpoint_id))
        return SealedSecret(sealed, self._current.key_id)

    async def open(self, endpoint_id: EndpointId, stored: SealedSecret) -> bytes:
        """Open an endpoint's secret; raise SecretUnreadableError where no configured key does."""
        wrapper = self._wrappers.get(stored.key_id)
        if wrapper is None:
            raise SecretUnreadableError(f"the secret was sealed by {stored.key_id}, which is not configured")
        try:
            return await wrapper.unwrap(stored.sealed, stack_id=_owner(endpoint_id))
        except DecryptionError as error:
            raise SecretUnreadableError("the secret does not open with the service's key") from error


def make_secret_box(settings: Settings) -> SecretBox:
    """Make the box of the settings' keys; raise ValueError where there is none."""
    if settings.secrets_key is None:
        raise ValueError("BERTH_SECRETS_KEY is not set: base64 of 32 random bytes")
    previous = tuple(ServiceKey(key) for key in settings.previous_secrets_keys)
    return SecretBox(ServiceKey(settings.secrets_key), previous)


def new_secret() -> bytes:
    """Make a secret of 32 random bytes (Standard Webhooks 1.0 asks for 24 to 64)."""
    return os.urandom(KEY_BYTES)


def written(secret: bytes) -> str:
    """Write a secret as receivers keep it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def _owner(endpoint_id: EndpointId) -> StackId:
    """What a sealed secret is bound to, in the place where data keys name their stack."""
    return StackId(endpoint_id)
