"""Engine events in our words: what `service/events/model.py` shows of what the Automation API reports."""

import re
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Literal, cast

import pydantic
from pulumi.automation import OpType
from pulumi.automation.events import (
    DiagnosticEvent,
    EngineEvent,
    StepEventMetadata,
    SummaryEvent,
)

from service.engine.drift import DRIFT_OPERATIONS, drift_of
from service.engine.protocol import PlannedState
from service.events.model import (
    Diagnostic,
    EventPayload,
    ResourceFailed,
    ResourceFinished,
    ResourceStarted,
    StepAction,
    Summary,
)
from service.state.json_values import JsonObject
from service.state.masking import displayable, mask_object
from service.state.urns import resource_name

# The engine marks colours like `<{%reset%}>`: https://github.com/pulumi/pulumi sdk/go/common/diag/colors
COLOUR_MARK = re.compile(r"<\{%[^%]*%\}>")
MAX_MESSAGE_CHARACTERS = 8_000
MAX_CHANGED_PROPERTIES = 50


def plain_text(message: str) -> str:
    """Drop colour marks and the space around, and what cannot be stored or is too long for it."""
    return displayable(COLOUR_MARK.sub("", message).strip()[:MAX_MESSAGE_CHARACTERS])


# None: the step only bookkeeps. A replacement is told once, by the creation of the new resource;
# the end of the old one is a delete.
STEP_ACTIONS: dict[OpType, StepAction | None] = {
    OpType.SAME: StepAction.SAME,
    OpType.CREATE: StepAction.CREATE,
    OpType.UPDATE: StepAction.UPDATE,
    OpType.DELETE: StepAction.DELETE,
    OpType.REPLACE: None,
    OpType.CREATE_REPLACEMENT: StepAction.REPLACE,
    OpType.DELETE_REPLACED: StepAction.DELETE,
    OpType.READ: StepAction.READ,
    OpType.READ_REPLACEMENT: StepAction.READ,
    OpType.REFRESH: StepAction.REFRESH,
    OpType.DISCARD: None,
    OpType.DISCARD_REPLACED: None,
    OpType.REMOVE_PENDING_REPLACE: None,
    OpType.IMPORT: StepAction.IMPORT,
    OpType.IMPORT_REPLACEMENT: StepAction.IMPORT,
}


def planned_state(event: EngineEvent) -> PlannedState | None:
    """Return the resource that a step would let stand, or None for an event that plans none."""
    started = event.resource_pre_event
    if started is None:
        return None
    step, new = started.metadata, started.metadata.new
    if new is None or STEP_ACTIONS[step.op] in {None, StepAction.DELETE}:
        return None
    inputs = cast("JsonObject", dict(new.inputs or {}))
    return PlannedState(
        urn=step.urn,
        resource_type=step.type,
        name=resource_name(step.urn),
        parent=new.parent or None,
        inputs=cast("dict[str, pydantic.JsonValue]", mask_object(inputs)),
    )


class EventMapper:
    """Maps the events of one run, in order; it remembers when each step began and counts lost events."""

    def __init__(self) -> None:
        self._started: dict[tuple[str, OpType], float] = {}
        self._last_sequence: int | None = None
        self.lost_event_count = 0
        self.is_complete = False

    def payloads(self, event: EngineEvent) -> Iterator[EventPayload]:
        """Yield what the event means; nothing for events that only the engine's own display needs."""
        self._count_gap(event.sequence)
        if event.cancel_event is not None:
            self.is_complete = True
        elif event.resource_pre_event is not None:
            yield from self._started_step(event.resource_pre_event.metadata)
        elif event.res_outputs_event is not None:
            yield from self._finished_step(event.res_outputs_event.metadata)
        elif event.res_op_failed_event is not None:
            yield from self._failed_step(event.res_op_failed_event.metadata)
        elif event.diagnostic_event is not None:
            yield from _diagnostic(event.diagnostic_event)
        elif event.summary_event is not None:
            yield _summary(event.summary_event)

    def _count_gap(self, sequence: int) -> None:
        if self._last_sequence is not None and sequence > self._last_sequence + 1:
            self.lost_event_count += sequence - self._last_sequence - 1
        self._last_sequence = sequence

    def _started_step(self, step: StepEventMetadata) -> Iterator[EventPayload]:
        action = STEP_ACTIONS[step.op]
        if action is None:
            return
        self._started[step.urn, step.op] = monotonic()
        changed = sorted(step.detailed_diff or step.diffs or ())[:MAX_CHANGED_PROPERTIES]
        yield ResourceStarted(
            urn=step.urn,
            resource_type=step.type,
            name=resource_name(step.urn),
            action=action,
            changed_properties=changed,
        )

    def _finished_step(self, step: StepEventMetadata) -> Iterator[EventPayload]:
        action = STEP_ACTIONS[step.op]
        began = self._started.pop((step.urn, step.op), None)
        if began is None:
            # A refresh ends as what it found; a component ends a second time when it registers its outputs.
            began = self._started.pop((step.urn, OpType.REFRESH), None)
            if began is not None and step.op in DRIFT_OPERATIONS:
                yield drift_of(step)
        if action is None or began is None:
            return
        yield ResourceFinished(
            urn=step.urn,
            resource_type=step.type,
            name=resource_name(step.urn),
            action=action,
            duration_ms=round((monotonic() - began) * 1000),
        )

    def _failed_step(self, step: StepEventMetadata) -> Iterator[EventPayload]:
        action = STEP_ACTIONS[step.op]
        if action is None:
            return
        self._started.pop((step.urn, step.op), None)
        yield ResourceFailed(
            urn=step.urn, resource_type=step.type, name=resource_name(step.urn), action=action
        )


def _diagnostic(event: DiagnosticEvent) -> Iterator[EventPayload]:
    message = plain_text(event.message)
    if event.ephemeral or event.severity == "debug" or not message:
        return
    yield Diagnostic(severity=_severity(event.severity), message=message, urn=event.urn or None)


def _severity(severity: str) -> Literal["info", "warning", "error"]:
    if severity == "error":
        return "error"
    return "warning" if severity == "warning" else "info"


def _summary(event: SummaryEvent) -> Summary:
    counts: Mapping[str, int] = {str(getattr(op, "value", op)): n for op, n in event.resource_changes.items()}
    return Summary(
        create=counts.get("create", 0) + counts.get("import", 0),
        update=counts.get("update", 0),
        replace=max(counts.get("replace", 0), counts.get("create-replacement", 0)),
        delete=counts.get("delete", 0),
        same=counts.get("same", 0) + counts.get("read", 0),
        duration_seconds=event.duration_seconds,
    )
