"""What differs between what stands and what is wanted.

As in the AWS provider, recorded outputs are compared with new inputs, so that drift which a refresh has
recorded is put right; a property that the program never set is the cloud's own affair.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.cloud.provider.model import Change, PathChange
from sandbox.cloud.wire.values import UNKNOWN, Asset, Properties, Value, is_list, is_properties


@dataclass(frozen=True, slots=True)
class Comparing:
    """How properties are compared.

    Attributes:
        is_map: whether the property at a path is a map, all of whose keys are the program's.
        has_sets: whether the order of texts in a list means nothing.
        is_computed: whether the cloud gives the property a value of its own once the program stops giving
        one.
    """

    is_map: Callable[[str], bool]
    is_computed: Callable[[str], bool]
    has_sets: bool = True

    def changes(self, recorded: Properties, old_inputs: Properties, news: Properties) -> Iterator[PathChange]:
        """The paths at which new inputs differ from what is recorded."""
        for name in sorted({*news, *old_inputs}):
            if news.get(name) is not None or not self.is_computed(name):
                old = recorded.get(name, old_inputs.get(name))
                yield from self._value(name, old, old_inputs.get(name), news.get(name))

    def _value(self, path: str, old: Value, old_input: Value, new: Value) -> Iterator[PathChange]:
        if new is None and old is None:
            return
        if old is None:
            if not _is_empty(new):
                yield PathChange(path, Change.ADD)
        elif new is None:
            if not _is_empty(old):
                yield PathChange(path, Change.DELETE)
        elif is_properties(old) and is_properties(new):
            yield from self._object(path, old, old_input if is_properties(old_input) else {}, new)
        elif is_list(old) and is_list(new):
            yield from self._list(path, old, old_input if is_list(old_input) else [], new)
        elif not _is_same(old, new):
            yield PathChange(path, Change.UPDATE)

    def _object(
        self, path: str, old: Properties, old_input: Properties, new: Properties
    ) -> Iterator[PathChange]:
        names = {*new, *old} if self.is_map(path) else {*new, *old_input}
        for name in sorted(names):
            key = f"{path}.{name}" if name.isidentifier() else f'{path}["{name}"]'
            yield from self._value(
                key, old.get(name, old_input.get(name)), old_input.get(name), new.get(name)
            )

    def _list(
        self, path: str, old: list[Value], old_input: list[Value], new: list[Value]
    ) -> Iterator[PathChange]:
        if self.has_sets and _is_set(old) and _is_set(new):
            old, old_input, new = _sorted(old), _sorted(old_input), _sorted(new)
        for index in range(max(len(old), len(new))):
            before = old[index] if index < len(old) else None
            given = old_input[index] if index < len(old_input) else None
            after = new[index] if index < len(new) else None
            yield from self._value(f"{path}[{index}]", before, given, after)


def _is_set(values: list[Value]) -> bool:
    # the AWS provider keeps ids, ARNs and CIDRs as sets; the SDK does not tell sets from lists
    return all(isinstance(item, str) for item in values)


def _is_empty(value: Value) -> bool:
    return value in (None, "", False, 0) or (isinstance(value, list | dict) and not value)


def _is_same(old: Value, new: Value) -> bool:
    if new is UNKNOWN:
        return False
    if isinstance(old, Asset) or isinstance(new, Asset):
        return _fields(old) == _fields(new)
    if isinstance(old, bool) != isinstance(new, bool):
        return str(old).lower() == str(new).lower()
    if old == new:
        return True
    if isinstance(old, str) and isinstance(new, str):
        return _is_same_json(old, new)
    return isinstance(old, str | int | float) and str(old) == str(new)


def _is_same_json(old: str, new: str) -> bool:
    if old[:1] not in ("{", "[") or new[:1] not in ("{", "["):
        return False
    try:
        return bool(json.loads(old) == json.loads(new))
    except ValueError:
        return False


def _fields(value: Value) -> Value:
    return dict(value.fields) if isinstance(value, Asset) else value


def _sorted(values: list[Value]) -> list[Value]:
    return sorted(values, key=lambda item: json.dumps(item, sort_keys=True, default=str))
