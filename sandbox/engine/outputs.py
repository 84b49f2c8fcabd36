"""The outputs that a stack records."""

from sandbox.engine.backends.protocol import Backend, StackName
from sandbox.engine.errors import DecryptionError, StackNotFoundError
from sandbox.engine.properties.values import SECRET_SIGNATURE, Properties, Property, Secret
from sandbox.engine.secrets.manager import decrypt_all
from sandbox.engine.state.json_values import JsonObject, child, objects, text
from sandbox.engine.state.properties_json import Reveal, from_json_object, to_json_object
from sandbox.engine.urn import ROOT_STACK_TYPE

_HIDDEN = "[secret]"


def _recorded(deployment: JsonObject) -> JsonObject:
    for resource in objects(deployment, "resources"):
        if text(resource, "type") == ROOT_STACK_TYPE and "parent" not in resource:
            return child(resource, "outputs")
    return {}


class _Blinded:
    def open(self, ciphertext: str) -> str:
        del ciphertext
        return f'"{_HIDDEN}"'


def read_outputs(backend: Backend, name: StackName) -> Properties:
    """A stack's outputs with its secrets, for references to it.

    Raises:
        StackNotFoundError: if there is no such stack.
    """
    if not backend.exists(name):
        raise StackNotFoundError(name.qualified)
    deployment = backend.export(name).deployment
    recorded = _recorded(deployment)
    manager = backend.manager_for(name, deployment)
    if manager is None:
        return from_json_object(recorded, _Blinded())
    outputs = from_json_object(recorded, decrypt_all(recorded, manager))
    return {key: _unsealed(value) for key, value in outputs.items()}


def _unsealed(value: Property) -> Property:
    # The ciphertext is another stack's: this one encrypts the value anew.
    match value:
        case Secret():
            return Secret(_unsealed(value.element))
        case list():
            return [_unsealed(item) for item in value]
        case dict():
            return {key: _unsealed(item) for key, item in value.items()}
        case _:
            return value


def shown_outputs(backend: Backend, name: StackName, *, reveal: bool) -> JsonObject:
    """A stack's outputs for people: secrets in plain text, or as `[secret]`."""
    deployment = backend.export(name).deployment
    recorded = _recorded(deployment)
    opener = _Blinded()
    if reveal and SECRET_SIGNATURE in str(recorded):
        manager = backend.manager_for(name, deployment)
        if manager is None:
            raise DecryptionError("the stack records no secrets provider")
        return to_json_object(_bare(from_json_object(recorded, decrypt_all(recorded, manager))), Reveal())
    return to_json_object(_bare(from_json_object(recorded, opener)), Reveal())


def _bare(properties: Properties) -> Properties:
    return {key: _bare_value(value) for key, value in properties.items()}


def _bare_value(value: Property) -> Property:
    match value:
        case Secret():
            return _bare_value(value.element)
        case list():
            return [_bare_value(item) for item in value]
        case dict():
            return _bare(value)
        case _:
            return value
