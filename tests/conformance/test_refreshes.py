"""Refresh: what became different outside is taken over, or put right."""

from tests.conformance.lab import Lab
from tests.conformance.programs import chained, several, urn


def test_refresh_takes_over_drift(lab: Lab) -> None:
    """A refresh records what changed in the cloud."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    lab.cloud.thing("a")["value"] = 9
    assert lab.refresh(stack) == {"same": 1, "update": 1}
    assert lab.resource(stack, "a")["outputs"]["value"] == 9


def test_refresh_forgets_what_is_gone(lab: Lab) -> None:
    """A refresh forgets resources that no longer exist, and the next run creates them."""
    stack = lab.stack(several("a", "b"))
    lab.up(stack)
    del lab.cloud.things[lab.resource(stack, "a")["id"]]
    assert lab.refresh(stack) == {"same": 2, "delete": 1}
    assert lab.names(stack) == ["b"]
    assert lab.up(stack)["create"] == 1


def test_refresh_changes_nothing_without_drift(lab: Lab) -> None:
    """A refresh without drift leaves everything as it is."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    assert lab.refresh(stack) == {"same": 2}


def test_refresh_previewed_records_nothing(lab: Lab) -> None:
    """A previewed refresh tells of drift and records nothing."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    lab.cloud.thing("a")["value"] = 9
    assert lab.refresh(stack, preview_only=True)["update"] == 1
    assert lab.resource(stack, "a")["outputs"]["value"] == 1


def test_refresh_of_a_target(lab: Lab) -> None:
    """A targeted refresh looks at the target only."""
    stack = lab.stack(several("a", "b"))
    lab.up(stack)
    lab.cloud.thing("a")["value"] = lab.cloud.thing("b")["value"] = 9
    lab.refresh(stack, target=[urn("a")])
    assert lab.resource(stack, "a")["outputs"]["value"] == 9
    assert lab.resource(stack, "b")["outputs"]["value"] == 1


def test_refresh_drops_dependencies_on_what_is_gone(lab: Lab) -> None:
    """Dependencies on a resource that is gone are dropped from the state."""
    stack = lab.stack(chained())
    lab.up(stack)
    del lab.cloud.things["first-1"]
    lab.refresh(stack)
    assert "dependencies" not in lab.resource(stack, "second")


def test_up_with_refresh_repairs_drift(lab: Lab) -> None:
    """A deploy with `refresh` sees drift and puts it right."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    lab.cloud.thing("a")["value"] = 9
    assert lab.up(stack, refresh=True)["update"] == 1
    assert lab.cloud.thing("a")["value"] == 1


def test_refresh_by_running_the_program(lab: Lab) -> None:
    """A refresh that runs the program sees drift as well and creates nothing."""
    stack = lab.stack()
    lab.up(stack, several("a"))
    lab.cloud.thing("a")["value"] = 9
    changes = lab.refresh(stack, program=several("a", "new"), run_program=True)
    assert changes["update"] == 1
    assert lab.names(stack) == ["a"]


def test_destroy_by_running_the_program(lab: Lab) -> None:
    """A destroy that runs the program deletes everything and creates nothing."""
    stack = lab.stack(several("a", "b"))
    lab.up(stack)
    changes = lab.destroy(stack, run_program=True)
    assert changes["delete"] >= 2
    assert lab.cloud.things == {}
    assert lab.resources(stack) == []
