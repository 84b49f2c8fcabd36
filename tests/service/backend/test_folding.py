"""Folding journals: the same state that whole checkpoints would have left."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backend.compaction import compact
from service.backend.folding import JournalError, fold_journal
from service.backend.journal import JournalEntry
from service.state.deployment import Deployment, Resource
from service.state.integrity import check_integrity
from service.state.json_values import DocumentError, JsonObject
from tests.service.backend.engine_model import ModelEngine, State, folded_shape, runs, urn

MANIFEST: JsonObject = {"magic": "", "version": ""}


def base_deployment(states: list[State]) -> Deployment:
    return Deployment(MANIFEST, tuple(Resource.from_json(state.to_json()) for state in states))


def entries(documents: list[JsonObject]) -> list[JournalEntry]:
    return [JournalEntry.from_json(document) for document in documents]


def entry(kind: int, sequence: int, operation: int = 0, **rest: object) -> JournalEntry:
    document = {"version": 1, "kind": kind, "sequenceID": sequence, "operationID": operation, **rest}
    return JournalEntry.from_json(document)


def thing(name: str, **rest: object) -> JsonObject:
    return {"urn": urn(name), "type": "test:index:Thing", "custom": True, **rest}


@given(run=runs(), data=st.data())
def test_a_crash_at_any_point_leaves_what_full_writes_would_have_left(
    run: ModelEngine, data: st.DataObject
) -> None:
    """After any entry, the folded journal equals the checkpoint that a full write would have made there."""
    pristine = [State(state.name, state.needs, state.value) for state in run.base]
    crash = data.draw(st.integers(0, len(run.entries)))
    folded = fold_journal(base_deployment(pristine), entries(run.entries[:crash]), manifest=MANIFEST)
    assert folded_shape(folded.deployment) == run.checkpoints[crash]
    check_integrity(folded.deployment)


@given(run=runs(), data=st.data())
def test_batches_that_are_sent_twice_or_out_of_order_count_once(
    run: ModelEngine, data: st.DataObject
) -> None:
    """Retried and reordered requests change nothing."""
    pristine = [State(state.name, state.needs, state.value) for state in run.base]
    told = run.entries
    again = [deepcopy(item) for item in told if data.draw(st.booleans())]
    shuffled = data.draw(st.permutations([*told, *again]))
    folded = fold_journal(base_deployment(pristine), entries(list(shuffled)), manifest=MANIFEST)
    assert folded_shape(folded.deployment) == run.checkpoints[-1]


@given(run=runs(), data=st.data())
def test_compaction_at_any_point_changes_nothing(run: ModelEngine, data: st.DataObject) -> None:
    """A journal that is compacted now and then, also twice, folds to the same state wherever it ends."""
    pristine = [State(state.name, state.needs, state.value) for state in run.base]
    crash = data.draw(st.integers(0, len(run.entries)))
    kept: list[JsonObject] = []
    for document in run.entries[:crash]:
        kept.append(document)
        if data.draw(st.integers(0, 4)) == 0:
            kept = compact(kept)
    folded = fold_journal(base_deployment(pristine), entries(kept), manifest=MANIFEST)
    assert folded_shape(folded.deployment) == run.checkpoints[crash]


def test_a_refresh_that_removes_a_resource_drops_the_edges_to_it() -> None:
    """No edge leads to what is gone, and a child of it stands on its own."""
    base = Deployment(
        MANIFEST,
        tuple(
            Resource.from_json(item)
            for item in (
                thing("root"),
                thing("gone", parent=urn("root")),
                thing(
                    "user",
                    parent=urn("gone"),
                    dependencies=[urn("gone"), urn("root")],
                    propertyDependencies={"a": [urn("gone")], "b": [urn("root")]},
                    deletedWith=urn("gone"),
                ),
            )
        ),
    )
    journal = [entry(3, 1, 1, removeOld=1, isRefresh=True), entry(7, 2)]
    folded = fold_journal(base, journal, manifest=MANIFEST).deployment
    check_integrity(folded)
    user = folded.resources[1]
    assert user.parent == ""
    assert user.dependencies == (urn("root"),)
    assert user.property_dependencies == (("b", (urn("root"),)),)
    assert user.deleted_with == ""


def test_a_refreshed_resource_that_is_deleted_afterwards_is_gone() -> None:
    """Removal wins over replacement of the same base resource."""
    base = Deployment(MANIFEST, (Resource.from_json(thing("a")),))
    journal = [entry(3, 1, 1, removeOld=0, state=thing("a", id="new")), entry(1, 2, 2, removeOld=0)]
    assert fold_journal(base, journal, manifest=MANIFEST).deployment.resources == ()


def test_a_write_entry_replaces_the_base() -> None:
    """Later indices count from the new base."""
    base = Deployment(MANIFEST, (Resource.from_json(thing("old")),))
    journal = [
        entry(5, 1, newSnapshot={"manifest": {}, "resources": [thing("one"), thing("two")]}),
        entry(1, 2, 1, removeOld=0),
    ]
    folded = fold_journal(base, journal, manifest=MANIFEST).deployment
    assert [resource.urn for resource in folded.resources] == [urn("two")]


def test_the_secrets_provider_of_the_journal_is_kept() -> None:
    """A change of the secrets provider reaches the folded state."""
    journal = [entry(6, 1, secretsProvider={"type": "service", "state": {"stack": "dev"}})]
    folded = fold_journal(Deployment(MANIFEST), journal, manifest=MANIFEST).deployment
    assert folded.secrets_provider == {"type": "service", "state": {"stack": "dev"}}


def test_pending_creations_of_the_base_are_kept_and_other_pending_steps_are_not() -> None:
    """Only a creation may have left something behind that nobody has seen."""
    base = Deployment.from_json(
        {
            "manifest": {},
            "pending_operations": [
                {"type": "creating", "resource": thing("a")},
                {"type": "updating", "resource": thing("b")},
            ],
        }
    )
    folded = fold_journal(base, [entry(0, 1, 1)], manifest=MANIFEST).deployment
    assert [operation.resource.urn for operation in folded.pending_operations] == [urn("a")]


def test_an_alias_renames_references_and_disappears() -> None:
    """Base resources that refer to a renamed resource by its old URN refer to the new one."""
    base = Deployment(
        MANIFEST,
        (
            Resource.from_json(thing("old")),
            Resource.from_json(thing("user", dependencies=[urn("old")])),
        ),
    )
    journal = [entry(1, 1, 1, removeOld=0, state=thing("new", aliases=[urn("old")]))]
    folded = fold_journal(base, journal, manifest=MANIFEST).deployment
    assert folded.resources[0].aliases == ()
    assert folded.resources[1].dependencies == (urn("new"),)


@pytest.mark.parametrize(
    ("rest", "feature"),
    [
        ({"taint": True}, "taint"),
        ({"viewOf": urn("x")}, "views"),
        ({"replaceWith": [urn("x")]}, "replaceWith"),
        ({"refreshBeforeUpdate": True}, "refreshBeforeUpdate"),
        ({"resourceHooks": {"before-create": ["h"]}}, "hooks"),
    ],
)
def test_what_older_engines_cannot_read_is_named_as_a_feature(rest: JsonObject, feature: str) -> None:
    """A deployment that needs a feature has schema version 4 and names it."""
    folded = fold_journal(Deployment(MANIFEST), [entry(1, 1, 1, state=thing("a", **rest))], manifest=MANIFEST)
    assert (folded.schema_version, folded.features) == (4, (feature,))


@pytest.mark.parametrize("rest", [{"removeOld": 0}, {"removeNew": 7}, {"deleteNew": 7}, {"deleteOld": -1}])
def test_a_reference_to_nothing_is_refused(rest: JsonObject) -> None:
    """An entry that names no resource of base or journal does not fold."""
    with pytest.raises(JournalError):
        fold_journal(Deployment(MANIFEST), [entry(1, 1, 1, **rest)], manifest=MANIFEST)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": 2, "kind": 0, "sequenceID": 1},
        {"version": 1, "kind": 10, "sequenceID": 1},
        {"version": 1, "kind": 0, "sequenceID": 0},
        {"version": 1, "kind": True, "sequenceID": 1},
        {"version": 1, "kind": 1, "sequenceID": 1, "state": []},
        {"version": 1, "kind": 1, "sequenceID": 1, "state": {"urn": 1}},
    ],
)
def test_an_entry_of_another_shape_is_refused(document: JsonObject) -> None:
    """Unknown versions and kinds, and fields of the wrong type, are no journal entries."""
    with pytest.raises(DocumentError):
        JournalEntry.from_json(document)
