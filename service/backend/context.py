"""What the backend's routes need besides the database: the keys."""

from dataclasses import dataclass
from typing import cast

from fastapi import FastAPI, Request

from service.backend.ciphers import KeyWrapper, ServiceKey
from service.backend.keyring import Keyring
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class BackendContext:
    """Kept for as long as the application runs.

    `announces_deltas` tells engines that they may send checkpoints as deltas. Off by default: an engine that
    sends them leaves pending operations out of its checkpoints, which a crash would then lose.
    """

    keyring: Keyring
    announces_deltas: bool = False


def make_backend_context(settings: Settings) -> BackendContext:
    """Build the context from the settings; raise ValueError where they hold no usable secrets key."""
    if settings.secrets_key is None:
        raise ValueError("BERTH_SECRETS_KEY is not set: base64 of 32 random bytes")
    own = ServiceKey(settings.secrets_key)
    previous = [ServiceKey(key) for key in settings.previous_secrets_keys]
    if settings.secrets_kms_key is None:
        return BackendContext(Keyring(own, previous))
    return BackendContext(Keyring(_kms_key(settings, settings.secrets_kms_key), [*previous, own]))


def _kms_key(settings: Settings, key: str) -> KeyWrapper:
    from service.backend.kms import KmsKey, kms_client  # noqa: PLC0415 -- botocore is loaded where it is used

    return KmsKey(kms_client(settings.default_region), key)


def keep_backend_context(app: FastAPI, context: BackendContext) -> None:
    """Put the context where requests find it."""
    app.state.backend = context


def backend_context_of(request: Request) -> BackendContext:
    """Return the context of the application that answers this request."""
    return cast("BackendContext", request.app.state.backend)
