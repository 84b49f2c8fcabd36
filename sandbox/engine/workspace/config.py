"""A stack's configuration: keys, paths into structured values, secrets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sandbox.engine.errors import EngineError
from sandbox.engine.properties.paths import PropertyPath, parse_path
from sandbox.engine.secrets.manager import SecretsManager
from sandbox.engine.state.json_values import Json, JsonObject, dump, dump_sorted

ConfigDocument = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ConfigEntry:
    """One value as programs and people see it."""

    key: str
    value: str
    is_secret: bool
    is_object: bool
    object_value: Json = None


def full_key(key: str, project: str) -> str:
    """The key with its namespace; a bare key belongs to the project.

    Raises:
        EngineError: if there are too many colons.
    """
    match key.split(":"):
        case [name]:
            return f"{project}:{name}"
        case [namespace, name]:
            return f"{namespace}:{name}"
        case [namespace, "config", name]:
            return f"{namespace}:{name}"
        case _:
            raise EngineError(
                f"invalid configuration key: could not parse {key} as a configuration key "
                "(configuration keys should be of the form `<namespace>:<name>`)"
            )


def is_secure(value: Json) -> bool:
    """Whether a stored value is an encrypted one."""
    return isinstance(value, dict) and set(value) == {"secure"} and isinstance(value["secure"], str)


def ciphertexts(value: Json) -> Iterator[str]:
    """Every encrypted value inside a stored one."""
    if isinstance(value, dict):
        if is_secure(value):
            yield str(value["secure"])
        else:
            for item in value.values():
                yield from ciphertexts(item)
    elif isinstance(value, list):
        for item in value:
            yield from ciphertexts(item)


def _reveal(value: Json, plaintexts: Mapping[str, str]) -> Json:
    if isinstance(value, dict):
        if is_secure(value):
            return plaintexts[str(value["secure"])]
        return {key: _reveal(item, plaintexts) for key, item in value.items()}
    if isinstance(value, list):
        return [_reveal(item, plaintexts) for item in value]
    return value


def decrypt_config(config: ConfigDocument, manager: SecretsManager | None, project: str) -> list[ConfigEntry]:
    """Every entry in plain text, by full key; without a manager secrets are shown as `[secret]`."""
    sealed = list(dict.fromkeys(text for value in config.values() for text in ciphertexts(value)))
    revealed = manager.decrypt(sealed) if manager and sealed else ["[secret]"] * len(sealed)
    plaintexts = dict(zip(sealed, revealed, strict=True))
    return [_entry(full_key(key, project), value, plaintexts) for key, value in sorted(config.items())]


def _entry(key: str, value: Json, plaintexts: Mapping[str, str]) -> ConfigEntry:
    plain = _reveal(value, plaintexts)
    is_object = isinstance(plain, dict | list)
    return ConfigEntry(
        key,
        dump_sorted(plain) if is_object else scalar_text(plain),
        any(ciphertexts(value)),
        is_object,
        plain,
    )


def scalar_text(value: Json) -> str:
    """A YAML scalar as a program receives it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return json.dumps(value) if isinstance(value, int | float) else str(value)


def wire_value(value: Json) -> JsonObject:
    """A stored value as it is sent to a backend (apitype.ConfigValue)."""
    if is_secure(value):
        return {"string": str(cast("JsonObject", value)["secure"]), "secret": True, "object": False}
    if isinstance(value, dict | list):
        return {"string": dump(value), "secret": any(ciphertexts(value)), "object": True}
    return {"string": scalar_text(value), "secret": False, "object": False}


def from_wire(value: JsonObject) -> Json:
    """A stored value out of its wire form."""
    content = str(value.get("string") or "")
    if value.get("object"):
        return cast("Json", json.loads(content))
    return {"secure": content} if value.get("secret") else content


def find_key(config: ConfigDocument, key: str, project: str) -> str | None:
    """The key under which an entry is stored, however it is spelled."""
    wanted = full_key(key, project)
    return next((stored for stored in config if full_key(stored, project) == wanted), None)


def split_path(key: str, project: str) -> tuple[str, PropertyPath]:
    """The full key and the rest of the path of `--path` arguments such as `app:tags.team[0]`.

    Raises:
        EngineError: if there is no key.
    """
    namespace, _, rest = key.rpartition(":")
    steps = parse_path(rest)
    if not steps or not isinstance(steps[0], str):
        raise EngineError(f"invalid configuration key: {key!r}")
    name = f"{namespace}:{steps[0]}" if namespace else steps[0]
    return full_key(name, project), steps[1:]


def set_at(current: Json, path: PropertyPath, value: Json) -> Json:
    """The value with a part of it set; missing parts on the way are made.

    Raises:
        EngineError: if the path goes through something else than objects and lists.
    """
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        items = list(current) if isinstance(current, list) else []
        if (current is not None and not isinstance(current, list)) or step > len(items):
            raise EngineError("array index out of range")
        items[step : step + 1] = [set_at(items[step] if step < len(items) else None, rest, value)]
        return items
    if current is not None and (not isinstance(current, dict) or is_secure(current)):
        raise EngineError("a key in the path is not a map")
    fields: JsonObject = dict(current) if isinstance(current, dict) else {}
    fields[step] = set_at(fields.get(step), rest, value)
    return fields


def get_at(current: Json, path: PropertyPath) -> Json:
    """A part of a value, None when it is missing."""
    for step in path:
        if isinstance(current, dict) and isinstance(step, str):
            current = current.get(step)
        elif isinstance(current, list) and isinstance(step, int) and step < len(current):
            current = current[step]
        else:
            return None
    return current


def remove_at(current: Json, path: PropertyPath) -> Json:
    """The value without a part of it."""
    step, rest = path[0], path[1:]
    if isinstance(current, dict) and isinstance(step, str) and step in current:
        fields = dict(current)
        if rest:
            fields[step] = remove_at(fields[step], rest)
        else:
            del fields[step]
        return fields
    if isinstance(current, list) and isinstance(step, int) and step < len(current):
        kept = [remove_at(current[step], rest)] if rest else []
        return [*current[:step], *kept, *current[step + 1 :]]
    return current


def typed_scalar(value: str) -> Json:
    """A `--path` value as it is stored: booleans and whole numbers are not left as text."""
    if value in ("true", "false"):
        return value == "true"
    if value.isdecimal() and (value == "0" or not value.startswith("0")):
        return int(value)
    return value
