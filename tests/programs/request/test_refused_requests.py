"""What holds for every refusal, and what one cloud alone refuses."""

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError

from programs.facts import Cloud
from programs.request import parse_request
from programs.request.rules.meshes import cloud_problems
from tests.programs.request.refusals import ECS, errors_of, web


def test_all_problems_are_told_at_once() -> None:
    """A request with several faults gets all of them in one answer."""
    document: dict[str, Any] = deepcopy(web(memory_mib=600, env={"DB_PASSWORD": "x"}))
    document["capacity"] = {"fargate": {"weight": 10}, "ec2": {"min": 3, "max": 2}}
    assert {loc[-1] for loc in errors_of(document)} == {"memory_mib", "DB_PASSWORD", "max"}


def test_refusals_do_not_repeat_the_input() -> None:
    """What a person wrote may hold a secret, so the error's text does not contain it."""
    with pytest.raises(ValidationError) as refused:
        parse_request(web(env={"DB_PASSWORD": "hunter2-hunter2"}))
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(("orchestrator", "successor"), [("ecs", "service_connect"), ("eks", "vpc_lattice")])
def test_app_mesh_is_for_the_sandbox_alone(orchestrator: str, successor: str) -> None:
    """AWS ended App Mesh: such a request is accepted for the sandbox and refused for AWS with the way out."""
    request = parse_request({**ECS, "orchestrator": orchestrator, "mesh": {"kind": "app_mesh"}})
    assert cloud_problems(request, Cloud.SANDBOX) == ()
    (problem,) = cloud_problems(request, Cloud.AWS)
    assert problem.loc == ("mesh", "kind")
    assert successor in problem.message
