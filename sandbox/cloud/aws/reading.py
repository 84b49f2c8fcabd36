"""Resources read back for refresh and import."""

from sandbox.cloud.provider.checking import DEFAULTS_KEY
from sandbox.cloud.provider.model import Made
from sandbox.cloud.sdk.model import ResourceSpec
from sandbox.cloud.store.records import Record
from sandbox.cloud.wire.values import Properties, Value


def made_of(spec: ResourceSpec, record: Record, inputs: Properties) -> Made:
    """A resource as it stands, with the inputs that would make it so.

    Args:
        spec: its type.
        record: what stands in the cloud.
        inputs: the inputs that the state holds; none for a resource that is imported or got.
    """
    live = _refreshed(inputs, record.outputs) if inputs else _extracted(spec, record.outputs)
    return Made(record.id, record.outputs, live)


def _refreshed(inputs: Properties, outputs: Properties) -> Properties:
    """The recorded inputs with what has become of them; what the program never gave stays out."""
    live: Properties = {}
    for name, value in inputs.items():
        if name == DEFAULTS_KEY:
            live[name] = value
        elif name in outputs:
            live[name] = _merged(value, outputs[name])
    return live


def _merged(old: Value, live: Value) -> Value:
    if isinstance(old, dict) and isinstance(live, dict):
        # an object carries the mark, a map such as tags does not: all of a map is the program's
        return _refreshed(old, live) if DEFAULTS_KEY in old else live
    if isinstance(old, list) and isinstance(live, list) and len(old) == len(live):
        return [_merged(one, other) for one, other in zip(old, live, strict=True)]
    return live


def _extracted(spec: ResourceSpec, outputs: Properties) -> Properties:
    inputs: Properties = {
        name: outputs[name]
        for name in spec.inputs.properties
        if name in outputs and outputs[name] not in (None, "", [], {}) and not name.endswith("Prefix")
    }
    return {**inputs, DEFAULTS_KEY: []}
