"""What a run can be asked: targets, refresh, plans, expectations, errors, imports."""

from pathlib import Path

import pulumi
from pulumi import ResourceOptions, automation

from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Reading, Thing


def several(*names: str, value: int = 1) -> automation.PulumiFn:
    def program() -> None:
        for name in names:
            Thing(name, {"value": value})

    return program


def chained(value: int = 1) -> automation.PulumiFn:
    def program() -> None:
        first = Thing("first", {"value": value})
        second = Thing("second", {"of": first.arn, "value": value})
        Thing("third", {"of": second.arn, "value": value})

    return program


def urn(name: str) -> str:
    return f"urn:pulumi:dev::lab::test:index:Thing::{name}"


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


def test_expect_no_changes_holds(lab: Lab) -> None:
    """`expect_no_changes` succeeds when nothing changes."""
    stack = lab.stack(several("a"))
    lab.up(stack)
    assert lab.up(stack, expect_no_changes=True) == {"same": 2}


def test_expect_no_changes_fails(lab: Lab) -> None:
    """`expect_no_changes` fails when something changes."""
    stack = lab.stack()
    lab.up(stack, several("a"))
    error = attempt(lambda: lab.preview(stack, several("a", value=2), expect_no_changes=True))
    assert error is not None
    assert "no changes were expected for preview but changes were proposed" in str(error)


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


def test_import_takes_over_a_resource(lab: Lab) -> None:
    """An import records an existing resource without creating one."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 1}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    assert lab.up(stack) == {"create": 1, "import": 1}
    assert lab.resource(stack, "a")["id"] == identity
    assert lab.cloud.called("create") == []


def test_import_then_update(lab: Lab) -> None:
    """An imported resource whose inputs differ from the program's is updated in the same run."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 2}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.cloud.things[identity]["value"] == 2
    assert lab.resource(stack, "a")["inputs"] == {"value": 2}


def test_import_of_nothing_fails(lab: Lab) -> None:
    """An import of an id that does not exist fails."""

    def program() -> None:
        Thing("a", {}, ResourceOptions(import_="nowhere"))

    stack = lab.stack(program)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("does not exist" in text for text in lab.diagnostics())


def test_second_run_after_import_is_unchanged(lab: Lab) -> None:
    """The import option does nothing once the resource is recorded."""
    identity = lab.cloud.add("a", {"value": 1})

    def program() -> None:
        Thing("a", {"value": 1}, ResourceOptions(import_=identity))

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.up(stack) == {"same": 2}


def test_read_resource_is_external(lab: Lab) -> None:
    """A resource read by its id is recorded as external and never deleted."""
    identity = lab.cloud.add("other", {"value": 7})

    def program() -> None:
        reading = Reading("reading", identity)
        Thing("user", {"of": reading.arn})

    stack = lab.stack(program)
    lab.up(stack)
    assert lab.resource(stack, "reading")["external"] is True
    assert lab.resource(stack, "user")["inputs"] == {"of": f"arn:{identity}"}
    lab.destroy(stack)
    assert list(lab.cloud.things) == [identity]
    assert lab.resources(stack) == []


def test_read_of_nothing_fails(lab: Lab) -> None:
    """Reading what does not exist fails the run."""
    stack = lab.stack(lambda: Reading("reading", "nowhere") and None)
    assert attempt(lambda: lab.up(stack)) is not None
    assert any("does not exist" in text for text in lab.diagnostics())


def test_plan_is_kept(lab: Lab, tmp_path: Path) -> None:
    """A run with a saved plan does what the plan foresees."""
    plan = str(tmp_path / "plan.json")
    stack = lab.stack(several("a"))
    lab.preview(stack, plan=plan)
    assert lab.up(stack, plan=plan) == {"create": 2}


def test_plan_forbids_more(lab: Lab, tmp_path: Path) -> None:
    """A run that does what its plan does not foresee fails."""
    plan = str(tmp_path / "plan.json")
    stack = lab.stack()
    lab.preview(stack, several("a"), plan=plan)
    assert attempt(lambda: lab.up(stack, several("a", "b"), plan=plan)) is not None
    assert any("is not allowed by the plan" in text for text in lab.diagnostics())
    assert "b" not in lab.cloud.names()


def test_parallel_one_is_serial(lab: Lab) -> None:
    """With `parallel=1` no two operations run at once."""
    lab.cloud.latency_seconds = 0.02
    stack = lab.stack(several("a", "b", "c", "d"))
    lab.up(stack, parallel=1)
    assert lab.cloud.concurrency_peak == 1


def test_parallel_many_run_together(lab: Lab) -> None:
    """Independent operations run at once, and no more than asked for."""
    lab.cloud.latency_seconds = 0.3
    stack = lab.stack(several(*"abcdefgh"))
    lab.up(stack, parallel=4)
    assert 2 <= lab.cloud.concurrency_peak <= 4


def test_message_is_in_the_history(lab: Lab) -> None:
    """The message of a run is kept in the history."""
    stack = lab.full_stack(several("a"))
    stack.up(message="for the record")
    (entry,) = stack.history()
    assert (entry.kind, entry.result, entry.message) == ("update", "succeeded", "for the record")
    assert entry.resource_changes == {"create": 2}


def test_policy_packs_are_named_when_missing(lab: Lab, tmp_path: Path) -> None:
    """A policy pack that cannot be run fails the run before anything is created."""
    stack = lab.stack(several("a"))
    error = attempt(lambda: lab.up(stack, policy_packs=[str(tmp_path / "no-pack")]))
    assert error is not None
    assert "polic" in str(error).lower()
    assert lab.cloud.things == {}
