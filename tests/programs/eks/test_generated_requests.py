"""Properties that hold for any request that validation accepts."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.programs.eks.plans import pod_specs
from tests.programs.recording import Recording, plan
from tests.programs.strategies.documents import Document
from tests.programs.strategies.eks import eks_documents

_COUNTS = [pytest.param(1, id="one"), pytest.param(50, id="many", marks=pytest.mark.slow)]


def _pictures(recording: Recording) -> dict[str, object]:
    return {f"{one.type}::{one.name}": one.inputs for one in recording.custom()}


@pytest.mark.parametrize("count", _COUNTS)
def test_the_program_makes_whatever_validation_accepts(count: int) -> None:
    """No accepted request makes the program fail, and a second plan is the first one again."""
    requests = settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    requests(given(document=eks_documents())(_check))()


def _check(document: Document) -> None:
    first, second = plan(document), plan(document)
    assert _pictures(first) == _pictures(second)
    made = [one for one in first.resources if one.type != "pulumi:pulumi:Stack"]
    # What makes a URN: the types of a resource and of its parents, and its name.
    urns = [(one.parent.rpartition("::")[0], one.type, one.name) for one in made]
    assert len(urns) == len(set(urns))
    for owner, spec in pod_specs(first):
        containers = [*spec["containers"], *spec.get("initContainers", [])]
        assert len({one["name"] for one in containers}) == len(containers), owner.name
        assert all(one["securityContext"]["capabilities"]["drop"] == ["ALL"] for one in containers)
