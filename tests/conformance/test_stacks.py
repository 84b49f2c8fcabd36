"""Stacks: made, selected, listed, renamed, exported, imported, locked, removed."""

import json
import threading

import pulumi
import pytest
from pulumi import automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Thing


def _one() -> None:
    Thing("thing", {"value": 1})


def test_stack_is_made_and_listed(lab: Lab) -> None:
    """A new stack is listed, with the project's others."""
    workspace = lab.workspace(_one)
    workspace.create_stack("dev")
    workspace.create_stack("prod")
    assert sorted(stack.name for stack in workspace.list_stacks()) == ["dev", "prod"]


def test_made_stack_is_selected(lab: Lab) -> None:
    """A new stack is the selected one."""
    workspace = lab.workspace(_one)
    workspace.create_stack("dev")
    workspace.create_stack("prod")
    assert workspace.stack().name == "prod"
    workspace.select_stack("dev")
    assert workspace.stack().name == "dev"


def test_second_stack_of_a_name_is_refused(lab: Lab) -> None:
    """A name can be used once."""
    workspace = lab.workspace(_one)
    workspace.create_stack("dev")
    with pytest.raises(automation.StackAlreadyExistsError):
        workspace.create_stack("dev")


def test_unknown_stack_cannot_be_selected(lab: Lab) -> None:
    """Selecting what is not there fails in the way that the SDK knows."""
    with pytest.raises(automation.StackNotFoundError):
        lab.workspace(_one).select_stack("none")


def test_unknown_stack_ends_with_its_exit_code(lab: Lab) -> None:
    """A command on a stack that is not there ends with the code for it."""
    lab.stack(_one)
    error = attempt(lambda: lab.ask("stack", "output", "--stack", "none"))
    assert "code: 6" in str(error) or "no stack named" in str(error)


def test_create_or_select(lab: Lab) -> None:
    """A stack is made once and selected from then on."""
    assert lab.full_stack(_one).name == lab.full_stack(_one).name == "dev"


@pytest.mark.parametrize("name", ["with space", "slash/slash/slash/slash", "ü"])
def test_names_are_checked(lab: Lab, name: str) -> None:
    """A stack's name is made of letters, digits, hyphens, underscores, periods."""
    assert attempt(lambda: lab.workspace(_one).create_stack(name)) is not None


def test_stack_without_resources_is_removed(lab: Lab) -> None:
    """An empty stack is gone once it is removed."""
    workspace = lab.workspace(_one)
    workspace.create_stack("dev")
    workspace.remove_stack("dev")
    assert workspace.list_stacks() == []


def test_stack_with_resources_is_not_removed(lab: Lab) -> None:
    """A stack with resources stays, unless that is forced."""
    stack = lab.stack(_one)
    lab.up(stack)
    error = attempt(lambda: stack.workspace.remove_stack("dev"))
    assert "still has resources" in str(error)
    stack.workspace.remove_stack("dev", force=True)
    assert stack.workspace.list_stacks() == []


def test_destroy_can_remove_the_stack(lab: Lab) -> None:
    """`remove` takes the stack away after its resources."""
    stack = lab.stack(_one)
    lab.up(stack)
    lab.destroy(stack, remove=True)
    assert stack.workspace.list_stacks() == []
    assert lab.cloud.names() == []


def test_stack_is_renamed(lab: Lab) -> None:
    """A renamed stack keeps its resources, under their new names, and its configuration."""
    stack = lab.full_stack(_one)
    stack.set_config("color", automation.ConfigValue("red"))
    lab.up(stack)
    stack.rename("prod")
    renamed = lab.full_stack(_one, name="prod")
    assert renamed.get_config("color").value == "red"
    assert lab.resource(renamed, "thing")["urn"] == "urn:pulumi:prod::lab::test:index:Thing::thing"
    assert lab.up(renamed) == {"same": 2}


def test_summary_tells_of_the_last_update(lab: Lab) -> None:
    """The list of stacks says when each was updated and how much it holds."""
    stack = lab.stack(_one)
    lab.up(stack)
    (listed,) = stack.workspace.list_stacks()
    assert (listed.name, listed.current, listed.resource_count) == ("dev", True, 3)
    assert listed.update_in_progress in (None, False)


def test_exported_state_can_be_imported(lab: Lab) -> None:
    """An export holds the whole state; imported, it is the state again."""
    stack = lab.full_stack(_one)
    lab.up(stack)
    exported = stack.export_stack()
    assert exported.version == 3
    lab.destroy(stack)
    stack.import_stack(exported)
    assert lab.names(stack) == ["thing"]
    assert lab.refresh(stack) == {"same": 1, "delete": 1}


def test_import_of_nonsense_is_refused(lab: Lab) -> None:
    """A state whose parts do not fit together is not taken in."""
    stack = lab.full_stack(_one)
    lab.up(stack)
    exported = stack.export_stack()
    for resource in exported.deployment["resources"]:
        resource["parent"] = "urn:pulumi:dev::lab::test:index:Thing::none"
    assert attempt(lambda: stack.import_stack(exported)) is not None


def test_history_lists_updates(lab: Lab) -> None:
    """The newest update comes first, with what it changed."""
    stack = lab.full_stack(_one)
    lab.up(stack, message="first")
    lab.destroy(stack, message="second")
    newest, oldest = stack.history()
    assert (newest.kind, newest.message, newest.result) == ("destroy", "second", "succeeded")
    assert (oldest.kind, oldest.message, oldest.resource_changes) == ("update", "first", {"create": 2})


def test_failed_update_is_in_the_history(lab: Lab) -> None:
    """An update that failed is listed as such."""
    lab.cloud.faults[("create", "thing")] = "it broke"
    stack = lab.full_stack(_one)
    attempt(lambda: lab.up(stack))
    assert stack.history()[0].result == "failed"


def test_previews_are_not_in_the_history(lab: Lab) -> None:
    """The history is of what happened."""
    stack = lab.full_stack(_one)
    lab.preview(stack)
    assert stack.history() == []


def test_update_result_of_the_sdk(lab: Lab) -> None:
    """What the SDK makes of an update: outputs, summary, output text."""

    def program() -> None:
        pulumi.export("answer", 42)

    result = lab.full_stack(program).up()
    assert result.outputs["answer"].value == 42
    assert result.summary.result == "succeeded"
    assert result.summary.resource_changes == {"create": 1}
    assert "answer: 42" in result.stdout


def test_preview_result_of_the_sdk(lab: Lab) -> None:
    """What the SDK makes of a preview: how often each operation would happen."""
    result = lab.full_stack(_one).preview()
    assert result.change_summary == {"create": 2}


def test_who_am_i(lab: Lab) -> None:
    """Somebody is logged in, to the backend in use."""
    answer = lab.workspace(_one).who_am_i()
    assert answer.user
    assert answer.url == lab.backend_url


def test_second_update_is_refused_while_one_runs(lab: Lab) -> None:
    """A stack takes one update at a time; the second ends with the error that the SDK knows."""
    gate = lab.cloud.hold("create", "thing")
    stack = lab.stack(_one)
    running = threading.Thread(target=lab.with_engine(lab.command).up, args=(stack,))
    running.start()
    assert lab.cloud.entered[("create", "thing")].wait(60)
    try:
        with pytest.raises(automation.ConcurrentUpdateError):
            lab.ask("destroy", "--yes", "--skip-preview", "--stack", "dev")
    finally:
        gate.set()
        running.join()
    assert lab.names(stack) == ["thing"]


def test_cancel_breaks_the_lock(lab: Lab) -> None:
    """`cancel` takes away the lock that a killed update left."""
    stack = lab.full_stack(_one)
    lock = lab.root / "state" / ".pulumi" / "locks" / "organization" / "lab" / "dev"
    lock.mkdir(parents=True, exist_ok=True)
    left = {"pid": 1, "username": "somebody", "hostname": "elsewhere", "timestamp": "2026-01-01T00:00:00Z"}
    (lock / "left-behind.json").write_text(json.dumps(left))
    with pytest.raises(automation.ConcurrentUpdateError):
        lab.up(stack)
    stack.cancel()
    assert lab.up(stack) == {"create": 2}


def test_two_projects_keep_apart(lab: Lab) -> None:
    """Stacks of one name in two projects are two stacks."""
    one, other = lab.stack(_one), lab.stack(_one, project="other")
    lab.up(one)
    assert lab.preview(other) == {"create": 2}
    assert [stack.name for stack in other.workspace.list_stacks()] == ["dev"]


def test_tags_come_with_the_service(lab: Lab) -> None:
    """A stack has its tags whatever the backend, or the backend says that it keeps none."""
    stack = lab.full_stack(_one)
    error = attempt(lambda: stack.set_tag("tier", "gold"))
    assert error is None or "tags" in str(error)


def test_plugins_are_listed(lab: Lab) -> None:
    """The list of plugins can be read by the SDK."""
    assert isinstance(lab.workspace(_one).list_plugins(), list)
