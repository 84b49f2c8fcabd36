"""Shows one output in the clear, and takes note of who has seen it."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass

from service.audit.repository import AuditAction, AuditEntry, record_action
from service.backend.keyring import Keyring
from service.core.ids import StackId
from service.core.unit_of_work import UnitOfWork
from service.environments.model import Environment
from service.state import repository
from service.state.deployment import Deployment
from service.state.errors import OutputNotFoundError, SecretUnavailableError
from service.state.json_values import JsonObject, JsonValue, parse_json, read_object
from service.state.masking import is_secret
from service.state.secret_values import ciphertext_of, plaintext_of
from service.state.storage import StoredDeployment, load
from service.state.urns import ROOT_STACK_TYPE

_SERVICE_PROVIDER = "service"


@dataclass(frozen=True, slots=True)
class RevealOutput:
    """Who wants to see which output of an environment."""

    environment: Environment
    name: str
    actor: str


@dataclass(frozen=True, slots=True)
class RevealedOutput:
    """An output in the clear, and the state version that it stands in."""

    name: str
    value: JsonValue
    state_version: int


async def reveal_output(command: RevealOutput, uow: UnitOfWork, keyring: Keyring) -> RevealedOutput:
    """Return an output as the last good operation left it. The caller commits the audit entry.

    Raises:
        OutputNotFoundError: the environment has no such output.
        SecretUnavailableError: its secret was sealed by keys that are not the service's.
    """
    stack_id = await repository.stack_of_environment(uow, command.environment.id)
    shown = [] if stack_id is None else await repository.outputs(uow, stack_id)
    output = next((one for one in shown if one.name == command.name), None)
    if stack_id is None or output is None:
        raise OutputNotFoundError(command.name)
    stored = await repository.stored_deployment(uow, stack_id, output.state_version)
    if stored is None:
        raise SecretUnavailableError("the state version that holds this output is kept no longer")
    deployment = await asyncio.to_thread(_deployment, stored[1])
    value = await _opened(_output(deployment, command.name), deployment, stack_id, uow, keyring)
    await _record(command, uow)
    return RevealedOutput(command.name, value, output.state_version)


def _deployment(stored: StoredDeployment) -> Deployment:
    return load(stored).deployment


def _output(deployment: Deployment, name: str) -> JsonValue:
    for resource in deployment.resources:
        if resource.type == ROOT_STACK_TYPE and not resource.is_pending_delete:
            outputs = read_object(resource.rest, "outputs") or {}
            if name in outputs:
                return outputs[name]
    raise OutputNotFoundError(name)


async def _opened(
    value: JsonValue, deployment: Deployment, stack_id: StackId, uow: UnitOfWork, keyring: Keyring
) -> JsonValue:
    """Return the value with every secret in it replaced by its plain text."""
    secrets = list(_secrets_in(value))
    sealed = [text for secret in secrets if (text := ciphertext_of(secret))]
    provider = (deployment.secrets_provider or {}).get("type")
    if sealed and provider != _SERVICE_PROVIDER:
        raise SecretUnavailableError(f"the secret belongs to the secrets provider {provider}")
    opened = await keyring.decrypt(uow, stack_id, [base64.b64decode(text) for text in sealed])
    return _put_in(value, dict(zip(sealed, opened, strict=True)))


def _secrets_in(value: JsonValue) -> Sequence[JsonObject]:
    if isinstance(value, dict):
        if is_secret(value):
            return [value]
        return [secret for item in value.values() for secret in _secrets_in(item)]
    return [secret for item in value for secret in _secrets_in(item)] if isinstance(value, list) else []


def _put_in(value: JsonValue, opened: dict[str, bytes]) -> JsonValue:
    if isinstance(value, dict):
        if is_secret(value):
            ciphertext = ciphertext_of(value)
            return parse_json(opened[ciphertext] if ciphertext else plaintext_of(value).encode())
        return {key: _put_in(item, opened) for key, item in value.items()}
    return [_put_in(item, opened) for item in value] if isinstance(value, list) else value


async def _record(command: RevealOutput, uow: UnitOfWork) -> None:
    entry = AuditEntry(
        actor=command.actor,
        action=AuditAction.SECRETS_DECRYPTED,
        team=command.environment.team,
        environment_id=command.environment.id,
        detail={"output": command.name},
    )
    await record_action(uow.session, entry)
