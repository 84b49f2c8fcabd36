"""Reads inputs of planned resources: what is unknown or of another type counts as not said."""

from decimal import Decimal, InvalidOperation

from service.state.json_values import JsonObject, JsonValue


def number(value: JsonValue) -> Decimal | None:
    """Return a number, also one written as text (`"256"`), or None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        try:
            exact = Decimal(value)
        except InvalidOperation:
            return None
        return exact if exact.is_finite() else None
    return None


def number_at(document: JsonObject, *path: str) -> Decimal | None:
    """Return the number at a path of keys, or None."""
    return number(value_at(document, *path))


def text_at(document: JsonObject, *path: str) -> str | None:
    """Return the text at a path of keys, or None."""
    value = value_at(document, *path)
    return value if isinstance(value, str) else None


def flag_at(document: JsonObject, *path: str) -> bool:
    """Say whether the value at a path of keys is true."""
    value = value_at(document, *path)
    return value is True or value == "true"


def value_at(document: JsonObject, *path: str) -> JsonValue:
    """Return the value at a path of keys; a list on the way stands for its first item."""
    value: JsonValue = document
    for key in path:
        inner = next(iter(value), None) if isinstance(value, list) else value
        if not isinstance(inner, dict):
            return None
        value = inner.get(key)
    return value


def objects_at(document: JsonObject, *path: str) -> list[JsonObject]:
    """Return the objects in the list at a path of keys; an object alone counts as a list of one."""
    value = value_at(document, *path)
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    return [item for item in value if isinstance(item, dict)]


def texts_at(document: JsonObject, *path: str) -> list[str]:
    """Return the texts in the list at a path of keys."""
    value = value_at(document, *path)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def count_at(document: JsonObject, *path: str) -> int:
    """Return how many items the list at a path of keys has, unknown ones counted."""
    value = value_at(document, *path)
    return len(value) if isinstance(value, list) else 0
