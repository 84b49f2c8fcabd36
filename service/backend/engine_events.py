"""Engine events as the CLI posts them, in the words in which operations tell what happens."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal

from service.events.model import (
    Diagnostic,
    EventPayload,
    ResourceFailed,
    ResourceFinished,
    ResourceStarted,
    StepAction,
    Summary,
)
from service.operations.runs import TimedPayload
from service.state.json_values import JsonObject, read_flag, read_integer, read_object, read_text
from service.state.urns import parse_urn

_COLOUR = re.compile(r"<\{%[^%]*%\}>")
_MAX_MESSAGE_CHARACTERS = 8_000

_ACTIONS = {
    "same": StepAction.SAME,
    "create": StepAction.CREATE,
    "update": StepAction.UPDATE,
    "delete": StepAction.DELETE,
    "create-replacement": StepAction.REPLACE,
    "delete-replaced": StepAction.DELETE,
    "read": StepAction.READ,
    "read-replacement": StepAction.READ,
    "refresh": StepAction.REFRESH,
    "import": StepAction.IMPORT,
    "import-replacement": StepAction.IMPORT,
}
_SEVERITIES: dict[str, Literal["info", "warning", "error"]] = {
    "info": "info",
    "info#err": "info",
    "warning": "warning",
    "error": "error",
}


def timed_payloads(event: JsonObject) -> list[TimedPayload]:
    """Return what an event means; nothing for those that only the engine's own display needs."""
    at = datetime.fromtimestamp(read_integer(event, "timestamp") or 0, UTC)
    return [TimedPayload(at, payload) for payload in _payloads(event)]


def _payloads(event: JsonObject) -> Iterator[EventPayload]:
    for key, kind in _STEP_EVENTS:
        step = read_object(event, key)
        if step is not None:
            yield from _step(step, kind)
    diagnostic = read_object(event, "diagnosticEvent")
    if diagnostic is not None:
        yield from _diagnostic(diagnostic)
    summary = read_object(event, "summaryEvent")
    if summary is not None:
        yield _summary(summary)


_StepKind = type[ResourceStarted] | type[ResourceFinished] | type[ResourceFailed]
_STEP_EVENTS: tuple[tuple[str, _StepKind], ...] = (
    ("resourcePreEvent", ResourceStarted),
    ("resOutputsEvent", ResourceFinished),
    ("resOpFailedEvent", ResourceFailed),
)


def _step(event: JsonObject, kind: _StepKind) -> Iterator[EventPayload]:
    metadata = read_object(event, "metadata") or {}
    action = _ACTIONS.get(read_text(metadata, "op"))
    if action is None:
        return
    urn_text = read_text(metadata, "urn")
    urn = parse_urn(urn_text)
    name = urn.name if urn else urn_text
    yield kind(urn=urn_text, resource_type=read_text(metadata, "type"), name=name, action=action)


def _diagnostic(event: JsonObject) -> Iterator[EventPayload]:
    severity = _SEVERITIES.get(read_text(event, "severity"))
    message = _COLOUR.sub("", read_text(event, "message")).strip()[:_MAX_MESSAGE_CHARACTERS]
    if severity is not None and message and not read_flag(event, "ephemeral"):
        yield Diagnostic(severity=severity, message=message, urn=read_text(event, "urn") or None)


def _summary(event: JsonObject) -> Summary:
    changes = read_object(event, "resourceChanges") or {}
    return Summary(
        create=read_integer(changes, "create") or 0,
        update=read_integer(changes, "update") or 0,
        replace=read_integer(changes, "replace") or 0,
        delete=read_integer(changes, "delete") or 0,
        same=read_integer(changes, "same") or 0,
        duration_seconds=read_integer(event, "durationSeconds"),
    )
