"""Runs of a part: targets, exclusions, replacements on demand."""

from tests.conformance.lab import Lab, attempt
from tests.conformance.programs import chained, several, urn


def test_target_updates_only_what_it_names(lab: Lab) -> None:
    """A targeted run leaves other resources as they are."""
    stack = lab.stack()
    lab.up(stack, several("a", "b"))
    assert lab.up(stack, several("a", "b", value=2), target=[urn("a")])["update"] == 1
    assert lab.resource(stack, "a")["inputs"] == {"value": 2}
    assert lab.resource(stack, "b")["inputs"] == {"value": 1}


def test_target_creates_only_what_it_names(lab: Lab) -> None:
    """A targeted run creates no other resource."""
    stack = lab.stack(several("a", "b"))
    lab.up(stack, target=[urn("a")])
    assert lab.names(stack) == ["a"]


def test_target_needs_its_dependencies(lab: Lab) -> None:
    """A target whose dependency does not exist fails and says which."""
    stack = lab.stack(chained())
    assert attempt(lambda: lab.up(stack, target=[urn("second")])) is not None
    assert any("which was was not specified in --target list" in text for text in lab.diagnostics())


def test_target_with_dependents(lab: Lab) -> None:
    """`target_dependents` takes in what depends on the target."""
    stack = lab.stack()
    lab.up(stack, chained(1))
    assert lab.up(stack, chained(2), target=[urn("second")], target_dependents=True)["update"] == 2
    assert lab.resource(stack, "first")["inputs"] == {"value": 1}


def test_unknown_target_is_refused(lab: Lab) -> None:
    """A target that is nowhere fails the run."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    assert attempt(lambda: lab.up(stack, target=[urn("nowhere")])) is not None
    assert any("could not be found in the stack" in text for text in lab.diagnostics())


def test_target_by_pattern(lab: Lab) -> None:
    """A pattern targets every name that it matches."""
    stack = lab.stack()
    lab.up(stack, several("aa", "ab", "b"))
    assert lab.up(stack, several("aa", "ab", "b", value=2), target=["**::a*"])["update"] == 2


def test_exclude_leaves_out(lab: Lab) -> None:
    """An excluded resource stays as it is."""
    stack = lab.stack()
    lab.up(stack, several("a", "b"))
    assert lab.up(stack, several("a", "b", value=2), exclude=[urn("a")])["update"] == 1
    assert lab.resource(stack, "a")["inputs"] == {"value": 1}


def test_replace_on_demand(lab: Lab) -> None:
    """`replace` replaces a resource although nothing changed."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    assert lab.up(stack, replace=[urn("a")])["replace"] == 1
    assert list(lab.cloud.things) == ["a-2"]


def test_destroy_of_a_target(lab: Lab) -> None:
    """A targeted destroy deletes the target and nothing else."""
    stack = lab.stack(several("a", "b"))
    lab.up(stack)
    assert lab.destroy(stack, target=[urn("a")])["delete"] == 1
    assert lab.names(stack) == ["b"]


def test_destroy_of_a_needed_target_is_refused(lab: Lab) -> None:
    """A targeted destroy of what others need fails without `target_dependents`."""
    stack = lab.stack(chained())
    lab.up(stack)
    assert attempt(lambda: lab.destroy(stack, target=[urn("second")])) is not None
    assert any(
        "will be destroyed but was not specified in --target list" in text for text in lab.diagnostics()
    )
    assert len(lab.cloud.things) == 3


def test_destroy_of_a_target_with_dependents(lab: Lab) -> None:
    """With `target_dependents` dependents go too."""
    stack = lab.stack(chained())
    lab.up(stack)
    assert lab.destroy(stack, target=[urn("second")], target_dependents=True)["delete"] == 2
    assert lab.names(stack) == ["first"]
