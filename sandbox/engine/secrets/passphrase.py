"""Secrets under a passphrase, in the official format: AES-256-GCM under a PBKDF2 key."""

import base64
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sandbox.engine.errors import DecryptionError, EngineError
from sandbox.engine.state.deployment import SecretsProvider

# sdk/go/common/resource/config/crypt.go: NewSymmetricCrypterFromPassphrase.
ITERATIONS = 1_000_000
_KEY_BYTES = 32
_SALT_BYTES = 8
_NONCE_BYTES = 12
_PROBE = "pulumi"
_WRONG = (
    "incorrect passphrase, please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase or set "
    "PULUMI_CONFIG_PASSPHRASE_FILE to a file containing the passphrase"
)


def read_passphrase(environment: Mapping[str, str]) -> str:
    """The passphrase that the environment gives.

    Raises:
        EngineError: if it gives none.
    """
    if "PULUMI_CONFIG_PASSPHRASE" in environment:
        return environment["PULUMI_CONFIG_PASSPHRASE"]
    if path := environment.get("PULUMI_CONFIG_PASSPHRASE_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    raise EngineError(
        "passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE "
        "environment variables"
    )


class PassphraseManager:
    """Encrypts under a key derived from a passphrase and the salt that the stack records."""

    def __init__(self, passphrase: str, salt: str | None = None) -> None:
        """Derive the key.

        Args:
            passphrase: What the user knows.
            salt: The stack's recorded salt (`v1:<salt>:<probe>`); without one a new one is made.

        Raises:
            DecryptionError: if the passphrase is not the one that the salt was made with.
        """
        if salt is None:
            raw = os.urandom(_SALT_BYTES)
            self._cipher = _derive(passphrase, raw)
            self.salt = f"v1:{base64.b64encode(raw).decode()}:{self._encrypt(_PROBE)}"
            return
        version, encoded, probe = salt.split(":", 2)
        if version != "v1":
            raise EngineError("unknown state version")
        self.salt = salt
        self._cipher = _derive(passphrase, base64.b64decode(encoded))
        if self._decrypt(probe) != _PROBE:
            raise DecryptionError(f"failed to decrypt: {_WRONG}")

    @property
    def provider(self) -> SecretsProvider:
        """What a deployment records."""
        return SecretsProvider("passphrase", {"salt": self.salt})

    def encrypt(self, plaintexts: Sequence[str]) -> list[str]:
        """Ciphertexts in order."""
        return [self._encrypt(plaintext) for plaintext in plaintexts]

    def decrypt(self, ciphertexts: Sequence[str]) -> list[str]:
        """Plaintexts in order."""
        return [self._decrypt(ciphertext) for ciphertext in ciphertexts]

    def _encrypt(self, plaintext: str) -> str:
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plaintext.encode(), None)
        return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"

    def _decrypt(self, ciphertext: str) -> str:
        try:
            version, nonce, sealed = ciphertext.split(":")
            if version != "v1":
                raise DecryptionError("failed to decrypt: unknown value version")
            return self._cipher.decrypt(base64.b64decode(nonce), base64.b64decode(sealed), None).decode()
        except (InvalidTag, ValueError):
            raise DecryptionError(f"failed to decrypt: {_WRONG}") from None


def _derive(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS, _KEY_BYTES))
