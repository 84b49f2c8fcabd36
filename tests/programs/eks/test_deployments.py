"""Environments deployed for real: an engine, the simulated AWS and cluster, and nothing in between."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs.ecs.test_deployments import Lab, _cloud, _destroy, _live_through
from tests.programs.eks.plans import DOCUMENTS, EXAMPLES
from tests.programs.eks.variants import request, web

_NEEDS_SOMETHING_THERE = frozenset({"existing network, internal"})
_DEPLOYABLE = sorted(DOCUMENTS.keys() - _NEEDS_SOMETHING_THERE)


def _what_stands(store: Path) -> str:
    """What the simulated cloud still holds, controllers' own makings included."""
    command = [sys.executable, "-m", "sandbox.cloud", "show", "--store", str(store)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_an_environment_is_made_kept_changed_and_destroyed(tmp_path: Path) -> None:
    """The second deployment keeps everything, another image changes one Deployment, nothing is left."""
    before = request(web())
    after = request(web(image="public.ecr.aws/nginx/nginx:1.28"))
    with _cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        created = lab.changes(before)["create"]
        assert lab.changes(before) == {"same": created}
        assert lab.changes(after) == {"same": created - 1, "update": 1}
        assert "loadBalancer" in _what_stands(tmp_path / "cloud")
        _destroy(lab, after)
        assert _what_stands(tmp_path / "cloud") == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", _DEPLOYABLE)
def test_every_document_lives_in_the_sandbox(name: str, tmp_path: Path) -> None:
    """Each example and each knob is deployed, kept and destroyed by the sandbox's engine."""
    with _cloud(tmp_path / "cloud") as providers:
        _live_through(Lab("sandbox", tmp_path, providers), DOCUMENTS[name])


@pytest.mark.slow
@pytest.mark.official_engine
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_lives_on_the_official_engine(name: str, tmp_path: Path) -> None:
    """Each example is deployed, kept and destroyed by the official engine, too."""
    with _cloud(tmp_path / "cloud") as providers:
        _live_through(Lab("official", tmp_path, providers), DOCUMENTS[name])
