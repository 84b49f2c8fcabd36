"""How a plain setting names an output of another environment: `${environments.NAME.outputs.KEY}`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from pydantic import JsonValue

ENVIRONMENT_REFERENCE = re.compile(r"\$\{environments\.([a-z][a-z0-9-]*)\.outputs\.([A-Za-z0-9_.-]+)\}")
ANY_ENVIRONMENT_REFERENCE = re.compile(r"\$\{environments?\b[^}]*\}?")


@dataclass(frozen=True, slots=True)
class OutputReference:
    """An output of another environment of the team; `path` leads into an output that is an object."""

    environment: str
    path: tuple[str, ...]
    pointer: str

    def __str__(self) -> str:
        return f"${{environments.{self.environment}.outputs.{'.'.join(self.path)}}}"


def find_references(document: Mapping[str, JsonValue]) -> Iterator[OutputReference]:
    """Yield each reference in the plain settings of a valid request document, with its JSON pointer."""
    for pointer, settings in _settings(document):
        for key, value in settings.items():
            for match in ENVIRONMENT_REFERENCE.finditer(str(value)):
                yield _reference(match, pointer, key)


def replace_references(
    document: Mapping[str, JsonValue], value_of: Callable[[OutputReference], str]
) -> dict[str, JsonValue]:
    """Return the document with the values of its references in their places."""
    replaced = dict(document)
    replaced["workloads"] = [
        _workload(workload, f"/workloads/{index}", value_of)
        for index, workload in _items(document, "workloads")
    ]
    return replaced


def _workload(
    workload: Mapping[str, JsonValue], pointer: str, value_of: Callable[[OutputReference], str]
) -> JsonValue:
    replaced = _with_env(workload, pointer, value_of)
    sidecars = [
        cast("JsonValue", _with_env(sidecar, f"{pointer}/sidecars/{number}", value_of))
        if isinstance(sidecar, dict)
        else sidecar
        for number, sidecar in enumerate(cast("list[JsonValue]", workload.get("sidecars") or []))
    ]
    return {**replaced, "sidecars": sidecars} if sidecars else replaced


def _with_env(
    container: Mapping[str, JsonValue], pointer: str, value_of: Callable[[OutputReference], str]
) -> dict[str, JsonValue]:
    env = container.get("env")
    if not isinstance(env, dict):
        return dict(container)

    def value(key: str, match: re.Match[str]) -> str:
        return value_of(_reference(match, f"{pointer}/env", key))

    replaced: dict[str, JsonValue] = {
        key: ENVIRONMENT_REFERENCE.sub(partial(value, key), str(text)) for key, text in env.items()
    }
    return {**container, "env": replaced}


def _reference(match: re.Match[str], pointer: str, key: str) -> OutputReference:
    place = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
    return OutputReference(match[1], tuple(match[2].split(".")), place)


def _settings(document: Mapping[str, JsonValue]) -> Iterator[tuple[str, Mapping[str, JsonValue]]]:
    for index, workload in _items(document, "workloads"):
        place = f"/workloads/{index}"
        containers = [(place, workload)]
        containers += [(f"{place}/sidecars/{number}", one) for number, one in _items(workload, "sidecars")]
        for pointer, container in containers:
            env = container.get("env")
            if isinstance(env, dict):
                yield f"{pointer}/env", env


def _items(holder: Mapping[str, JsonValue], key: str) -> Iterator[tuple[int, Mapping[str, JsonValue]]]:
    for index, item in enumerate(cast("list[JsonValue]", holder.get(key) or [])):
        if isinstance(item, dict):
            yield index, item
