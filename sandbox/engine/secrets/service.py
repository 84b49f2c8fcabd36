"""Secrets that the backend encrypts: the engine never sees a key."""

import base64
from collections.abc import Sequence

from sandbox.engine.backends.http_client import HttpClient
from sandbox.engine.errors import DecryptionError
from sandbox.engine.state.deployment import SecretsProvider
from sandbox.engine.state.json_values import JsonObject, child, text, texts


class ServiceManager:
    """Asks the backend to encrypt and decrypt for one stack, in batches."""

    def __init__(self, client: HttpClient, base_url: str, owner: str, project: str, stack: str) -> None:
        """Take what names the stack; nothing is asked yet."""
        self._client = client
        self._path = f"/api/stacks/{owner}/{project}/{stack}"
        self._state = {"url": base_url, "owner": owner, "project": project, "stack": stack}

    @property
    def provider(self) -> SecretsProvider:
        """What a deployment records."""
        return SecretsProvider("service", dict(self._state))

    def encrypt(self, plaintexts: Sequence[str]) -> list[str]:
        """Ciphertexts in order, in one request."""
        encoded = [base64.b64encode(plaintext.encode()).decode() for plaintext in plaintexts]
        body: JsonObject = {"plaintexts": [*encoded]}
        answer = self._client.post(f"{self._path}/batch-encrypt", body, compress=True)
        return texts(answer, "ciphertexts")

    def decrypt(self, ciphertexts: Sequence[str]) -> list[str]:
        """Plaintexts in order, in one request."""
        answer = self._client.post(
            f"{self._path}/batch-decrypt", {"ciphertexts": [*ciphertexts]}, compress=True
        )
        plaintexts = child(answer, "plaintexts")
        if missing := [ciphertext for ciphertext in ciphertexts if ciphertext not in plaintexts]:
            raise DecryptionError(f"failed to decrypt: the backend left out {len(missing)} values")
        return [base64.b64decode(text(plaintexts, ciphertext)).decode() for ciphertext in ciphertexts]
