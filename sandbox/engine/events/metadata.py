"""Steps and resources as events show them: secrets are blinded, long texts of assets left out."""

from sandbox.engine.properties.values import (
    Archive,
    Asset,
    OutputValue,
    Properties,
    Property,
    Unknown,
)
from sandbox.engine.state.json_values import JsonObject
from sandbox.engine.state.properties_json import Blind, to_json_object
from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.model import Op, Step

_ELIDED = "<contents elided>"
_BLIND = Blind()


def step_metadata(step: Step, op: Op) -> JsonObject:
    """A step as its events show it (apitype.StepEventMetadata)."""
    metadata: JsonObject = {
        "op": op.value,
        "urn": step.urn,
        "type": step.type,
        "old": resource_metadata(step.old),
        "new": resource_metadata(step.visible_new),
    }
    if step.keys:
        metadata["keys"] = [*step.keys]
    if step.diffs:
        metadata["diffs"] = [*step.diffs]
    metadata["detailedDiff"] = _detailed_diff(step)
    if step.is_logical:
        metadata["logical"] = True
    metadata["provider"] = step.provider
    return metadata


def _detailed_diff(step: Step) -> JsonObject | None:
    if step.detailed_diff is None:
        return None
    return {
        path: {"diffKind": diff.kind.value, "inputDiff": diff.is_input}
        for path, diff in step.detailed_diff.items()
    }


def resource_metadata(state: ResourceState | None) -> JsonObject | None:
    """A resource as events show it (apitype.StepEventStateMetadata)."""
    if state is None:
        return None
    metadata: JsonObject = {"type": state.type, "urn": state.urn}
    flags = {"custom": state.custom, "delete": state.delete}
    metadata.update((key, value) for key, value in flags.items() if value)
    metadata.update({"id": state.id, "parent": state.parent})
    flags = {
        "protect": state.protect,
        "taint": state.taint,
        "external": state.external,
        "retainOnDelete": state.retain_on_delete,
    }
    metadata.update((key, value) for key, value in flags.items() if value)
    metadata["inputs"] = to_json_object(_filtered(state.inputs), _BLIND)
    metadata["outputs"] = to_json_object(_filtered(state.outputs), _BLIND)
    metadata["provider"] = state.provider
    if state.init_errors:
        metadata["initErrors"] = [*state.init_errors]
    return metadata


def _filtered(properties: Properties) -> Properties:
    return {key: _filter(value) for key, value in properties.items()}


def _filter(value: Property) -> Property:
    match value:
        case list():
            return [_filter(item) for item in value]
        case dict():
            return _filtered(value)
        case OutputValue():
            return Unknown()
        case Asset() if value.text:
            return Asset(value.hash, _ELIDED, value.path, value.uri)
        case Archive() if value.assets is not None:
            return Archive(value.hash, {name: _filter_member(item) for name, item in value.assets.items()})
        case _:
            return value


def _filter_member(member: Asset | Archive) -> Asset | Archive:
    filtered = _filter(member)
    return filtered if isinstance(filtered, Asset | Archive) else member
