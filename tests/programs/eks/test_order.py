"""What is there before what."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from tests.programs.eks.plans import DOCUMENTS, in_cluster, plan_of
from tests.programs.recording import Registered


def _metadata(resource: Registered) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", resource.inputs.get("metadata") or {})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_in_a_namespace_is_made_after_it(name: str) -> None:
    """Nothing is made in a namespace of the program's own that need not be there yet."""
    recording = plan_of(name)
    made = in_cluster(recording)
    urns = {_metadata(one)["name"]: one.urn for one in made if one.inputs.get("kind") == "Namespace"}
    for resource in made:
        namespace = _metadata(resource).get("namespace")
        if namespace in urns:
            assert urns[namespace] in recording.before(resource), resource.name
