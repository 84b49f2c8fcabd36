"""Property values to and from the JSON of state files and events."""

import json
import struct
from collections.abc import Mapping
from typing import Protocol, cast

from sandbox.engine.errors import EngineError
from sandbox.engine.properties import assets
from sandbox.engine.properties.values import (
    ARCHIVE_SIGNATURE,
    ASSET_SIGNATURE,
    RESOURCE_SIGNATURE,
    SECRET_SIGNATURE,
    SIGNATURE_KEY,
    UNKNOWN,
    UNKNOWN_STRING,
    Archive,
    Asset,
    OutputValue,
    Properties,
    Property,
    ResourceReference,
    Secret,
    Unknown,
)
from sandbox.engine.state.json_values import Json, JsonObject, dump

FLOAT_SIGNATURE = "8ad145fe-0d11-4827-bfd7-1abcbf086f5c"


class Sealer(Protocol):
    """Writes what may be shown of a secret."""

    def seal(self, secret: Secret, plaintext: str) -> JsonObject:
        """The envelope for a secret whose JSON is `plaintext`; it may be completed later."""
        ...


class Opener(Protocol):
    """Reads secrets."""

    def open(self, ciphertext: str) -> str:
        """The JSON behind a ciphertext."""
        ...


class Reveal:
    """Shows secrets in plain text, for exports that ask for it."""

    def seal(self, secret: Secret, plaintext: str) -> JsonObject:
        """The envelope with the plain text."""
        del secret
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "plaintext": plaintext}


class Blind:
    """Shows that there is a secret and nothing of it, for events."""

    def seal(self, secret: Secret, plaintext: str) -> JsonObject:
        """The envelope without content."""
        del secret, plaintext
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": "[secret]"}


def to_json_object(properties: Mapping[str, Property], sealer: Sealer) -> JsonObject:
    """Properties as a JSON object, keys in order."""
    return {key: to_json(properties[key], sealer) for key in sorted(properties)}


def to_json(value: Property, sealer: Sealer) -> Json:  # noqa: PLR0911 -- one case for each kind of value
    """A property as JSON."""
    match value:
        case None | bool() | str():
            return value
        case float() | int():
            return _number(value)
        case list():
            return [to_json(item, sealer) for item in value]
        case dict():
            return to_json_object(value, sealer)
        case Unknown():
            return UNKNOWN_STRING
        case Secret():
            return sealer.seal(value, dump(to_json(value.element, _PLAIN)))
        case OutputValue():
            plain: Property = value.element if value.known else UNKNOWN
            return to_json(Secret(plain) if value.secret else plain, sealer)
        case Asset() | Archive():
            return to_json_object(assets.describe(value), sealer)
        case ResourceReference():
            return _reference(value)


class _Plain:
    def seal(self, secret: Secret, plaintext: str) -> JsonObject:
        del secret
        return {SIGNATURE_KEY: SECRET_SIGNATURE, "ciphertext": plaintext}


class _PlainOpener:
    def open(self, ciphertext: str) -> str:
        return ciphertext


# A secret inside a secret is stored as it is: the outer one hides it.
_PLAIN = _Plain()
_PLAIN_OPENER = _PlainOpener()


def _number(value: float) -> Json:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 -- how one tells a NaN
        bits = struct.pack(">d", value).hex()
        return {SIGNATURE_KEY: FLOAT_SIGNATURE, "value": bits}
    # Whole numbers are written without a fraction below 1e21, as encoding/json of Go does.
    return int(value) if value == int(value) and abs(value) < 1e21 else value  # noqa: PLR2004


def _reference(reference: ResourceReference) -> JsonObject:
    described: JsonObject = {
        SIGNATURE_KEY: RESOURCE_SIGNATURE,
        "urn": reference.urn,
        "packageVersion": reference.package_version,
    }
    if reference.id is not None:
        described["id"] = reference.id if isinstance(reference.id, str) else ""
    return described


def from_json_object(values: Mapping[str, Json], opener: Opener) -> Properties:
    """Properties out of a JSON object."""
    return {key: from_json(value, opener) for key, value in values.items()}


def from_json(value: Json, opener: Opener) -> Property:
    """A property out of JSON.

    Raises:
        EngineError: if an object carries a signature that is not known.
    """
    match value:
        case bool() | None:
            return value
        case int():
            return float(value)
        case str():
            return UNKNOWN if value == UNKNOWN_STRING else value
        case list():
            return [from_json(item, opener) for item in value]
        case dict():
            signature = value.get(SIGNATURE_KEY)
            return from_json_object(value, opener) if signature is None else _signed(value, signature, opener)
        case _:
            return value


def _signed(value: JsonObject, signature: Json, opener: Opener) -> Property:
    match signature:
        case s if s == SECRET_SIGNATURE:
            return _secret(value, opener)
        case s if s in (ASSET_SIGNATURE, ARCHIVE_SIGNATURE):
            return assets.parse(
                from_json_object({**value, SIGNATURE_KEY: None}, opener) | {SIGNATURE_KEY: str(s)}
            )
        case s if s == RESOURCE_SIGNATURE:
            identity = value.get("id")
            known = identity if isinstance(identity, str) else None
            return ResourceReference(str(value["urn"]), known, str(value.get("packageVersion") or ""))
        case s if s == FLOAT_SIGNATURE:
            return float(struct.unpack(">d", bytes.fromhex(str(value["value"])))[0])
        case _:
            msg = f"unrecognized signature '{signature}' in property map"
            raise EngineError(msg)


def _secret(value: JsonObject, opener: Opener) -> Secret:
    plaintext, ciphertext = value.get("plaintext"), value.get("ciphertext")
    if isinstance(plaintext, str) and plaintext:
        return Secret(from_json(cast("Json", json.loads(plaintext)), _PLAIN_OPENER))
    if not isinstance(ciphertext, str) or not ciphertext:
        msg = "malformed secret value: exactly one of `ciphertext` or `plaintext` must be supplied"
        raise EngineError(msg)
    plaintext = opener.open(ciphertext)
    return Secret(from_json(cast("Json", json.loads(plaintext)), _PLAIN_OPENER), ciphertext)
