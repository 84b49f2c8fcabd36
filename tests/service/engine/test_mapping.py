"""Engine events become the payloads that the service shows."""

import pytest
from pulumi.automation import EngineEvent, OpType

from service.engine.mapping import STEP_ACTIONS, EventMapper, plain_text
from service.events.model import (
    Diagnostic,
    EventPayload,
    ResourceDrifted,
    ResourceFailed,
    ResourceFinished,
    ResourceStarted,
    StepAction,
    Summary,
)

URN = "urn:pulumi:dev::environments::aws:s3/bucket:Bucket::assets"


def step(op: str, **extra: object) -> dict[str, object]:
    return {"metadata": {"op": op, "urn": URN, "type": "aws:s3/bucket:Bucket", "provider": "", **extra}}


def mapped(*events: dict[str, object]) -> list[EventPayload]:
    mapper = EventMapper()
    return [
        payload
        for sequence, event in enumerate(events)
        for payload in mapper.payloads(EngineEvent.from_json({"sequence": sequence, "timestamp": 0, **event}))
    ]


def test_every_step_of_the_engine_is_known() -> None:
    """The table of steps names each operation type of the SDK."""
    assert set(STEP_ACTIONS) == set(OpType)


def test_a_step_is_told_at_its_start_and_its_end() -> None:
    """A step yields one start with the properties that change and one end with its duration."""
    started, finished = mapped(
        {"resourcePreEvent": step("update", diffs=["tags", "acl"])}, {"resOutputsEvent": step("update")}
    )
    assert isinstance(started, ResourceStarted)
    assert (started.urn, started.name, started.action) == (URN, "assets", StepAction.UPDATE)
    assert started.changed_properties == ["acl", "tags"]
    assert isinstance(finished, ResourceFinished)
    assert finished.duration_ms is not None


def test_second_end_of_a_component_is_left_out() -> None:
    """A component that registers its outputs has ended once already."""
    payloads = mapped(
        {"resourcePreEvent": step("create")},
        {"resOutputsEvent": step("create")},
        {"resOutputsEvent": step("create")},
    )
    assert [payload.type for payload in payloads] == ["resource_started", "resource_finished"]


def test_refresh_ends_as_what_it_found() -> None:
    """A refresh that found a change tells of the drift and ends as an update."""
    _, drifted, finished = mapped({"resourcePreEvent": step("refresh")}, {"resOutputsEvent": step("update")})
    assert isinstance(drifted, ResourceDrifted)
    assert not drifted.is_gone
    assert isinstance(finished, ResourceFinished)
    assert finished.action is StepAction.UPDATE


def test_replacement_is_told_once() -> None:
    """Of a replacement's steps the new resource is the replacement, the old one's end a deletion."""
    payloads = mapped(
        {"resourcePreEvent": step("create-replacement")},
        {"resOutputsEvent": step("create-replacement")},
        {"resourcePreEvent": step("replace")},
        {"resOutputsEvent": step("replace")},
        {"resourcePreEvent": step("delete-replaced")},
        {"resOutputsEvent": step("delete-replaced")},
    )
    starts = [payload.action for payload in payloads if isinstance(payload, ResourceStarted)]
    assert starts == [StepAction.REPLACE, StepAction.DELETE]


def test_failed_step_is_told() -> None:
    """A step that failed says which resource and which action."""
    (failed,) = mapped({"resOpFailedEvent": step("create")})
    assert isinstance(failed, ResourceFailed)
    assert failed.action is StepAction.CREATE


@pytest.mark.parametrize(
    ("severity", "shown"),
    [("error", "error"), ("warning", "warning"), ("info", "info"), ("info#err", "info")],
)
def test_diagnostics_lose_their_colours(severity: str, shown: str) -> None:
    """A message is shown without colour marks, under the severity that readers know."""
    (diagnostic,) = mapped(
        {"diagnosticEvent": {"severity": severity, "message": "<{%fg 1%}>refused<{%reset%}>\n", "urn": URN}}
    )
    assert diagnostic == Diagnostic.model_validate({"severity": shown, "message": "refused", "urn": URN})


@pytest.mark.parametrize(
    "event",
    [
        {"severity": "info", "message": "still creating", "ephemeral": True},
        {"severity": "debug", "message": "x"},
        {"severity": "info", "message": " \n"},
    ],
)
def test_passing_messages_are_left_out(event: dict[str, object]) -> None:
    """What a display shows for a moment, debug output and empty lines are not recorded."""
    assert mapped({"diagnosticEvent": event}) == []


def test_summary_counts_by_what_people_ask() -> None:
    """Imports count as created, what was read as unchanged, and a replacement once."""
    (summary,) = mapped(
        {
            "summaryEvent": {
                "durationSeconds": 7,
                "resourceChanges": {
                    "create": 2,
                    "import": 1,
                    "replace": 1,
                    "create-replacement": 1,
                    "same": 3,
                },
            }
        }
    )
    assert summary == Summary(create=3, replace=1, same=3, duration_seconds=7)


def test_gaps_in_the_sequence_are_counted() -> None:
    """An event that never arrived shows as a gap."""
    mapper = EventMapper()
    for sequence in (0, 1, 4, 5):
        list(mapper.payloads(EngineEvent.from_json({"sequence": sequence, "timestamp": 0})))
    assert mapper.lost_event_count == 2


def test_long_messages_are_cut() -> None:
    """A message that would not fit a page is cut."""
    assert len(plain_text("x" * 100_000)) == 8_000


def test_what_postgres_cannot_hold_is_replaced() -> None:
    """A NUL in what a provider said, or in what it is told of, reaches no event."""
    _, drifted, _, said = mapped(
        {"resourcePreEvent": step("refresh")},
        {"resOutputsEvent": step("update", diffs=["tags.a\0b"])},
        {"diagnosticEvent": {"severity": "error", "message": "refused\0", "urn": URN}},
    )
    assert isinstance(drifted, ResourceDrifted)
    assert [one.path for one in drifted.properties] == ["tags.a\N{REPLACEMENT CHARACTER}b"]
    assert isinstance(said, Diagnostic)
    assert said.message == plain_text("refused\0") == "refused\N{REPLACEMENT CHARACTER}"
