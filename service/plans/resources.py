"""The resources of a plan with their inputs: what checks, costs and limits are reckoned from."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from service.state.json_values import (
    JsonObject,
    JsonValue,
    dump_json,
    parse_object,
    read_list,
    read_object,
    read_text,
)


@dataclass(frozen=True, slots=True)
class PlannedResource:
    """A resource with its inputs, as a preview plans it or a state holds it; secrets are masked.

    `type` is Pulumi's token (`aws:ecs/service:Service`). What is not known before deployment is absent from
    `inputs`, or is some text: no number is ever read out of it.
    """

    type: str
    name: str
    urn: str
    inputs: JsonObject = field(default_factory=dict[str, JsonValue])
    parent: str | None = None


def pack_resources(resources: Iterable[PlannedResource]) -> bytes:
    """Return the resources as compressed JSON, the way they are stored with their plan."""
    items: list[JsonValue] = [
        {"type": one.type, "name": one.name, "urn": one.urn, "inputs": one.inputs, "parent": one.parent}
        for one in resources
    ]
    return zlib.compress(dump_json({"resources": items}))


def unpack_resources(packed: bytes) -> tuple[PlannedResource, ...]:
    """Return what `pack_resources` packed."""
    items = read_list(parse_object(zlib.decompress(packed)), "resources")
    return tuple(_resource(item) for item in items if isinstance(item, dict))


def _resource(item: JsonObject) -> PlannedResource:
    return PlannedResource(
        type=read_text(item, "type"),
        name=read_text(item, "name"),
        urn=read_text(item, "urn"),
        inputs=read_object(item, "inputs") or {},
        parent=read_text(item, "parent") or None,
    )
