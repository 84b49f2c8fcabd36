"""What fails, and what is half made, is recorded as it is, and continued."""

import pulumi
from pulumi import automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.programs import chained, several
from tests.conformance.things import Thing


def test_failed_creation_is_not_recorded(lab: Lab) -> None:
    """A failed creation fails the run, with the provider's words, and is not recorded."""
    lab.cloud.faults[("create", "a")] = "the cloud is full"
    stack = lab.stack(several("a"))
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("the cloud is full" in text for text in lab.diagnostics())
    assert lab.names(stack) == []
    assert any(event.res_op_failed_event for event in lab.events)


def test_failure_leaves_what_succeeded(lab: Lab) -> None:
    """What was created before a failure is recorded, and the next run goes on from there."""
    lab.cloud.faults[("create", "second")] = "no"
    stack = lab.stack(chained())
    assert attempt(lambda: lab.up(stack)) is not None
    assert lab.names(stack) == ["first"]
    lab.cloud.faults.clear()
    assert lab.up(stack) == {"same": 2, "create": 2}


def test_continue_on_error_does_the_rest(lab: Lab) -> None:
    """`continue_on_error` does everything that does not need what failed."""
    lab.cloud.faults[("create", "second")] = "no"

    def program() -> None:
        first = Thing("first", {})
        second = Thing("second", {"of": first.arn})
        Thing("third", {"of": second.arn})
        Thing("apart", {})

    stack = lab.stack(program)
    assert attempt(lambda: lab.up(stack, continue_on_error=True)) is not None
    assert lab.names(stack) == ["apart", "first"]


def test_failed_update_keeps_the_old_state(lab: Lab) -> None:
    """A failed update keeps the recorded inputs."""
    stack = lab.stack()
    lab.up(stack, several("a"))
    lab.cloud.faults[("update", "a")] = "no"
    assert attempt(lambda: lab.up(stack, several("a", value=2))) is not None
    assert lab.resource(stack, "a")["inputs"] == {"value": 1}


def test_failed_deletion_keeps_the_resource(lab: Lab) -> None:
    """A failed deletion keeps the resource in the state."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    lab.cloud.faults[("delete", "a")] = "in use"
    assert attempt(lambda: lab.destroy(stack)) is not None
    assert lab.names(stack) == ["a"]


def test_failed_deletion_of_a_replaced_one_is_tried_again(lab: Lab) -> None:
    """A replaced resource that could not be deleted stays marked and goes in the next run."""

    def program(value: int) -> automation.PulumiFn:
        def run() -> None:
            Thing("a", {"replace": value})

        return run

    stack = lab.stack()
    lab.up(stack, program(1))
    lab.cloud.faults[("delete", "a")] = "in use"
    assert attempt(lambda: lab.up(stack, program(2))) is not None
    marked = [item for item in lab.resources(stack) if item.get("delete")]
    assert [item["id"] for item in marked] == ["a-1"]
    lab.cloud.faults.clear()
    lab.up(stack, program(2))
    assert list(lab.cloud.things) == ["a-2"]
    assert not any(item.get("delete") for item in lab.resources(stack))


def test_half_made_resource_is_recorded(lab: Lab) -> None:
    """A resource that was created but is not ready is recorded with its errors."""
    lab.cloud.faults[("create", "a")] = "partial: not ready"
    stack = lab.stack(several("a"))
    assert attempt(lambda: lab.up(stack)) is not None
    recorded = lab.resource(stack, "a")
    assert recorded["id"] == "a-1"
    assert recorded["initErrors"] == ["partial: not ready"]


def test_half_made_resource_is_completed(lab: Lab) -> None:
    """The next run updates a resource that was not ready."""
    lab.cloud.faults[("create", "a")] = "partial: not ready"
    stack = lab.stack(several("a"))
    attempt(lambda: lab.up(stack))
    lab.cloud.faults.clear()
    assert lab.up(stack) == {"same": 1, "update": 1}
    assert "initErrors" not in lab.resource(stack, "a")


def test_half_made_update_keeps_old_inputs(lab: Lab) -> None:
    """An update after which the resource is not ready keeps the old inputs and the new outputs."""
    stack = lab.stack()
    lab.up(stack, several("a"))
    lab.cloud.faults[("update", "a")] = "partial: not ready"
    assert attempt(lambda: lab.up(stack, several("a", value=2))) is not None
    recorded = lab.resource(stack, "a")
    assert recorded["inputs"] == {"value": 1}
    assert recorded["outputs"]["value"] == 2
    assert recorded["initErrors"] == ["partial: not ready"]


def test_program_error_fails_the_run(lab: Lab) -> None:
    """An exception in the program fails the run with its text."""

    def program() -> None:
        Thing("a", {})
        message = "the program broke"
        raise ValueError(message)

    stack = lab.stack(program)
    error = attempt(lambda: lab.up(stack))
    assert isinstance(error, pulumi.automation.InlineSourceRuntimeError)
    assert any("the program broke" in text for text in lab.diagnostics())
