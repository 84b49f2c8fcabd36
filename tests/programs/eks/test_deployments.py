"""Environments on EKS deployed for real, changed and destroyed, with whatever controllers made."""

from pathlib import Path

import pytest

from tests.programs.eks.plans import DOCUMENTS
from tests.programs.eks.variants import request, web
from tests.programs.lab import Lab, cloud
from tests.programs.living import live_through


def test_an_environment_is_made_kept_changed_and_destroyed(tmp_path: Path) -> None:
    """The second deployment keeps everything, another image changes one Deployment, nothing is left."""
    before = request(web())
    after = request(web(image="public.ecr.aws/nginx/nginx:1.28"))
    with cloud(tmp_path / "cloud") as providers:
        lab = Lab("sandbox", tmp_path, providers)
        created = lab.changes(before)["create"]
        assert lab.changes(before) == {"same": created}
        assert lab.changes(after) == {"same": created - 1, "update": 1}
        assert any("loadBalancer" in one for one in lab.standing())
        lab.destroy(after)
        assert not lab.standing()


def test_an_existing_network_stands_untouched(tmp_path: Path) -> None:
    """An environment in a network that was there lives like any other, and leaves the network as it was."""
    live_through("sandbox", tmp_path, DOCUMENTS["existing network, internal"])


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_lives_in_the_sandbox(name: str, tmp_path: Path) -> None:
    """Each example and each knob is planned, deployed, kept, changed and destroyed by our own engine."""
    live_through("sandbox", tmp_path, DOCUMENTS[name])


@pytest.mark.slow
@pytest.mark.official_engine
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_lives_on_the_official_engine(name: str, tmp_path: Path) -> None:
    """Each example and each knob is planned, deployed, kept, changed and destroyed by the official engine."""
    live_through("official", tmp_path, DOCUMENTS[name])
