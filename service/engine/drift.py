"""What a refresh found otherwise than it was recorded, from the engine's own step events.

Properties that the program left to somebody else (an autoscaler's counts, by `ignore_changes`) do not appear:
the engine keeps the list with the resource and leaves them out of its comparison.
"""

import json
from typing import cast

from pulumi.automation import OpType
from pulumi.automation.events import StepEventMetadata, StepEventStateMetadata
from pydantic import JsonValue

from service.events.model import DriftedProperty, ResourceDrifted
from service.state.urns import resource_name

DRIFT_OPERATIONS = frozenset({OpType.UPDATE, OpType.DELETE})
MAX_PROPERTIES = 50
MAX_VALUE_CHARACTERS = 1_000


def drift_of(step: StepEventMetadata) -> ResourceDrifted:
    """Describe a refresh step that ended as an update or a delete."""
    paths = sorted(step.detailed_diff or step.diffs or ())[:MAX_PROPERTIES]
    return ResourceDrifted(
        urn=step.urn,
        resource_type=step.type,
        name=resource_name(step.urn),
        is_gone=step.op is OpType.DELETE,
        properties=[
            DriftedProperty(path=path, recorded=_value(step.old, path), actual=_value(step.new, path))
            for path in paths
        ],
    )


def _value(state: StepEventStateMetadata | None, path: str) -> str | None:
    """Return the value at a property path as JSON; inputs first, for it is them that the engine compares."""
    if state is None:
        return None
    for properties in (state.inputs, state.outputs):
        found = _look_up(cast("JsonValue", properties), _keys(path))
        if found:
            return json.dumps(found[0], sort_keys=True)[:MAX_VALUE_CHARACTERS]
    return None


def _keys(path: str) -> list[str]:
    """Split a property path such as `tags["a.b"].list[0]` (Pulumi docs, property paths) into its keys."""
    keys: list[str] = []
    rest = path
    while rest:
        if rest.startswith('["'):
            key, _, rest = rest[2:].partition('"]')
        elif rest.startswith("["):
            key, _, rest = rest[1:].partition("]")
        else:
            rest = rest.removeprefix(".")
            ends = [at for at in (rest.find("."), rest.find("[")) if at >= 0]
            end = min(ends, default=len(rest))
            key, rest = rest[:end], rest[end:]
        keys.append(key)
    return keys


def _look_up(properties: JsonValue, keys: list[str]) -> tuple[JsonValue] | None:
    """Return the value at the keys, alone in a tuple; None where there is none."""
    value = properties
    for key in keys:
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return (value,)
