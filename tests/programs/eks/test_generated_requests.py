"""Properties that hold for any request that validation accepts."""

from hypothesis import HealthCheck, given, settings

from tests.programs.eks.plans import plan, pod_specs
from tests.programs.recording import Recording
from tests.programs.requests_strategies import Document, eks_documents

_few = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


def _pictures(recording: Recording) -> dict[str, object]:
    return {f"{one.type}::{one.name}": one.inputs for one in recording.custom()}


@given(document=eks_documents())
@_few
def test_the_program_makes_whatever_validation_accepts(document: Document) -> None:
    """No accepted request makes the program fail, and a second plan is the first one again."""
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
