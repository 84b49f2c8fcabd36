"""What step generation has to tell people, in the official wording."""

import json
from typing import Protocol

from sandbox.engine.properties.values import Property, Secret, Unknown
from sandbox.engine.state.properties_json import Blind, to_json


class Diagnostics(Protocol):
    """Takes messages for people."""

    def error(self, message: str, urn: str = "") -> None:
        """Something failed."""
        ...

    def warning(self, message: str, urn: str = "") -> None:
        """Something deserves attention."""
        ...

    def info(self, message: str, urn: str = "") -> None:
        """Something is worth knowing."""
        ...


def duplicate_urn(urn: str) -> str:
    """Two registrations of one name."""
    return f"Duplicate resource URN '{urn}'; try giving it a unique name"


def invalid_property(type_token: str, name: str, key: str, value: str, reason: str) -> str:
    """An input that a provider refuses."""
    return f"{type_token} resource '{name}': property {key} value {value} has a problem: {reason}"


def invalid_resource(type_token: str, name: str, reason: str) -> str:
    """A resource that cannot be."""
    return f"{type_token} resource '{name}' has a problem: {reason}"


def protected_from_replacement(urn: str) -> str:
    """A replacement that protection forbids."""
    return (
        f'unable to replace resource "{urn}"\n'
        "as it is currently marked for protection. To unprotect the resource, remove the `protect` flag "
        "from the resource in your Pulumi program and run `pulumi up`"
    )


def protected_from_chain(urn: str, root: str) -> str:
    """A replacement of something else that protection forbids."""
    return (
        f'unable to replace resource "{urn}" as part of replacing "{root}" '
        "as it is currently marked for protection. To unprotect the resource, remove the `protect` flag "
        "from the resource in your Pulumi program and run `pulumi up`, or use the command:\n"
        f"`pulumi state unprotect '{urn}'`"
    )


def protected_from_deletion(urn: str) -> str:
    """A deletion that protection forbids."""
    return (
        f'resource "{urn}" cannot be deleted\n'
        "because it is protected. To unprotect the resource, either remove the `protect` flag "
        "from the resource in your Pulumi program and run `pulumi up`, or use the command:\n"
        f"`pulumi state unprotect '{urn}'`"
    )


def show_value(value: Property) -> str:
    """A value for a message, with what is secret left out."""
    match value:
        case Secret():
            return "[secret]"
        case Unknown():
            return "output<string>{}"
        case str():
            return f"{{{value}}}"
        case _:
            return f"{{{json.dumps(to_json(value, Blind()))}}}"
