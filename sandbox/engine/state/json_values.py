"""JSON as the state files hold it."""

import json
from collections.abc import Mapping
from typing import TypeAlias, cast

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
JsonObject: TypeAlias = dict[str, Json]


def dump(value: Json | Mapping[str, Json]) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def dump_sorted(value: Json | Mapping[str, Json]) -> str:
    """Compact JSON with its keys in order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def dump_indented(value: Json | Mapping[str, Json], indent: int = 4) -> str:
    """JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=indent)


def load_object(text: str | bytes) -> JsonObject:
    """A JSON object.

    Raises:
        ValueError: if the text is not one.
    """
    value = cast("Json", json.loads(text))
    if not isinstance(value, dict):
        msg = "expected a JSON object"
        raise ValueError(msg)  # noqa: TRY004 -- the text is wrong, not the argument's type
    return value


def text(source: Mapping[str, Json], key: str) -> str:
    """A string field, empty when missing."""
    value = source.get(key)
    return value if isinstance(value, str) else ""


def number(source: Mapping[str, Json], key: str) -> float:
    """A number field, 0 when missing."""
    value = source.get(key)
    return value if isinstance(value, int | float) else 0


def flag(source: Mapping[str, Json], key: str) -> bool:
    """A boolean field, False when missing."""
    return source.get(key) is True


def texts(source: Mapping[str, Json], key: str) -> list[str]:
    """A list of strings, empty when missing."""
    value = source.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def child(source: Mapping[str, Json], key: str) -> JsonObject:
    """An object field, empty when missing."""
    value = source.get(key)
    return value if isinstance(value, dict) else {}


def objects(source: Mapping[str, Json], key: str) -> list[JsonObject]:
    """A list of objects, empty when missing."""
    value = source.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
