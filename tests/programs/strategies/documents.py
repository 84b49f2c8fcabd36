"""How strategies build mappings."""

from hypothesis import strategies as st

Document = dict[str, object]


def maybe(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[Document]:
    """A mapping in which each key may be left out."""
    return st.fixed_dictionaries({}, optional=parts)


def always(**parts: object) -> st.SearchStrategy[Document]:
    """A mapping in which each key is there; plain values stand for themselves."""
    made = {key: v if isinstance(v, st.SearchStrategy) else st.just(v) for key, v in parts.items()}
    return st.fixed_dictionaries(made)
