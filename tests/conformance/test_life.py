"""The life of resources: created, unchanged, updated, replaced, deleted."""

import pulumi
import pytest
from pulumi import ResourceOptions, automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Group, Thing


def one(props: dict[str, object], opts: ResourceOptions | None = None) -> automation.PulumiFn:
    def program() -> None:
        Thing("one", props, opts)

    return program


def chain() -> None:
    first = Thing("first", {"value": 1})
    second = Thing("second", {"of": first.arn})
    Thing("third", {"of": second.arn})


def test_preview_creates_nothing(lab: Lab) -> None:
    """A preview names what would be created and touches neither cloud nor state."""
    stack = lab.stack(chain)
    assert lab.preview(stack) == {"create": 4}
    assert lab.cloud.things == {}
    assert lab.resources(stack) == []


def test_up_creates_in_dependency_order(lab: Lab) -> None:
    """A deploy creates what is needed first."""
    stack = lab.stack(chain)
    assert lab.up(stack) == {"create": 4}
    assert lab.cloud.called("create") == ["first", "second", "third"]


def test_outputs_flow_into_inputs(lab: Lab) -> None:
    """An output of one resource is the input of another, and the dependency is recorded."""
    stack = lab.stack(chain)
    lab.up(stack)
    second = lab.resource(stack, "second")
    assert second["inputs"] == {"of": "arn:first-1"}
    assert second["dependencies"] == [lab.resource(stack, "first")["urn"]]
    assert second["propertyDependencies"] == {"of": [lab.resource(stack, "first")["urn"]]}


def test_second_up_changes_nothing(lab: Lab) -> None:
    """Deploying the same program again leaves everything as it is."""
    stack = lab.stack(chain)
    lab.up(stack)
    assert lab.up(stack) == {"same": 4}
    assert lab.cloud.called("create") == ["first", "second", "third"]


def test_changed_input_updates_in_place(lab: Lab) -> None:
    """A changed input updates its resource and keeps its id."""
    stack = lab.stack()
    lab.up(stack, one({"value": 1}))
    assert lab.up(stack, one({"value": 2})) == {"same": 1, "update": 1}
    assert lab.resource(stack, "one")["id"] == "one-1"
    assert lab.cloud.things["one-1"]["value"] == 2


def test_update_event_tells_the_difference(lab: Lab) -> None:
    """The event of an update carries the changed keys and the detailed difference."""
    stack = lab.stack()
    lab.up(stack, one({"value": 1, "gone": "x"}))
    lab.up(stack, one({"value": 2, "come": "y"}))
    step = lab.step("update", "one")
    assert sorted(step.diffs) == ["come", "gone", "value"]
    kinds = {key: diff.diff_kind.value for key, diff in step.detailed_diff.items()}
    assert kinds == {"come": "add", "gone": "delete", "value": "update"}


def test_added_and_removed_inputs_update(lab: Lab) -> None:
    """An input that comes or goes is a change too."""
    stack = lab.stack()
    lab.up(stack, one({"a": 1}))
    assert lab.up(stack, one({"b": 1}))["update"] == 1
    assert lab.resource(stack, "one")["inputs"] == {"b": 1}


def test_replacement_creates_before_it_deletes(lab: Lab) -> None:
    """A replacement creates the new resource, then deletes the old one."""
    stack = lab.stack()
    lab.up(stack, one({"replace": 1}))
    assert lab.up(stack, one({"replace": 2})) == {"same": 1, "replace": 1}
    assert lab.steps() == [("create-replacement", "one"), ("replace", "one"), ("delete-replaced", "one")]
    assert lab.resource(stack, "one")["id"] == "one-2"
    assert list(lab.cloud.things) == ["one-2"]


def test_replacement_is_seen_in_preview(lab: Lab) -> None:
    """A preview foresees a replacement and the keys that force it."""
    stack = lab.stack()
    lab.up(stack, one({"replace": 1}))
    assert lab.preview(stack, one({"replace": 2})) == {"same": 1, "replace": 1}
    assert lab.step("replace", "one").keys == ["replace"]
    assert list(lab.cloud.things) == ["one-1"]


def test_delete_before_replace_by_option(lab: Lab) -> None:
    """`delete_before_replace` deletes the old resource first."""
    stack = lab.stack()
    opts = ResourceOptions(delete_before_replace=True)
    lab.up(stack, one({"replace": 1}, opts))
    lab.up(stack, one({"replace": 2}, opts))
    assert lab.steps() == [("delete-replaced", "one"), ("replace", "one"), ("create-replacement", "one")]
    assert list(lab.cloud.things) == ["one-2"]


def test_delete_before_replace_by_provider(lab: Lab) -> None:
    """A provider can ask that the old resource goes first."""
    stack = lab.stack()
    lab.up(stack, one({"replace": 1, "dbr": True}))
    lab.up(stack, one({"replace": 2, "dbr": True}))
    assert [op for op, _ in lab.steps()] == ["delete-replaced", "replace", "create-replacement"]


def test_delete_before_replace_takes_dependents_along(lab: Lab) -> None:
    """A dependent that the change would replace is deleted before and created after it."""

    def program(value: int) -> automation.PulumiFn:
        def run() -> None:
            base = Thing("base", {"replace": value}, ResourceOptions(delete_before_replace=True))
            Thing("bound", {"replace": base.arn})
            Thing("loose", {"of": base.arn})

        return run

    stack = lab.stack()
    lab.up(stack, program(1))
    lab.cloud.calls.clear()
    changes = lab.up(stack, program(2))
    assert changes == {"same": 1, "replace": 2, "update": 1}
    assert lab.cloud.called("delete") == ["bound", "base"]
    assert lab.cloud.names() == ["base", "bound", "loose"]


def test_removed_resource_is_deleted_last(lab: Lab) -> None:
    """What the program no longer registers is deleted after everything else."""

    def both() -> None:
        old = Thing("old", {"v": 1})
        Thing("kept", {"of": old.arn})

    stack = lab.stack()
    lab.up(stack, both)
    assert lab.up(stack, one({})) == {"same": 1, "create": 1, "delete": 2}
    assert lab.cloud.called("delete") == ["kept", "old"]


def test_destroy_deletes_in_reverse_order(lab: Lab) -> None:
    """Destroy deletes dependents before what they depend on and leaves an empty state."""
    stack = lab.stack(chain)
    lab.up(stack)
    assert lab.destroy(stack) == {"delete": 4}
    assert lab.cloud.called("delete") == ["third", "second", "first"]
    assert lab.resources(stack) == []


def test_destroy_previewed_deletes_nothing(lab: Lab) -> None:
    """A previewed destroy counts the deletions and makes none."""
    stack = lab.stack(chain)
    lab.up(stack)
    assert lab.destroy(stack, preview_only=True) == {"delete": 4}
    assert len(lab.cloud.things) == 3


def test_destroy_of_nothing_succeeds(lab: Lab) -> None:
    """Destroying an empty stack is no error."""
    stack = lab.stack(chain)
    assert lab.destroy(stack) == {}


def test_defaults_are_carried_over(lab: Lab) -> None:
    """Defaults that the provider filled in stay when the program does not mention them."""
    stack = lab.stack()
    lab.up(stack, one({"default": None}))
    lab.up(stack, one({"value": 1}))
    inputs = lab.resource(stack, "one")["inputs"]
    assert inputs["value"] == 1


def test_check_failure_names_the_property(lab: Lab) -> None:
    """A refused input fails the run, names the property and creates nothing."""
    stack = lab.stack(one({"bad": "x"}))
    error = attempt(lambda: lab.up(stack))
    assert error is not None
    assert any("property bad value {x} has a problem: is not wanted" in text for text in lab.diagnostics())
    assert lab.cloud.things == {}


def test_numbers_keep_their_value(lab: Lab) -> None:
    """Whole numbers, fractions, large and negative ones are recorded as they are."""
    values = {"whole": 3, "fraction": 2.5, "large": 12345678901, "negative": -7, "zero": 0}
    stack = lab.stack(one(values))
    lab.up(stack)
    assert lab.resource(stack, "one")["inputs"] == values


def test_nested_values_are_recorded(lab: Lab) -> None:
    """Lists and objects inside each other are recorded as they are."""
    value = {"list": [1, {"deep": [True, "x", None]}], "empty": [], "object": {}, "text": 'ä\n"quoted"'}
    stack = lab.stack(one({"value": value}))
    lab.up(stack)
    assert lab.resource(stack, "one")["inputs"] == {"value": value}


def test_changes_deep_inside_update(lab: Lab) -> None:
    """A change deep inside a value updates its resource."""
    stack = lab.stack()
    lab.up(stack, one({"value": {"a": [1, {"b": 2}]}}))
    assert lab.up(stack, one({"value": {"a": [1, {"b": 3}]}}))["update"] == 1


def test_component_holds_its_children(lab: Lab) -> None:
    """A component is recorded without an id and its children name it as their parent."""

    def program() -> None:
        group = Group("group")
        Thing("inside", {}, ResourceOptions(parent=group))

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": 3}
    group = lab.resource(stack, "group")
    assert "id" not in group
    assert not group["custom"]
    inside = lab.resource(stack, "inside")
    assert inside["parent"] == group["urn"]
    assert inside["urn"].endswith("::local:index:Group$test:index:Thing::inside")


def test_duplicate_names_are_refused(lab: Lab) -> None:
    """Two resources of one type and name are refused."""

    def program() -> None:
        Thing("twin", {"a": 1})
        Thing("twin", {"a": 2})

    stack = lab.stack(program)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("Duplicate resource URN" in text for text in lab.diagnostics())


def test_same_name_of_other_type_is_allowed(lab: Lab) -> None:
    """A component may bear the name of a resource."""

    def program() -> None:
        Group("name")
        Thing("name", {})

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": 3}


@pytest.mark.parametrize("count", [0, 1, 25])
def test_any_number_of_resources(lab: Lab, count: int) -> None:
    """A program may register no resource, one or many."""

    def program() -> None:
        for number in range(count):
            Thing(f"thing-{number}", {"number": number})

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": count + 1}
    assert len(lab.cloud.things) == count
    pulumi.log.debug("done")
