"""What a process keeps for good is searched for no garbage."""

import gc
from collections.abc import Iterator

import pytest

from service.core.heap import kept_for_good


@pytest.fixture(autouse=True)
def heap_as_before() -> Iterator[None]:
    """Let later tests find a heap like the one before."""
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_loaded_is_never_searched() -> None:
    """Nothing is collected while things are loaded; afterwards collections leave them aside."""
    frozen = gc.get_freeze_count()
    with kept_for_good():
        assert not gc.isenabled()
        loaded = [{"route": number} for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() - frozen >= len(loaded)


def test_what_fails_to_load_leaves_collections_on() -> None:
    """An error on the way is raised, and garbage is looked for again."""
    frozen = gc.get_freeze_count()
    with pytest.raises(ImportError), kept_for_good():
        raise ImportError
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen
