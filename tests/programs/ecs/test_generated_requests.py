"""Properties that hold for any request that validation accepts."""

import json
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings

from tests.programs.recording import Recording, plan
from tests.programs.strategies.documents import Document
from tests.programs.strategies.ecs import ecs_documents

_COUNTS = [pytest.param(1, id="one"), pytest.param(50, id="many", marks=pytest.mark.slow)]


def _pictures(recording: Recording) -> dict[str, object]:
    return {f"{one.type}::{one.name}": one.inputs for one in recording.custom()}


@pytest.mark.parametrize("count", _COUNTS)
def test_the_program_makes_whatever_validation_accepts(count: int) -> None:
    """No accepted request makes the program fail, and a second plan is the first one again."""
    requests = settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))
    requests(given(document=ecs_documents())(_check))()


def _check(document: Document) -> None:
    first, second = plan(document), plan(document)
    assert _pictures(first) == _pictures(second)
    made = [one for one in first.resources if not one.type.startswith("pulumi:")]
    names = [(one.type, one.name, one.parent) for one in made]
    assert len(names) == len(set(names))
    _check_is_closed_and_encrypted(first)


def _check_is_closed_and_encrypted(recording: Recording) -> None:
    """Private tasks, encrypted logs, one family to a strategy, whatever was asked for."""
    for service in recording.of_type("aws:ecs/service:Service"):
        network = cast("Mapping[str, object]", service.inputs["networkConfiguration"])
        shares = cast("list[Mapping[str, object]]", service.inputs["capacityProviderStrategies"])
        assert network["assignPublicIp"] is False
        assert len({str(one["capacityProvider"]).startswith("FARGATE") for one in shares}) == 1
    for group in recording.of_type("aws:cloudwatch/logGroup:LogGroup"):
        assert group.inputs["kmsKeyId"]
    for task in recording.of_type("aws:ecs/taskDefinition:TaskDefinition"):
        names = [one["name"] for one in json.loads(str(task.inputs["containerDefinitions"]))]
        assert len(names) == len(set(names))
