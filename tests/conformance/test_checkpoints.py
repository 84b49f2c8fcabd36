"""What a stack's checkpoints say after each stage of an eventful life, the same from whichever engine."""

import json
import os
from pathlib import Path

import pytest

from tests.conformance.cloud import Json, serve
from tests.conformance.conftest import engine_command
from tests.conformance.lab import Lab
from tests.conformance.leftovers import leftovers_closed
from tests.conformance.recorded_life import STAGES, begin, comparable

RECORDED = Path(__file__).parent / "recorded"


def _live(lab: Lab) -> list[dict[str, Json]]:
    """The comparable checkpoints of one whole life, secrets in clear."""
    stack = begin(lab)
    exported: list[dict[str, Json]] = []
    for stage in STAGES:
        stage(lab, stack)
        exported.append(stack.export_stack().deployment)
    return comparable(exported)


def _document(stage: str) -> Path:
    return RECORDED / f"{stage}.json"


def test_checkpoints_are_as_recorded(lab: Lab, engine: str, kept_by: dict[str, str]) -> None:
    """After each stage the checkpoint says of every resource what the official engine once said.

    With BERTH_RECORD_CHECKPOINTS set, the official engine's run writes what is expected.
    """
    lab.environment = kept_by
    lived = dict(zip([stage.__name__ for stage in STAGES], _live(lab), strict=True))
    if engine == "official" and "BERTH_RECORD_CHECKPOINTS" in os.environ:
        for name, checkpoint in lived.items():
            _document(name).write_text(json.dumps(checkpoint, indent=1, sort_keys=True) + "\n")
    for name, checkpoint in lived.items():
        assert checkpoint == json.loads(_document(name).read_text()), f"after {name}"


@pytest.mark.official_engine
def test_both_engines_write_the_same_checkpoints(tmp_path: Path) -> None:
    """The same life at the hands of either engine leaves the same checkpoints, resource by resource."""
    lives: list[list[dict[str, Json]]] = []
    for name in ("sandbox", "official"):
        root = tmp_path / name
        (root / "state").mkdir(parents=True)
        served = serve()
        with leftovers_closed():
            lives.append(_live(Lab(engine_command(name), served, root)))
            served.stop()
    for stage, ours, theirs in zip(STAGES, *lives, strict=True):
        assert ours == theirs, f"after {stage.__name__}"
