"""Data keys wrapped by AWS KMS: the wrapping key never leaves it."""

import asyncio
from typing import Protocol, TypedDict, cast

from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs] -- botocore has none
    BotoCoreError,
    ClientError,
)
from botocore.session import (  # pyright: ignore[reportMissingTypeStubs] -- botocore has none
    get_session,  # pyright: ignore[reportUnknownVariableType]
)

from service.backend.errors import DecryptionError, KeyServiceError
from service.core.ids import StackId


class Encrypted(TypedDict):
    """What KMS answers to Encrypt, as far as it is used."""

    CiphertextBlob: bytes


class Decrypted(TypedDict):
    """What KMS answers to Decrypt, as far as it is used."""

    Plaintext: bytes


class KmsClient(Protocol):
    """The two calls of the KMS API that wrapping needs (AWS KMS API Reference, Encrypt and Decrypt)."""

    def encrypt(self, *, KeyId: str, Plaintext: bytes, EncryptionContext: dict[str, str]) -> Encrypted:  # noqa: N803 -- AWS's names
        """Encrypt up to 4,096 bytes."""
        ...

    def decrypt(self, *, KeyId: str, CiphertextBlob: bytes, EncryptionContext: dict[str, str]) -> Decrypted:  # noqa: N803 -- AWS's names
        """Decrypt what `encrypt` made under the same context."""
        ...


_NOT_ITS_WORK = ("InvalidCiphertextException", "IncorrectKeyException")


def kms_client(region: str) -> KmsClient:
    """Connect to KMS with the service's own credentials."""
    session = get_session()
    return cast("KmsClient", session.create_client("kms", region_name=region))  # pyright: ignore[reportUnknownMemberType]


class KmsKey:
    """Wraps data keys under a KMS key; the encryption context binds each to its stack."""

    def __init__(self, client: KmsClient, key: str) -> None:
        self._client = client
        self._key = key

    @property
    def key_id(self) -> str:
        """The key's id, alias or ARN as configured."""
        return f"kms:{self._key}"

    async def wrap(self, data_key: bytes, *, stack_id: StackId) -> bytes:
        """Encrypt a stack's data key; raise KeyServiceError where KMS does not."""
        try:
            answer = await asyncio.to_thread(
                self._client.encrypt,
                KeyId=self._key,
                Plaintext=data_key,
                EncryptionContext={"berth:stack": stack_id},
            )
        except (BotoCoreError, ClientError) as error:
            raise _unavailable(error) from error
        return answer["CiphertextBlob"]

    async def unwrap(self, wrapped: bytes, *, stack_id: StackId) -> bytes:
        """Decrypt a stack's data key; raise DecryptionError where it is not this key's work."""
        try:
            answer = await asyncio.to_thread(
                self._client.decrypt,
                KeyId=self._key,
                CiphertextBlob=wrapped,
                EncryptionContext={"berth:stack": stack_id},
            )
        except ClientError as error:
            if any(code in str(error) for code in _NOT_ITS_WORK):
                raise DecryptionError("the stack's data key does not open with the KMS key") from error
            raise _unavailable(error) from error
        except BotoCoreError as error:
            raise _unavailable(error) from error
        return answer["Plaintext"]


def _unavailable(error: Exception) -> KeyServiceError:
    return KeyServiceError(f"AWS KMS: {error}", hint="check the key's policy and the service's credentials")
