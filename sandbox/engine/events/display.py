"""Shows a run in lines of text, or a preview as one JSON document."""

from sandbox.engine.commands.output import say, say_json
from sandbox.engine.state.json_values import Json, JsonObject, child, flag, number, text
from sandbox.engine.urn import name_of, type_of

_SIGNS = {
    "create": " +  ",
    "update": " ~  ",
    "delete": " -  ",
    "replace": "+-  ",
    "create-replacement": "++  ",
    "delete-replaced": "--  ",
    "read": ">>  ",
    "refresh": " ~  ",
    "import": " =  ",
}
_DONE = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    "replace": "replaced",
    "create-replacement": "created replacement",
    "delete-replaced": "deleted original",
    "same": "unchanged",
    "read": "read",
    "import": "imported",
}
_PLANNED = {
    "create": "create",
    "update": "update",
    "delete": "delete",
    "replace": "replace",
    "import": "import",
}
_PARTS = frozenset(
    {"replace", "create-replacement", "delete-replaced", "read-replacement", "discard-replaced"}
)


class Display:
    """Writes what happens to standard output."""

    def __init__(
        self, stack: str, *, is_preview: bool, shows_json: bool, shows_outputs: bool, shows_progress: bool
    ) -> None:
        """Take what to show."""
        self._stack = stack
        self._is_preview = is_preview
        self._shows_json = shows_json
        self._shows_outputs = shows_outputs
        self._shows_progress = shows_progress
        self._diagnostics: list[JsonObject] = []
        self._steps: list[Json] = []
        self._outputs: JsonObject = {}
        self._summary: JsonObject = {}

    def show(self, event: JsonObject) -> None:
        """Take an event in, and show it at once where it says something new."""
        for kind in ("resourcePreEvent", "resOutputsEvent"):
            if kind in event:
                self._show_step(child(child(event, kind), "metadata"), has_ended=kind == "resOutputsEvent")
        if "diagnosticEvent" in event:
            diagnostic = child(event, "diagnosticEvent")
            if text(diagnostic, "severity") != "debug" and not flag(diagnostic, "ephemeral"):
                self._diagnostics.append(diagnostic)
        if "summaryEvent" in event:
            self._summary = child(event, "summaryEvent")

    def _show_step(self, metadata: JsonObject, *, has_ended: bool) -> None:
        op, urn = text(metadata, "op"), text(metadata, "urn")
        if has_ended and type_of(urn) == "pulumi:pulumi:Stack":
            self._outputs = child(child(metadata, "new"), "outputs")
        if not has_ended and _is_listed(metadata):
            step: JsonObject = {"op": op, "urn": urn, "provider": text(metadata, "provider")}
            step.update({key: child(metadata, key) for key in ("old", "new") if metadata.get(key)})
            self._steps.append(step)
        if self._shows_json or not self._shows_progress or op not in _SIGNS:
            return
        words = _PLANNED if self._is_preview else _DONE
        if self._is_preview == has_ended:
            return
        say(f"{_SIGNS[op]}{type_of(urn)} {name_of(urn)} {words.get(op, op)}")

    def finish(self) -> None:
        """Show what is known at the end."""
        if self._shows_json:
            changes: JsonObject = {
                "steps": self._steps,
                "diagnostics": [*self._diagnostics],
                "duration": int(number(self._summary, "durationSeconds")) * 10**9,
                "changeSummary": child(self._summary, "resourceChanges"),
                "maybeCorrupt": flag(self._summary, "maybeCorrupt"),
            }
            say_json(changes)
            return
        if self._diagnostics:
            say("Diagnostics:")
            for diagnostic in self._diagnostics:
                self._show_diagnostic(diagnostic)
        if self._shows_outputs and self._outputs and not self._is_preview:
            say("Outputs:")
            for key, value in self._outputs.items():
                say(
                    f"    {key}: {'[secret]' if isinstance(value, dict) and 'ciphertext' in value else value}"
                )
        self._show_summary()

    def _show_diagnostic(self, diagnostic: JsonObject) -> None:
        urn = text(diagnostic, "urn")
        say(f"  {type_of(urn)} ({name_of(urn)}):" if urn else f"  pulumi:pulumi:Stack ({self._stack}):")
        for line in f"{text(diagnostic, 'prefix')}{text(diagnostic, 'message')}".splitlines():
            say(f"    {line}")
        say()

    def _show_summary(self) -> None:
        say("Resources:")
        changes = child(self._summary, "resourceChanges")
        for op in sorted(changes):
            word = f"to {op}" if self._is_preview and op != "same" else _DONE.get(op, op)
            say(f"    {_SIGNS.get(op, '    ').strip() or ' '} {int(number(changes, op))} {word}")
        say(f"Duration: {int(number(self._summary, 'durationSeconds'))}s")


def _is_listed(metadata: JsonObject) -> bool:
    """Whether a document of steps names one: parts of replacements and what stays as it is are left out."""
    op = text(metadata, "op")
    if op == "same":
        return flag(child(metadata, "old"), "protect") != flag(child(metadata, "new"), "protect")
    return flag(metadata, "logical") or op not in _PARTS
