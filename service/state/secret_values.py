"""The secrets inside a deployment: found, and put back changed."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from service.state.deployment import Deployment, PendingOperation, Resource
from service.state.json_values import JsonObject, JsonValue, read_text
from service.state.masking import is_secret

SecretChange = Callable[[JsonObject], JsonObject]


def find_secrets(deployment: Deployment) -> Iterator[JsonObject]:
    """Yield every secret of the deployment's resources, those of pending operations included."""
    for resource in _every_resource(deployment):
        yield from _find(resource.rest)


def change_secrets(deployment: Deployment, change: SecretChange) -> Deployment:
    """Return the deployment with every secret replaced by what `change` makes of it."""
    return replace(
        deployment,
        resources=tuple(_changed(resource, change) for resource in deployment.resources),
        pending_operations=tuple(
            PendingOperation(operation.type, _changed(operation.resource, change))
            for operation in deployment.pending_operations
        ),
    )


def ciphertext_of(secret: JsonObject) -> str:
    """Return the secret's ciphertext; empty where it stands in the clear."""
    return read_text(secret, "ciphertext")


def plaintext_of(secret: JsonObject) -> str:
    """Return the JSON text of a secret that stands in the clear; empty where it is sealed."""
    return "" if ciphertext_of(secret) else read_text(secret, "plaintext")


def sealed(secret: JsonObject, ciphertext: str) -> JsonObject:
    """Return the secret with a ciphertext in the place of its plain text."""
    kept: JsonObject = {key: value for key, value in secret.items() if key != "plaintext"}
    return {**kept, "ciphertext": ciphertext}


def _every_resource(deployment: Deployment) -> Iterator[Resource]:
    yield from deployment.resources
    for operation in deployment.pending_operations:
        yield operation.resource


def _find(value: JsonValue) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        if is_secret(value):
            yield value
            return
        for item in value.values():
            yield from _find(item)
    elif isinstance(value, list):
        for item in value:
            yield from _find(item)


def _changed(resource: Resource, change: SecretChange) -> Resource:
    return replace(resource, rest={key: _change(value, change) for key, value in resource.rest.items()})


def _change(value: JsonValue, change: SecretChange) -> JsonValue:
    if isinstance(value, dict):
        if is_secret(value):
            return change(value)
        return {key: _change(item, change) for key, item in value.items()}
    if isinstance(value, list):
        return [_change(item, change) for item in value]
    return value
