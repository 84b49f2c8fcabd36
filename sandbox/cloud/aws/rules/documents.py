"""Documents and inputs checked against AWS's own service models."""

from collections.abc import Iterator

from sandbox.cloud.aws.rules.shapes import Member, ServiceModel, Shape, service_model
from sandbox.cloud.wire.values import Properties, Value, is_list, is_properties

_TEXTS = frozenset({"string", "character", "timestamp", "blob"})
_WHOLE = frozenset({"integer", "long"})
_NUMBERS = frozenset({"float", "double"})


def document_faults(service: str, shape: str, document: object) -> Iterator[str]:
    """What is wrong with a document by a service's model: unknown and missing members, types, values.

    Args:
        service: the service's name in botocore: `ecs`.
        shape: the name of the document's shape in the model.
        document: the parsed document.
    """
    yield from _Document(service_model(service)).faults(Member(shape=shape), document, "")


def input_faults(service: str, operation: str, inputs: Properties) -> Iterator[tuple[str, str]]:
    """Inputs whose values a call's model excludes: pairs of a property path and what is allowed.

    The SDK's names and the model's are compared without regard to case; what the model does not know is
    passed over, since the provider has inputs of its own.
    """
    model = service_model(service)
    taken = model.operations[operation].input
    if taken is not None:
        yield from _Inputs(model).faults(taken, inputs, "")


class _Document:
    def __init__(self, model: ServiceModel) -> None:
        self._model = model

    def faults(self, member: Member, value: object, path: str) -> Iterator[str]:
        shape = self._model.shape_of(member)
        if value is None:
            return
        if shape.type == "structure":
            yield from self._structure(shape, value, path)
        elif shape.type == "list" and shape.member is not None:
            yield from self._list(shape.member, value, path)
        elif shape.type == "map" and shape.value is not None:
            yield from self._map(shape.value, value, path)
        else:
            yield from _scalar_faults(shape, value, path)

    def _structure(self, shape: Shape, value: object, path: str) -> Iterator[str]:
        if not is_properties(value):
            yield f"{path or 'document'}: expected an object"
            return
        for name in shape.required:
            if value.get(name) is None:
                yield f"{_join(path, name)}: missing"
        for name, item in value.items():
            member = shape.members.get(name)
            if member is None:
                yield f"{_join(path, name)}: unknown; known are {', '.join(sorted(shape.members))}"
            else:
                yield from self.faults(member, item, _join(path, name))

    def _list(self, member: Member, value: object, path: str) -> Iterator[str]:
        if not is_list(value):
            yield f"{path or 'document'}: expected a list"
            return
        for index, item in enumerate(value):
            yield from self.faults(member, item, f"{path}[{index}]")

    def _map(self, member: Member, value: object, path: str) -> Iterator[str]:
        if not is_properties(value):
            yield f"{path or 'document'}: expected an object"
            return
        for name, item in value.items():
            yield from self.faults(member, item, _join(path, name))


class _Inputs:
    def __init__(self, model: ServiceModel) -> None:
        self._model = model

    def faults(self, member: Member, value: Value, path: str) -> Iterator[tuple[str, str]]:
        shape = self._model.shape_of(member)
        if is_properties(value):
            yield from self._structure(shape, value, path)
        elif is_list(value) and shape.member is not None:
            for index, item in enumerate(value):
                yield from self.faults(shape.member, item, f"{path}[{index}]")
        elif isinstance(value, str) and value and shape.enumeration and value not in shape.enumeration:
            allowed = " ".join(f'"{item}"' for item in shape.enumeration)
            yield path, f"expected {path} to be one of [{allowed}], got {value}"
        elif shape.type in _WHOLE and isinstance(value, int) and not isinstance(value, bool):
            yield from _range_faults(shape, value, path)

    def _structure(self, shape: Shape, value: Properties, path: str) -> Iterator[tuple[str, str]]:
        members = {name.lower(): member for name, member in shape.members.items()}
        for name, item in value.items():
            member = members.get(name.lower())
            if member is not None:
                yield from self.faults(member, item, _join(path, name))


def _scalar_faults(shape: Shape, value: object, path: str) -> Iterator[str]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if shape.type in _TEXTS and not isinstance(value, str):
        yield f"{path}: expected a text"
    elif shape.type == "boolean" and not isinstance(value, bool):
        yield f"{path}: expected true or false"
    elif shape.type in _WHOLE and not (is_number and isinstance(value, int)):
        yield f"{path}: expected a whole number"
    elif shape.type in _NUMBERS and not is_number:
        yield f"{path}: expected a number"
    elif shape.enumeration and value not in shape.enumeration:
        yield f"{path}: {value!r} is not one of {', '.join(shape.enumeration)}"


def _range_faults(shape: Shape, value: int, path: str) -> Iterator[tuple[str, str]]:
    is_low = shape.min is not None and value < shape.min
    is_high = shape.max is not None and value > shape.max
    if is_low or is_high:
        yield path, f"expected {path} to be in the range ({shape.min} - {shape.max}), got {value}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
