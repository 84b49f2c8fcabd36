"""Encrypting a stack's secrets: AES-256-GCM under a data key of the stack's own.

A ciphertext is one format byte, the data key's generation (4 bytes, big-endian), a random 96-bit nonce
(NIST SP 800-38D, 8.2.2) and the sealed text. The stack's id is authenticated with it: a ciphertext that was
copied into another stack opens nothing.
"""

import base64
import binascii
import hashlib
import os
import struct
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from service.backend.errors import DecryptionError
from service.core.ids import StackId

KEY_BYTES = 32
_FORMAT = 1
_NONCE_BYTES = 12
_HEADER = struct.Struct(">BI")


@dataclass(frozen=True, slots=True)
class DataKey:
    """A stack's data key in the clear: in memory only, never printed."""

    stack_id: StackId
    generation: int
    key: bytes = field(repr=False)

    def encrypt(self, plaintext: bytes) -> bytes:
        """Seal a value for this stack."""
        header = _HEADER.pack(_FORMAT, self.generation)
        nonce = os.urandom(_NONCE_BYTES)
        return header + nonce + AESGCM(self.key).encrypt(nonce, plaintext, header + self.stack_id.encode())

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Open a value; raise DecryptionError where it is not exactly what this key sealed."""
        header, nonce, sealed = _split(ciphertext)
        try:
            return AESGCM(self.key).decrypt(nonce, sealed, header + self.stack_id.encode())
        except InvalidTag as error:
            raise DecryptionError("the ciphertext is damaged or belongs to another stack") from error


def _split(ciphertext: bytes) -> tuple[bytes, bytes, bytes]:
    start = _HEADER.size + _NONCE_BYTES
    if len(ciphertext) < start or ciphertext[0] != _FORMAT:
        raise DecryptionError("the ciphertext was not made by this backend")
    return ciphertext[: _HEADER.size], ciphertext[_HEADER.size : start], ciphertext[start:]


def generation_of(ciphertext: bytes) -> int:
    """Return the generation of the data key that a ciphertext names."""
    header, _, _ = _split(ciphertext)
    _, generation = _HEADER.unpack(header)
    return int(generation)


class KeyWrapper(Protocol):
    """Encrypts data keys; `key_id` names the wrapping key without telling it."""

    @property
    def key_id(self) -> str:
        """The wrapping key's name, stored beside what it wrapped."""
        ...

    async def wrap(self, data_key: bytes, *, stack_id: StackId) -> bytes:
        """Encrypt a stack's data key."""
        ...

    async def unwrap(self, wrapped: bytes, *, stack_id: StackId) -> bytes:
        """Decrypt a stack's data key; raise DecryptionError where that fails."""
        ...


class ServiceKey:
    """Wraps data keys under the service's own key: 32 bytes from the settings."""

    def __init__(self, encoded: SecretStr) -> None:
        try:
            key = base64.b64decode(encoded.get_secret_value(), validate=True)
        except binascii.Error as error:
            raise ValueError("the secrets key is not base64") from error
        if len(key) != KEY_BYTES:
            raise ValueError(f"the secrets key has {len(key)} bytes instead of {KEY_BYTES}")
        self._cipher = AESGCM(key)
        self._key_id = "service:" + hashlib.sha256(b"berth key id" + key).hexdigest()[:16]

    @property
    def key_id(self) -> str:
        """A digest's first 64 bits: tells keys apart, reveals none."""
        return self._key_id

    async def wrap(self, data_key: bytes, *, stack_id: StackId) -> bytes:
        """Encrypt a stack's data key."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data_key, b"data key of " + stack_id.encode())

    async def unwrap(self, wrapped: bytes, *, stack_id: StackId) -> bytes:
        """Decrypt a stack's data key."""
        nonce, sealed = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, sealed, b"data key of " + stack_id.encode())
        except InvalidTag as error:
            raise DecryptionError("the stack's data key does not open with the service's key") from error
