"""An environment is paused and resumed: real processes, the command line, the simulated cloud."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.cli.answers import OperationAnswer
from service.operations.states import OperationState
from tests.e2e.conftest import Berth

EXAMPLES = Path(__file__).parents[2] / "examples"
SCALED = {"replicas": {"min": 2, "max": 4}, "scaling": {"cpu_percent": 60}}


def copies(berth: Berth, orchestrator: str) -> list[int]:
    """How many copies of the workload the simulated cloud is to run."""
    store = ["--store", str(berth.data_dir / "cloud"), "--json"]
    kind = "aws:ecs/service:Service" if orchestrator == "ecs" else "kubernetes:apps/v1:Deployment"
    line = [sys.executable, "-m", "sandbox.cloud", "show", *store, "--type", kind]
    found = json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)
    return [_copies(one["properties"]) for one in found]


def _copies(outputs: dict[str, Any]) -> int:
    return int(outputs["desiredCount"] if "desiredCount" in outputs else outputs["spec"]["replicas"])


def ended(berth: Berth, operation: OperationAnswer) -> OperationAnswer:
    for _ in berth.client.follow_events(operation.id):
        pass
    operation = berth.client.get_operation(operation.id)
    assert operation.state is OperationState.SUCCEEDED, operation.failure
    return operation


def command(berth: Berth, *arguments: str) -> Any:  # noqa: ANN401 -- what a command prints as JSON
    line = [sys.executable, "-m", "service.cli", "env", *arguments, "--json", "--url", berth.url]
    return json.loads(subprocess.run(line, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
@pytest.mark.parametrize("orchestrator", ["ecs", "eks"])
def test_an_environment_rests_and_comes_back_as_it_was(berth: Berth, orchestrator: str) -> None:
    """A pause leaves no copy and takes no resource's identity; a resume sets what an autoscaler owns."""
    document = yaml.safe_load((EXAMPLES / f"minimal.{orchestrator}.yaml").read_text())
    document["workloads"][0] |= SCALED
    accepted = berth.client.create_environment(
        {**document, "working_hours": {"start": "08:00", "end": "18:00"}}
    )
    ended(berth, accepted.operation)
    environment_id = accepted.environment.id
    assert copies(berth, orchestrator) == [2]
    changes = command(berth, "pause", environment_id)["changes"]
    assert (changes["replace"], changes["create"]) == (0, 0)
    assert copies(berth, orchestrator) == [0]
    ended(berth, berth.client.start_operation(environment_id, "deploy").operation)
    assert copies(berth, orchestrator) == [0]
    assert command(berth, "show", environment_id)["status"] == "ready"
    command(berth, "resume", environment_id)
    assert copies(berth, orchestrator) == [2]
    assert {one["kind"] for one in command(berth, "schedule", environment_id)} >= {"pause", "resume"}
    command(berth, "pause", environment_id)
    ended(berth, berth.client.destroy_environment(environment_id).operation)
    assert copies(berth, orchestrator) == []
