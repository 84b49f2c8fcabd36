"""A reviewable picture of a plan, held against the one that somebody reviewed."""

import json
import os
from pathlib import Path

from tests.programs.recording import Recording

_LEFT_OUT = frozenset({"tags", "__defaults", "tagSpecifications"})


def check_picture(recording: Recording, path: Path) -> None:
    """Fail unless the plan looks as reviewed in `path`; `BERTH_UPDATE_SNAPSHOTS=1` redraws it first."""
    drawn = _picture(recording)
    if os.environ.get("BERTH_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn)
    assert path.read_text() == drawn, (
        "see the difference; redraw with BERTH_UPDATE_SNAPSHOTS=1 if it is meant"
    )


def _picture(recording: Recording) -> str:
    """Return types, names and properties; tags are looked at by a test of their own."""
    resources = {
        f"{resource.type} {resource.name}": {
            key: _readable(value) for key, value in sorted(resource.inputs.items()) if key not in _LEFT_OUT
        }
        for resource in sorted(recording.custom(), key=lambda one: (one.type, one.name))
    }
    return json.dumps({"resources": resources, "outputs": recording.outputs}, indent=1, sort_keys=True) + "\n"


def _readable(value: object) -> object:
    """Documents that travel as text are shown as what they say."""
    if isinstance(value, str) and value.startswith(("{", "[")):
        return json.loads(value)
    return value
