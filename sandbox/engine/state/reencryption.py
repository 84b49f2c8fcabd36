"""Shows the secrets in a deployment, or hides those that are shown."""

from collections.abc import Callable

from sandbox.engine.properties.values import SECRET_SIGNATURE, SIGNATURE_KEY
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.state.deployment import UntypedDeployment
from sandbox.engine.state.json_values import Json, JsonObject


def reveal_secrets(deployment: UntypedDeployment, manager: SecretsManager | None) -> UntypedDeployment:
    """The deployment with its secrets in plain text."""
    if manager is None:
        return deployment
    found: list[str] = []
    _walk(deployment.deployment, lambda secret: _note(secret, "ciphertext", found))
    unique = list(dict.fromkeys(found))
    plain = dict(zip(unique, manager.decrypt(unique) if unique else [], strict=True))

    def show(secret: JsonObject) -> JsonObject:
        ciphertext = secret.get("ciphertext")
        if not isinstance(ciphertext, str):
            return secret
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "plaintext": plain[ciphertext]}

    return _rebuilt(deployment, show)


def seal_secrets(
    deployment: UntypedDeployment, reader: SecretsManager | None, writer: SecretsManager
) -> UntypedDeployment:
    """The deployment with all its secrets encrypted by the stack's own manager."""
    shown = deployment
    if reader is not None and reader.provider != writer.provider:
        shown = reveal_secrets(deployment, reader)
    found: list[str] = []
    _walk(shown.deployment, lambda secret: _note(secret, "plaintext", found))
    unique = list(dict.fromkeys(found))
    sealed = dict(zip(unique, writer.encrypt(unique) if unique else [], strict=True))

    def hide(secret: JsonObject) -> JsonObject:
        plaintext = secret.get("plaintext")
        if not isinstance(plaintext, str):
            return secret
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": sealed[plaintext]}

    hidden = _rebuilt(shown, hide)
    if hidden.deployment:
        hidden.deployment["secrets_providers"] = writer.provider.to_json()
    return hidden


def _note(secret: JsonObject, key: str, found: list[str]) -> JsonObject:
    value = secret.get(key)
    if isinstance(value, str):
        found.append(value)
    return secret


def _rebuilt(deployment: UntypedDeployment, change: Callable[[JsonObject], JsonObject]) -> UntypedDeployment:
    document = _walk(deployment.deployment, change)
    if not isinstance(document, dict):
        raise TypeError(document)
    return UntypedDeployment(document, deployment.version, deployment.features)


def _walk(value: Json, change: Callable[[JsonObject], JsonObject]) -> Json:
    if isinstance(value, list):
        return [_walk(item, change) for item in value]
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return change(value)
        return {key: _walk(item, change) for key, item in value.items()}
    return value
