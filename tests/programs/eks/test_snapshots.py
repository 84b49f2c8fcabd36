"""A reviewable picture of each example's plan; `BERTH_UPDATE_SNAPSHOTS=1` redraws them."""

import json
import os
from pathlib import Path

import pytest

from tests.programs.eks.plans import EXAMPLES, plan_of
from tests.programs.recording import Recording

_SNAPSHOTS = Path(__file__).parent / "snapshots"
_LEFT_OUT = frozenset({"tags", "__defaults", "tagSpecifications"})


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


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_plan_of_an_example_is_as_reviewed(name: str) -> None:
    """An example's plan changes only when somebody means it to."""
    drawn, path = _picture(plan_of(name)), _SNAPSHOTS / f"{name}.json"
    if os.environ.get("BERTH_UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(drawn)
    assert path.read_text() == drawn, (
        "see the difference; redraw with BERTH_UPDATE_SNAPSHOTS=1 if it is meant"
    )
