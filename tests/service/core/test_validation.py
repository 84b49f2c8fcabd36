from hypothesis import given
from hypothesis import strategies as st

from service.core.validation import error_from_validation, pointer_to


def test_labels_of_union_members_are_left_out() -> None:
    """Pydantic's tag of a union's member is no part of the document and so of no pointer."""
    document = {"workloads": [{"name": "web"}]}
    assert pointer_to(("ecs", "workloads", 0, "image"), document) == "/workloads/0/image"


def test_members_are_escaped() -> None:
    """A slash and a tilde in a key are written as RFC 6901 has them."""
    assert pointer_to(("a/b", "c~d"), {"a/b": {"c~d": 1}}) == "/a~1b/c~0d"


json_values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


def resolve(document: object, pointer: str) -> object:
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]  # type: ignore[index]
    return document


def places(value: object, path: tuple[int | str, ...] = ()) -> list[tuple[int | str, ...]]:
    inner: list[tuple[int | str, ...]] = []
    if isinstance(value, dict):
        inner = [place for key, item in value.items() for place in places(item, (*path, key))]
    if isinstance(value, list):
        inner = [place for index, item in enumerate(value) for place in places(item, (*path, index))]
    return [path, *inner]


@given(json_values)
def test_pointer_leads_to_the_place(document: object) -> None:
    """The pointer of any place of any document leads there."""
    for place in places(document):
        expected = document
        for part in place:
            expected = expected[part]  # type: ignore[index]
        assert resolve(document, pointer_to(place, document)) == expected


def test_parameters_are_named() -> None:
    """A wrong parameter is named as such and has no pointer."""
    error = error_from_validation(
        [{"type": "int_parsing", "loc": ("query", "page_size"), "msg": "not a number", "input": "x"}],
        body=None,
    )
    assert (error.fields[0].parameter, error.fields[0].pointer) == ("page_size", "")
