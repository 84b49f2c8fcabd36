"""JSON as it travels through the backend: values whose inside is the engine's business, read with care."""

from typing import TypeAlias, cast

import pydantic_core

from service.core.errors import InvalidInputError

JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"
JsonObject: TypeAlias = dict[str, "JsonValue"]


class DocumentError(InvalidInputError):
    """A document is not JSON, or a field of it has another type than the format gives it."""

    code = "invalid_document"
    title = "The document is not valid"


def parse_json(body: bytes) -> JsonValue:
    """Parse JSON text; raise DocumentError for anything else (NaN, infinities, bottomless nesting)."""
    try:
        return cast("JsonValue", pydantic_core.from_json(body, allow_inf_nan=False, cache_strings="keys"))
    except ValueError as error:
        raise DocumentError(f"the body is not JSON: {error}") from error


def parse_object(body: bytes) -> JsonObject:
    """Parse JSON text that has to be an object."""
    return as_object(parse_json(body), "the document")


def dump_json(value: JsonValue) -> bytes:
    """Write JSON text, UTF-8, without blanks."""
    return pydantic_core.to_json(value)


def as_object(value: JsonValue, what: str) -> JsonObject:
    """Return the value as an object, or raise DocumentError naming it."""
    if not isinstance(value, dict):
        raise DocumentError(f"{what} must be an object")
    return value


def read_text(document: JsonObject, key: str) -> str:
    """Return a text field; absent and null count as empty, as the engine writes them."""
    value = document.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DocumentError(f"{key} must be a string")
    return value


def read_flag(document: JsonObject, key: str) -> bool:
    """Return a boolean field; absent and null count as false."""
    value = document.get(key)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise DocumentError(f"{key} must be true or false")
    return value


def read_integer(document: JsonObject, key: str) -> int | None:
    """Return an integer field, or None where it is absent or null."""
    value = document.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise DocumentError(f"{key} must be an integer")
    return value


def read_object(document: JsonObject, key: str) -> JsonObject | None:
    """Return an object field, or None where it is absent or null."""
    value = document.get(key)
    return None if value is None else as_object(value, key)


def read_list(document: JsonObject, key: str) -> list[JsonValue]:
    """Return a list field; absent and null count as empty."""
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise DocumentError(f"{key} must be a list")
    return value


def read_texts(document: JsonObject, key: str) -> tuple[str, ...]:
    """Return a list of strings; absent and null count as empty."""
    return as_texts(read_list(document, key), key)


def as_texts(values: list[JsonValue], what: str) -> tuple[str, ...]:
    """Return the values as strings, or raise DocumentError."""
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(values):
        raise DocumentError(f"{what} must hold strings only")
    return texts
