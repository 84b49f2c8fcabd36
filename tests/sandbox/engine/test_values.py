"""Property values: equality, protocol, state, paths."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engine.properties import paths
from sandbox.engine.properties.protobuf import EVERYTHING, from_struct, to_struct
from sandbox.engine.properties.values import UNKNOWN, Property, Secret, equal, has_secrets, unwrap
from sandbox.engine.state.properties_json import Reveal, from_json_object, to_json_object
from sandbox.engine.steps.differences import compare_inputs, with_ignored

SCALARS = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8)
KEYS = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=6)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4) | inner.map(Secret),
    max_leaves=12,
)
ALL = EVERYTHING


class _Open:
    def open(self, ciphertext: str) -> str:
        raise AssertionError(ciphertext)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_values_pass_through_the_protocol(properties: dict[str, Property]) -> None:
    """What is sent to a provider that takes everything comes back the same."""
    assert equal(from_struct(to_struct(properties, ALL), ALL), properties)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_values_pass_through_the_state(properties: dict[str, Property]) -> None:
    """What is written into the state is read from it the same."""
    assert equal(from_json_object(to_json_object(properties, Reveal()), _Open()), properties)


@given(VALUES)
def test_unwrapped_values_hold_no_secrets(value: Property) -> None:
    """Unwrapping leaves nothing secret, at any depth."""
    assert not has_secrets(unwrap(value))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ({"a": None}, {}, True),
        ({"a": 1}, {"a": 1.0}, True),
        (True, 1, False),
        ([1, 2], [2, 1], False),
        (Secret("x"), "x", False),
        (math.inf, math.inf, True),
    ],
)
def test_equality(left: Property, right: Property, same: bool) -> None:
    """Null is absence, numbers are numbers, secrecy counts."""
    assert equal(left, right) is same


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b[0].c", ("a", "b", 0, "c")),
        ('a["b.c"][1]', ("a", "b.c", 1)),
        ("a[*].b", ("a", "*", "b")),
        ("*", ("*",)),
    ],
)
def test_paths_are_read(text: str, path: tuple[str | int, ...]) -> None:
    """Dots, brackets, quotes and wildcards."""
    assert paths.parse_path(text) == path


@pytest.mark.parametrize("text", ["a[", "a[x]", 'a["b'])
def test_bad_paths_are_refused(text: str) -> None:
    """A path that does not end is an error."""
    with pytest.raises(paths.BadPropertyPathError):
        paths.parse_path(text)


def test_ignored_changes_keep_the_old_value() -> None:
    """At an ignored path the new inputs are given the old value, elsewhere their own."""
    olds: dict[str, Property] = {"a": {"b": 1, "c": 2}, "list": [1, 2]}
    news: dict[str, Property] = {"a": {"b": 5, "c": 6}, "list": [3, 4]}
    bent, impossible = with_ignored(news, olds, ["a.b", "list[1]"])
    assert bent == {"a": {"b": 1, "c": 6}, "list": [3, 2]}
    assert impossible == []
    assert news["a"] == {"b": 5, "c": 6}


def test_differences_name_their_paths() -> None:
    """The engine's own comparison names every changed path."""
    diff = compare_inputs({"a": {"b": 1}, "gone": 1}, {"a": {"b": 2}, "new": UNKNOWN})
    assert diff.changed_keys == ["a", "gone", "new"]
    assert set(diff.detailed or {}) == {"a.b", "gone", "new"}
