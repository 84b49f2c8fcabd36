"""How secrets are encrypted, whoever keeps the key."""

from collections.abc import Sequence
from typing import Protocol

from sandbox.engine.errors import DecryptionError
from sandbox.engine.properties.values import SECRET_SIGNATURE, SIGNATURE_KEY, Secret
from sandbox.engine.state.deployment import SecretsProvider
from sandbox.engine.state.json_values import Json, JsonObject


class SecretsManager(Protocol):
    """Encrypts and decrypts for one stack."""

    @property
    def provider(self) -> SecretsProvider:
        """What a deployment records about this manager."""
        ...

    def encrypt(self, plaintexts: Sequence[str]) -> list[str]:
        """Ciphertexts in the order of the plaintexts."""
        ...

    def decrypt(self, ciphertexts: Sequence[str]) -> list[str]:
        """Plaintexts in the order of the ciphertexts."""
        ...


class EncryptingSealer:
    """Collects the secrets of one write and encrypts them in one go."""

    def __init__(self) -> None:
        """Start with nothing collected."""
        self._waiting: list[tuple[Secret, str, JsonObject]] = []

    def seal(self, secret: Secret, plaintext: str) -> JsonObject:
        """The envelope, complete when the secret was encrypted before, else after `complete`."""
        envelope: JsonObject = {SIGNATURE_KEY: SECRET_SIGNATURE}
        if secret.ciphertext is not None:
            envelope["ciphertext"] = secret.ciphertext
        else:
            self._waiting.append((secret, plaintext, envelope))
        return envelope

    @property
    def is_complete(self) -> bool:
        """Whether nothing waits for encryption."""
        return not self._waiting

    def complete(self, manager: SecretsManager) -> None:
        """Encrypt what was collected and complete its envelopes."""
        if not self._waiting:
            return
        ciphertexts = manager.encrypt([plaintext for _, plaintext, _ in self._waiting])
        for (secret, _, envelope), ciphertext in zip(self._waiting, ciphertexts, strict=True):
            secret.ciphertext = ciphertext
            envelope["ciphertext"] = ciphertext
        self._waiting.clear()


class DecryptingOpener:
    """Knows the plain text of every secret in a document."""

    def __init__(self, plaintexts: dict[str, str]) -> None:
        """Take what was decrypted, by ciphertext."""
        self._plaintexts = plaintexts

    def open(self, ciphertext: str) -> str:
        """The plain text.

        Raises:
            DecryptionError: if it was not among the secrets of the document.
        """
        try:
            return self._plaintexts[ciphertext]
        except KeyError:
            raise DecryptionError("failed to decrypt: unknown ciphertext") from None


def decrypt_all(document: Json, manager: SecretsManager) -> DecryptingOpener:
    """An opener for every secret in a document, decrypted in one go."""
    ciphertexts: list[str] = []
    _collect(document, ciphertexts)
    unique = list(dict.fromkeys(ciphertexts))
    plaintexts = manager.decrypt(unique) if unique else []
    return DecryptingOpener(dict(zip(unique, plaintexts, strict=True)))


def _collect(document: Json, found: list[str]) -> None:
    if isinstance(document, list):
        for item in document:
            _collect(item, found)
    elif isinstance(document, dict):
        ciphertext = document.get("ciphertext")
        if document.get(SIGNATURE_KEY) == SECRET_SIGNATURE and isinstance(ciphertext, str):
            found.append(ciphertext)
        else:
            for item in document.values():
                _collect(item, found)
