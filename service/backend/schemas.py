"""Requests of the Pulumi CLI, as far as the backend reads them; fields it does not know are left alone."""

from typing import Annotated

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Text = Annotated[str, Field(max_length=65_536)]
Tags = Annotated[dict[str, str], Field(max_length=200)]


class WireModel(BaseModel):
    """Camel case on the wire, snake case here."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, extra="ignore", frozen=True)


class CreateStackRequest(WireModel):
    """`POST /stacks/{org}/{project}`."""

    stack_name: str
    tags: Tags | None = None


class UpdateMetadata(WireModel):
    """What the CLI tells of the update's origin: commit, author, CI."""

    message: Text = ""
    environment: dict[str, Text] | None = None


class UpdateOptions(WireModel):
    """Options of the run; a dry run only looks, whatever its kind."""

    dry_run: bool = False


class CreateUpdateRequest(WireModel):
    """`POST /stacks/{org}/{project}/{stack}/{kind}`; secret configuration values come encrypted."""

    config: dict[str, object] | None = None
    options: UpdateOptions = UpdateOptions()
    metadata: UpdateMetadata = UpdateMetadata()


class StartUpdateRequest(WireModel):
    """`POST …/{kind}/{id}`; `journal_version` is the newest that the engine can write."""

    tags: Tags | None = None
    journal_version: int = Field(default=0, ge=0)


class RenewLeaseRequest(WireModel):
    """`POST …/renew_lease`."""

    duration: int = Field(default=0, ge=0, description="Seconds")


class CompleteUpdateRequest(WireModel):
    """`POST …/complete`; the CLI says succeeded, failed or cancelled."""

    status: str


class RenameRequest(WireModel):
    """`POST …/rename`."""

    new_name: str = ""
    new_project: str = ""


class EncryptRequest(WireModel):
    """`POST …/encrypt`."""

    plaintext: Base64Bytes


class DecryptRequest(WireModel):
    """`POST …/decrypt`."""

    ciphertext: Base64Bytes


class BatchEncryptRequest(WireModel):
    """`POST …/batch-encrypt`."""

    plaintexts: list[Base64Bytes] | None = None


class BatchDecryptRequest(WireModel):
    """`POST …/batch-decrypt`."""

    ciphertexts: list[Base64Bytes] | None = None


class LogDecryptionRequest(WireModel):
    """`POST …/decrypt/log-decryption`: which secret, or which command decrypted several."""

    secret_name: Annotated[str, Field(max_length=512)] = ""
    command_name: Annotated[str, Field(max_length=512)] = ""
