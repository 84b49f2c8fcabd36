"""What a preview knows, and what a run tells as it goes."""

import json
from pathlib import Path

import pulumi
from pulumi import automation

from tests.conformance.cloud import UNKNOWN
from tests.conformance.lab import Lab, attempt
from tests.conformance.things import Group, Thing


def test_outputs_are_unknown_in_preview(lab: Lab) -> None:
    """What a resource will give is unknown until it is made: the program's functions of it do not run."""
    seen: list[str] = []

    def program() -> None:
        thing = Thing("thing", {"value": 1})
        thing.arn.apply(seen.append)
        Thing("after", {"of": thing.arn})

    stack = lab.stack(program)
    lab.preview(stack)
    assert seen == []
    assert lab.step("create", "after").new.inputs == {"of": UNKNOWN}
    lab.up(stack)
    assert len(seen) == 1


def test_known_inputs_are_known_in_preview(lab: Lab) -> None:
    """What the program gives is known in a preview."""
    seen: list[object] = []

    class Known(pulumi.CustomResource):
        value: pulumi.Output[int]

    def program() -> None:
        thing = Known("test:index:Thing", "thing", {"value": 1})
        thing.value.apply(seen.append)

    lab.preview(lab.stack(program))
    assert seen == [1]


def test_unknown_inside_a_list(lab: Lab) -> None:
    """One unknown element leaves its neighbours known."""

    def program() -> None:
        thing = Thing("thing", {})
        Thing("after", {"list": ["a", thing.arn, {"deep": thing.arn}]})

    lab.preview(lab.stack(program))
    assert lab.step("create", "after").new.inputs == {"list": ["a", UNKNOWN, {"deep": UNKNOWN}]}


def test_unchanged_resource_is_known_in_preview(lab: Lab) -> None:
    """Outputs of a resource that stays as it is are known in a preview."""

    def program(value: int) -> automation.PulumiFn:
        def define() -> None:
            thing = Thing("thing", {})
            Thing("after", {"of": thing.arn, "value": value})

        return define

    stack = lab.stack()
    lab.up(stack, program(1))
    assert lab.preview(stack, program(2)) == {"same": 2, "update": 1}
    assert lab.step("update", "after").new.inputs["of"] == lab.resource(stack, "thing")["outputs"]["arn"]


def test_replaced_resource_is_unknown_in_preview(lab: Lab) -> None:
    """Outputs of a resource that will be replaced are unknown in a preview."""

    def program(value: str) -> automation.PulumiFn:
        def define() -> None:
            thing = Thing("thing", {"replace": value})
            Thing("after", {"of": thing.arn})

        return define

    stack = lab.stack()
    lab.up(stack, program("a"))
    lab.preview(stack, program("b"))
    assert lab.step("update", "after").new.inputs == {"of": UNKNOWN}


def test_program_knows_whether_it_is_previewed(lab: Lab) -> None:
    """`is_dry_run` holds in previews alone."""
    seen: list[bool] = []
    stack = lab.stack(lambda: seen.append(pulumi.runtime.is_dry_run()))
    lab.preview(stack)
    lab.up(stack)
    assert seen == [True, False]


def test_program_knows_where_it_runs(lab: Lab) -> None:
    """Project, stack and organization are those of the stack."""
    seen: list[tuple[str, str, str]] = []
    stack = lab.stack(
        lambda: seen.append((pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()))
    )
    lab.up(stack)
    assert seen == [("lab", "dev", "organization")]


def test_events_begin_and_end_a_run(lab: Lab) -> None:
    """The first event carries the configuration, the last but one sums up, the last says no more come."""
    stack = lab.stack(lambda: Thing("thing", {"value": 1}) and None)
    stack.set_config("color", automation.ConfigValue("red"))
    lab.up(stack)
    assert lab.events[0].prelude_event.config == {"lab:color": "red"}
    assert lab.events[-1].cancel_event is not None
    summary = lab.events[-2].summary_event
    assert summary.resource_changes == {"create": 2}
    assert summary.maybe_corrupt is False
    assert [event.sequence for event in lab.events] == list(range(len(lab.events)))


def test_events_of_a_creation(lab: Lab) -> None:
    """A creation is announced with its inputs and told with its outputs."""
    stack = lab.stack(lambda: Thing("thing", {"value": 1}) and None)
    lab.up(stack)
    (before,) = [
        event.resource_pre_event.metadata
        for event in lab.events
        if event.resource_pre_event and event.resource_pre_event.metadata.urn.endswith("::thing")
    ]
    (after,) = [
        event.res_outputs_event.metadata
        for event in lab.events
        if event.res_outputs_event and event.res_outputs_event.metadata.urn.endswith("::thing")
    ]
    assert (before.op, before.old, before.new.inputs, before.new.outputs) == (
        "create",
        None,
        {"value": 1},
        {},
    )
    assert (after.new.id, after.new.outputs["value"]) == (lab.resource(stack, "thing")["id"], 1)
    assert before.provider.startswith("urn:pulumi:dev::lab::pulumi:providers:test::default")


def test_events_of_a_failure(lab: Lab) -> None:
    """A failure is told with its step and as a diagnostic of its resource."""
    lab.cloud.faults[("create", "thing")] = "it broke"
    stack = lab.stack(lambda: Thing("thing", {"value": 1}) and None)
    attempt(lambda: lab.up(stack))
    (failed,) = [event.res_op_failed_event for event in lab.events if event.res_op_failed_event]
    assert failed.metadata.urn.endswith("::thing")
    assert any("it broke" in text for text in lab.diagnostics())


def test_messages_of_the_program_are_told(lab: Lab) -> None:
    """What a program logs comes as diagnostics of the resource that it names."""

    def program() -> None:
        thing = Thing("thing", {"value": 1})
        pulumi.log.warn("mind the gap", thing)
        pulumi.info("for your information")

    lab.up(lab.stack(program))
    (warning,) = [
        event.diagnostic_event
        for event in lab.events
        if event.diagnostic_event and event.diagnostic_event.severity == "warning"
    ]
    assert warning.message.strip() == "mind the gap"
    assert warning.urn.endswith("::thing")
    assert any("for your information" in text for text in lab.diagnostics("info"))


def test_logged_error_is_told(lab: Lab) -> None:
    """An error that a program logs is told; by itself it ends nothing."""
    stack = lab.stack(lambda: pulumi.log.error("this is wrong"))
    lab.up(stack)
    assert any("this is wrong" in text for text in lab.diagnostics())


def test_previewed_destroy_as_json(lab: Lab) -> None:
    """`--preview-only --json` lists steps and counts changes in one document."""

    def program() -> None:
        group = Group("group")
        Thing("thing", {"value": 1}, pulumi.ResourceOptions(parent=group))

    stack = lab.stack()
    lab.up(stack, program)
    result = json.loads(lab.ask("destroy", "--preview-only", "--json", "--stack", "dev").stdout)
    assert result["changeSummary"] == {"delete": 3}
    assert [step["op"] for step in result["steps"]] == ["delete"] * 3
    assert sorted(step["urn"].rsplit("::", 1)[1] for step in result["steps"]) == ["group", "lab-dev", "thing"]


def test_event_log_in_a_file(lab: Lab, tmp_path: Path) -> None:
    """`--event-log` with a path writes one event a line."""
    stack = lab.stack(lambda: None)
    log = tmp_path / "events.jsonl"
    lab.up(stack)
    lab.ask("destroy", "--yes", "--skip-preview", "--stack", "dev", "--event-log", str(log))
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [event["sequence"] for event in events] == list(range(len(events)))
    assert "summaryEvent" in events[-2]
    assert "cancelEvent" in events[-1]
