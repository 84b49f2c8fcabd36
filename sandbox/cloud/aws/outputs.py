"""What AWS computes for a resource: id, ARN, and every output that its inputs do not give."""

import re
from collections.abc import Mapping

from sandbox.cloud.aws.inputs import plain
from sandbox.cloud.aws.surroundings import Surroundings
from sandbox.cloud.aws.table import TypeEntry, entry_of, is_global, service_of
from sandbox.cloud.aws.templates import Filling
from sandbox.cloud.provider.checking import properties_without_marks
from sandbox.cloud.sdk.model import Kind, PropertySpec, ResourceSpec
from sandbox.cloud.store.inventory import Inventory
from sandbox.cloud.wire.values import UNKNOWN, Properties, Value

_REFERRED = re.compile(r"(?<!\$)\{([A-Za-z_]\w*)")
_TIMES = ("Date", "Time", "At", "Timestamp", "Modified")
_BY_KIND: Mapping[Kind, Value] = {
    Kind.STRING: "",
    Kind.BOOLEAN: False,
    Kind.INTEGER: 0,
    Kind.NUMBER: 0,
    Kind.LIST: [],
    Kind.MAP: {},
    Kind.OBJECT: {},
    Kind.ANY: None,
}


def planned_outputs(spec: ResourceSpec, inputs: Properties) -> Properties:
    """The outputs of a resource that a preview would make: what AWS will compute is unknown."""
    given = properties_without_marks(inputs)
    computed: Properties = dict.fromkeys(_computed(spec, given), UNKNOWN)
    return {**computed, **_tags_all(spec, given), **given, "id": UNKNOWN}


def computed_outputs(
    spec: ResourceSpec, inventory: Inventory, around: Surroundings, inputs: Properties
) -> Properties:
    """The id under `id` and all outputs of a resource about to be made."""
    entry = entry_of(spec.token)
    given = properties_without_marks(inputs)
    filling = Filling(inventory, around, given)
    _name_by_prefix(entry, filling)
    _identify(spec, entry, filling)
    _fill(plain(entry.outputs), filling)
    for name, wanted in _computed(spec, filling.values).items():
        filling.values[name] = _guess(name, wanted, filling, spec.token)
    return {**filling.values, **_tags_all(spec, given)}


def changed_outputs(
    spec: ResourceSpec, outputs: Properties, olds: Properties, news: Properties
) -> Properties:
    """The outputs after an update: new inputs over old outputs, without what the program no longer gives."""
    given, before = properties_without_marks(news), properties_without_marks(olds)
    gone = {name for name in before if name not in given and not is_computed(spec, name)}
    kept: Properties = {name: value for name, value in outputs.items() if name not in gone}
    return {**kept, **given, **_tags_all(spec, given)}


def is_computed(spec: ResourceSpec, name: str) -> bool:
    """Whether AWS gives an input a value of its own where the program gives none."""
    wanted, given = spec.outputs.properties.get(name), spec.inputs.properties.get(name)
    return wanted is not None and wanted.is_required and given is not None and not given.is_required


def _computed(spec: ResourceSpec, given: Properties) -> dict[str, PropertySpec]:
    outputs = spec.outputs.properties
    return {
        name: wanted for name, wanted in outputs.items() if wanted.is_required and given.get(name) is None
    }


def _name_by_prefix(entry: TypeEntry, filling: Filling) -> None:
    prefix = filling.values.get(f"{entry.name}Prefix")
    if isinstance(prefix, str) and prefix and filling.values.get(entry.name) is None:
        filling.values[entry.name] = filling.text(f"{prefix}{{digits:26}}")


def _identify(spec: ResourceSpec, entry: TypeEntry, filling: Filling) -> None:
    """Fill in the id and the ARN, whichever the other needs first, and the outputs that they need."""
    id_template = entry.id or "{hex:20}"
    parts = [("id", id_template)]
    if "arn" in spec.outputs.properties and filling.values.get("arn") is None:
        parts.append(("arn", entry.arn or _likely_arn(spec.token)))
    if "{arn}" in id_template:
        parts.reverse()
    outputs = plain(entry.outputs)
    for name, template in parts:
        needed = _needed(template, outputs)
        _fill({output: value for output, value in outputs.items() if output in needed}, filling)
        filling.values[name] = filling.text(template)


def _needed(template: str, outputs: Properties) -> set[str]:
    """The outputs that a template refers to, and those that they refer to in turn."""
    needed: set[str] = set()
    waiting = _REFERRED.findall(template)
    while waiting:
        name = waiting.pop()
        if name in outputs and name not in needed:
            needed.add(name)
            value = outputs[name]
            waiting += _REFERRED.findall(value) if isinstance(value, str) else []
    return needed


def _likely_arn(token: str) -> str:
    service, kind = service_of(token), token.rpartition(":")[2]
    region = "" if is_global(token) else "{region}"
    return f"arn:{{partition}}:{service}:{region}:{{account}}:{kind[0].lower()}{kind[1:]}/{{id}}"


def _fill(templates: Properties, filling: Filling) -> None:
    for name, template in templates.items():
        if filling.values.get(name) is None:
            filling.values[name] = filling.value(template)


def _guess(name: str, wanted: PropertySpec, filling: Filling, token: str) -> Value:
    """A value of the right type for an output that no table lists."""
    if wanted.type.kind is not Kind.STRING:
        return _BY_KIND.get(wanted.type.kind)
    if name.endswith("Arn"):
        return filling.text(_likely_arn(token))
    if name.endswith(_TIMES):
        return filling.value("{now}")
    if name in ("status", "state"):
        return "ACTIVE"
    if name in ("ownerId", "accountId", "owner", "registryId"):
        return filling.value("{account}")
    return (
        filling.value("{region}")
        if name == "region"
        else filling.value("{id}")
        if name.endswith("Id")
        else ""
    )


def _tags_all(spec: ResourceSpec, given: Properties) -> Properties:
    if "tagsAll" not in spec.outputs.properties:
        return {}
    return {"tagsAll": given.get("tags") or {}}
