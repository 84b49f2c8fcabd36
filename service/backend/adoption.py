"""A state that comes from elsewhere: its secrets become this stack's own before anything is stored."""

import base64
import binascii
from dataclasses import replace

from service.backend.errors import DecryptionError
from service.backend.keyring import Keyring
from service.backend.model import Stack
from service.core.errors import InvalidInputError
from service.core.unit_of_work import UnitOfWork
from service.state.deployment import Deployment, VersionedDeployment
from service.state.json_values import JsonObject, read_text
from service.state.secret_values import change_secrets, ciphertext_of, find_secrets, plaintext_of, sealed

_SERVICE_PROVIDER = "service"


class ForeignSecretsError(InvalidInputError):
    """The state's secrets were sealed by keys that are not this stack's."""

    code = "foreign_secrets"
    title = "The state's secrets cannot be opened here"


def _foreign(what: str) -> ForeignSecretsError:
    return ForeignSecretsError(
        what,
        hint="export the state with --show-secrets and import that: its secrets are encrypted on arrival",
    )


async def adopt_state(
    uow: UnitOfWork, keyring: Keyring, stack: Stack, state: VersionedDeployment
) -> VersionedDeployment:
    """Seal what stands in the clear, and make sure that what is sealed opens with this stack's keys.

    A stack without an environment may keep another secrets provider (a passphrase, a cloud's key service):
    its owner has the key. Raises ForeignSecretsError.
    """
    secrets = list(find_secrets(state.deployment))
    ciphertexts = [text for secret in secrets if (text := ciphertext_of(secret))]
    plaintexts = [text for secret in secrets if (text := plaintext_of(secret))]
    provider = read_text(state.deployment.secrets_provider or {}, "type")
    if ciphertexts and provider not in {"", _SERVICE_PROVIDER}:
        if stack.environment_id is not None or plaintexts:
            raise _foreign(f"the state's secrets belong to the secrets provider '{provider[:40]}'")
        return state
    await _check_opens(uow, keyring, stack, ciphertexts)
    if not secrets and provider != _SERVICE_PROVIDER:
        return state
    deployment = await _sealed(uow, keyring, stack, state.deployment, plaintexts)
    return replace(state, deployment=replace(deployment, secrets_provider=_provider(stack, state.deployment)))


async def _check_opens(uow: UnitOfWork, keyring: Keyring, stack: Stack, ciphertexts: list[str]) -> None:
    try:
        sealed_values = [base64.b64decode(text, validate=True) for text in ciphertexts]
        await keyring.decrypt(uow, stack.id, sealed_values)
    except (binascii.Error, ValueError, DecryptionError) as error:
        raise _foreign(
            "the state's secrets were encrypted for another stack or by another service"
        ) from error


async def _sealed(
    uow: UnitOfWork, keyring: Keyring, stack: Stack, deployment: Deployment, plaintexts: list[str]
) -> Deployment:
    if not plaintexts:
        return deployment
    sealed_values = await keyring.encrypt(uow, stack, [text.encode() for text in plaintexts])
    ciphertexts = {
        plaintext: base64.b64encode(value).decode()
        for plaintext, value in zip(plaintexts, sealed_values, strict=True)
    }

    def seal(secret: JsonObject) -> JsonObject:
        plaintext = plaintext_of(secret)
        return sealed(secret, ciphertexts[plaintext]) if plaintext else secret

    return change_secrets(deployment, seal)


def _provider(stack: Stack, deployment: Deployment) -> JsonObject:
    """Name this stack as the one that decrypts; the address is filled in when the state is exported."""
    given = (deployment.secrets_provider or {}).get("state")
    url = given.get("url", "") if isinstance(given, dict) else ""
    address = stack.address
    return {
        "type": _SERVICE_PROVIDER,
        "state": {"url": url, "owner": address.team, "project": address.project, "stack": address.name},
    }
