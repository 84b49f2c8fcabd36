"""Who depends on whom, and what may be deleted when."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.engine.state.resource import ResourceState
from sandbox.engine.steps.graph import DependencyGraph
from tests.sandbox.engine.states import thing


def _names(states: list[ResourceState]) -> list[str]:
    return [state.name for state in states]


def test_dependents_are_found_through_others() -> None:
    """Whoever needs a resource directly or by way of another is a dependent, in recorded order."""
    a = thing("a")
    b = thing("b", a)
    c = thing("c", b)
    d = thing("d")
    assert _names(DependencyGraph([a, b, c, d]).dependents(a)) == ["b", "c"]


def test_children_count_as_dependents_when_asked_for() -> None:
    """A child depends on its parent only where that matters."""
    a = thing("a")
    child = thing("child", parent=a)
    graph = DependencyGraph([a, child])
    assert graph.dependents(a) == []
    assert _names(graph.dependents(a, with_children=True)) == ["child"]


def test_deletion_begins_with_what_nothing_needs() -> None:
    """Groups of deletions go from the last dependents to what they need."""
    a = thing("a")
    b = thing("b", a)
    c = thing("c", a)
    d = thing("d", b, c)
    groups = DependencyGraph([a, b, c, d]).deletion_order([a, b, c, d])
    assert [sorted(_names(group)) for group in groups] == [["d"], ["b", "c"], ["a"]]


@given(st.lists(st.sets(st.integers(0, 30)), max_size=30))
def test_deletion_order_holds_for_any_graph(needs: list[set[int]]) -> None:
    """Everything is deleted once, and nothing before what needs it."""
    states: list[ResourceState] = []
    for number, numbers in enumerate(needs):
        states.append(thing(f"t{number}", *(states[other] for other in sorted(numbers) if other < number)))
    groups = DependencyGraph(states).deletion_order(states)
    place = {state.urn: index for index, group in enumerate(groups) for state in group}
    assert len(place) == len(states) == sum(map(len, groups))
    assert all(place[state.urn] < place[needed] for state in states for needed in state.dependencies)
