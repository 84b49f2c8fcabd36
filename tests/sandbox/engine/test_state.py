"""Folding journals, keeping secrets, setting configuration by path."""

import pytest

from sandbox.engine.errors import EngineError
from sandbox.engine.secrets.passphrase import PassphraseManager
from sandbox.engine.state.folding import Fold
from sandbox.engine.state.journal import EntryKind, JournalEntry
from sandbox.engine.state.json_values import Json, JsonObject
from sandbox.engine.workspace.config import get_at, remove_at, set_at, split_path

BASE: JsonObject = {"resources": [{"urn": "a"}, {"urn": "b"}]}


def _fold(*entries: JournalEntry) -> list[str]:
    fold = Fold(BASE)
    for entry in entries:
        fold.add(entry)
    resources = fold.deployment().deployment["resources"]
    assert isinstance(resources, list)
    return [str(item["urn"]) for item in resources if isinstance(item, dict)]


def test_untouched_resources_follow_the_new() -> None:
    """What an unfinished run did comes first, what it has not come to follows in its old order."""
    made = JournalEntry(EntryKind.SUCCESS, 1, 1, state={"urn": "c"})
    assert _fold(made) == ["c", "a", "b"]


def test_replaced_states_take_the_place_of_the_old() -> None:
    """A state that an operation removes is there no more."""
    updated = JournalEntry(EntryKind.SUCCESS, 1, 1, state={"urn": "a", "id": "2"}, remove_old=0)
    assert _fold(updated) == ["a", "b"]


def test_new_states_can_be_removed_again() -> None:
    """A later operation may remove what an earlier one of the same run made."""
    made = JournalEntry(EntryKind.SUCCESS, 1, 1, state={"urn": "c"})
    removed = JournalEntry(EntryKind.SUCCESS, 2, 2, remove_new=1)
    assert _fold(made, removed) == ["a", "b"]


def test_what_has_begun_and_not_ended_is_pending() -> None:
    """An operation without an end is kept as pending; one that failed is not."""
    fold = Fold(BASE)
    operation: JsonObject = {"type": "creating", "resource": {"urn": "c"}}
    fold.add(JournalEntry(EntryKind.BEGIN, 1, 1, operation=operation))
    fold.add(JournalEntry(EntryKind.BEGIN, 2, 2, operation={**operation, "resource": {"urn": "d"}}))
    fold.add(JournalEntry(EntryKind.FAILURE, 3, 2))
    assert fold.deployment().deployment["pending_operations"] == [operation]


def test_secrets_come_back_with_the_passphrase_alone() -> None:
    """The salt remembers which passphrase it belongs to."""
    manager = PassphraseManager("correct horse")
    (sealed,) = manager.encrypt(["hush"])
    salt = manager.provider.state["salt"]
    assert "hush" not in sealed
    assert PassphraseManager("correct horse", str(salt)).decrypt([sealed]) == ["hush"]
    with pytest.raises(EngineError):
        PassphraseManager("another horse", str(salt))


@pytest.mark.parametrize(
    ("current", "key", "after"),
    [
        (None, "a.b", {"b": 1}),
        ({"b": 2, "c": 3}, "a.b", {"b": 1, "c": 3}),
        (None, "a[0]", [1]),
        ([5], "a[1]", [5, 1]),
        ({"l": [{"x": 0}]}, "a.l[0].x", {"l": [{"x": 1}]}),
    ],
)
def test_configuration_is_set_by_path(current: Json, key: str, after: Json) -> None:
    """Objects and lists are made on the way, and the rest stays."""
    _, path = split_path(key, "lab")
    assert set_at(current, path, 1) == after
    assert get_at(after, path) == 1


def test_configuration_is_removed_by_path() -> None:
    """Only what the path leads to goes."""
    _, path = split_path("a.b", "lab")
    assert remove_at({"b": 1, "c": 2}, path) == {"c": 2}
