"""Tells what happens, in the official events (apitype.EngineEvent)."""

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping

from sandbox.engine.errors import EngineError
from sandbox.engine.events.metadata import step_metadata
from sandbox.engine.properties.values import equal
from sandbox.engine.providers.model import Outcome
from sandbox.engine.state.json_values import JsonObject
from sandbox.engine.steps.model import Op, Step

_CONTROL_CODES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\x1b\\[[0-9;]*[A-Za-z]")

# Takes an event and whether it belongs to the record that a service keeps.
Sink = Callable[[JsonObject, bool], None]


class Emitter:
    """Makes events and counts what was done."""

    def __init__(self, sink: Sink, *, is_preview: bool, is_refresh: bool, color: str = "never") -> None:
        """Take where events go."""
        self._sink = sink
        self._is_preview = is_preview
        self._is_refresh = is_refresh
        self._color = color
        self._started_seconds = time.monotonic()
        self.changes: Counter[str] = Counter()
        self._steps = 0

    def prelude(self, config: Mapping[str, str]) -> None:
        """The run begins."""
        self._send({"preludeEvent": {"config": dict(config)}})

    def step_begins(self, step: Step) -> None:
        """A step begins."""
        self._send({"resourcePreEvent": self._payload(step, step.op)}, is_recorded=_is_recorded(step))

    def step_ended(self, step: Step) -> None:
        """A step succeeded."""
        op, counts = step.op, step.is_logical
        if self._is_refresh and step.op is Op.REFRESH:
            op, counts = step.result_op, True
        if step.op is Op.READ:
            counts = _has_new_outputs(step)
        if counts and not step.is_hidden:
            self.changes[op.value] += 1
            self._steps += 1
        if self._is_preview or step.result.custom or step.op in (Op.DELETE, Op.REFRESH):
            self._send({"resOutputsEvent": self._payload(step, op)}, is_recorded=_is_recorded(step))

    def outputs_registered(self, step: Step) -> None:
        """A component has its outputs."""
        self._send({"resOutputsEvent": self._payload(step, step.op)}, is_recorded=_is_recorded(step))

    def step_failed(self, step: Step, error: EngineError, outcome: Outcome) -> None:
        """A step failed."""
        urn = "" if step.is_hidden else step.urn
        if self._is_preview:
            self.diagnostic("error", f"Preview failed: {error}", urn)
            return
        self.diagnostic("error", f"{error}\n", urn)
        failed: JsonObject = {
            "metadata": step_metadata(step, step.op),
            "status": int(outcome),
            "steps": self._steps,
        }
        self._send({"resOpFailedEvent": failed}, is_recorded=_is_recorded(step))

    def diagnostic(
        self, severity: str, message: str, urn: str = "", *, stream_id: int = 0, is_ephemeral: bool = False
    ) -> None:
        """Something is said to people."""
        event: JsonObject = {}
        if urn:
            event["urn"] = urn
        if severity not in ("info", "info#err"):
            event["prefix"] = f"{severity}: "
        text = _CONTROL_CODES.sub("", message)
        event["message"] = text if text.endswith("\n") else f"{text}\n"
        event["color"] = self._color
        event["severity"] = severity
        if stream_id:
            event["streamID"] = stream_id
        if is_ephemeral:
            event["ephemeral"] = True
        self._send({"diagnosticEvent": event}, is_recorded=not is_ephemeral and severity != "debug")

    def error(self, message: str, urn: str = "") -> None:
        """Something failed."""
        self.diagnostic("error", message, urn)

    def warning(self, message: str, urn: str = "") -> None:
        """Something deserves attention."""
        self.diagnostic("warning", message, urn)

    def info(self, message: str, urn: str = "") -> None:
        """Something is worth knowing."""
        self.diagnostic("info", message, urn)

    def summary(self, *, succeeded: bool, maybe_corrupt: bool) -> None:
        """The run ends."""
        summary: JsonObject = {
            "maybeCorrupt": maybe_corrupt,
            "durationSeconds": math.ceil(time.monotonic() - self._started_seconds),
            "resourceChanges": dict(self.changes),
            "PolicyPacks": {},
            "isPreview": self._is_preview,
            "result": "succeeded" if succeeded else "failed",
        }
        self._send({"summaryEvent": summary})

    def cancel(self) -> None:
        """No event follows."""
        self._send({"cancelEvent": {}}, is_recorded=False)

    def _payload(self, step: Step, op: Op) -> JsonObject:
        payload: JsonObject = {"metadata": step_metadata(step, op)}
        if self._is_preview:
            payload["planning"] = True
        return payload

    def _send(self, event: JsonObject, *, is_recorded: bool = True) -> None:
        self._sink(event, is_recorded)


def _is_recorded(step: Step) -> bool:
    return not step.is_hidden and not step.is_untargeted


def _has_new_outputs(step: Step) -> bool:
    old, new = step.old, step.new
    return old is not None and new is not None and not equal(old.outputs, new.outputs)
