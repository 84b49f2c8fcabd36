"""Pages as values: whatever the keys, following the tokens shows every item once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.errors import InvalidInputError
from service.core.pages import make_page, read_page_request

keys = st.lists(st.text(min_size=1, max_size=20), unique=True, max_size=30)
filters = st.dictionaries(st.sampled_from(["team", "status"]), st.text(max_size=5) | st.none(), max_size=2)


def read(items: list[str], before: str | None, limit: int) -> list[str]:
    """Answer like the database: newest (greatest) first, below `before`."""
    return [item for item in sorted(items, reverse=True) if before is None or item < before][:limit]


@given(keys, st.integers(1, 7), filters)
def test_following_tokens_shows_each_once(items: list[str], size: int, wanted: dict[str, str | None]) -> None:
    """Pages of any size, one after the other, are the whole list in order."""
    seen: list[str] = []
    token: str | None = None
    while True:
        request = read_page_request(size, token, wanted)
        page = make_page(request, read(items, request.before, request.limit), lambda item: item)
        assert len(page.items) <= size
        seen += page.items
        token = page.next_page_token
        if token is None:
            break
    assert seen == sorted(items, reverse=True)


@given(st.text(max_size=40))
def test_any_other_text_is_refused(token: str) -> None:
    """What is not a token made here is refused as input, never as a fault."""
    with pytest.raises(InvalidInputError):
        read_page_request(10, token, {})


def test_token_belongs_to_its_filters() -> None:
    """A token of one list does not open another."""
    request = read_page_request(1, None, {"team": "a"})
    token = make_page(request, ["b", "a"], lambda item: item).next_page_token
    assert read_page_request(1, token, {"team": "a"}).before == "b"
    with pytest.raises(InvalidInputError):
        read_page_request(1, token, {"team": "b"})
