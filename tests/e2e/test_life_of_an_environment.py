"""The life of the shop, from request to removal, through the real processes."""

from collections import Counter
from pathlib import Path

import psycopg
import pytest
import yaml

from sandbox.cloud.control import CloudControl
from service.cli.answers import OperationAnswer
from service.cli.approvals import approve_if_waiting
from service.events.model import Diagnostic, ResourceFinished, StateChanged, StepAction
from service.operations.states import OperationState
from tests.e2e.conftest import Berth

VOLUME = "aws:ebs/volume:Volume"
EXAMPLES = Path(__file__).parents[2] / "examples"


def _follow(berth: Berth, operation: OperationAnswer) -> tuple[OperationAnswer, list[object]]:
    """Follow an operation to its end, checking that no event is missing or doubled."""
    events = list(berth.client.follow_events(operation.id))
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    ended = berth.client.get_operation(operation.id)
    assert ended.state is OperationState.SUCCEEDED, ended.failure
    assert isinstance(events[-1].payload, StateChanged)
    return ended, [event.payload for event in events]


def _finished(payloads: list[object]) -> dict[str, StepAction]:
    return {
        payload.name: payload.action
        for payload in payloads
        if isinstance(payload, ResourceFinished) and payload.action is not StepAction.SAME
    }


@pytest.mark.parametrize(
    "example", [pytest.param("minimal.ecs.yaml", marks=pytest.mark.slow), "shop.ecs.yaml"]
)
def test_an_environment_is_deployed_recorded_changed_and_destroyed(berth: Berth, example: str) -> None:
    """A request becomes resources and records; an unchanged deploy changes nothing; destroy leaves none."""
    document = yaml.safe_load((EXAMPLES / example).read_text())
    accepted = berth.client.create_environment(document)
    environment_id = accepted.environment.id

    deployed, _ = _follow(berth, accepted.operation)
    assert deployed.changes is not None
    assert deployed.changes.create > 10
    assert berth.client.find_environment(environment_id).status == "ready"
    outputs = {output.name: output.value for output in berth.client.list_outputs(environment_id)}
    assert str(outputs["url"]).startswith("http")
    resources = list(berth.client.list_resources(environment_id))
    with psycopg.connect(berth.database_url) as connection:
        recorded = connection.execute(
            "SELECT resource_count FROM state_versions WHERE operation_id = %s", (deployed.id,)
        ).fetchone()
    assert recorded == (len(resources),)

    again, payloads = _follow(berth, berth.client.start_operation(environment_id, "deploy").operation)
    assert again.changes is not None
    assert again.changes.same == deployed.changes.create + deployed.changes.same
    assert _finished(payloads) == {}

    volume = _leave_a_volume(berth, environment_id)
    asked = approve_if_waiting(berth.client, berth.client.destroy_environment(environment_id).operation)
    destroyed, told = _follow(berth, asked)
    assert destroyed.changes is not None
    assert destroyed.changes.delete == deployed.changes.create
    assert list(berth.client.list_resources(environment_id)) == []
    assert berth.client.find_environment(environment_id).status == "destroyed"
    assert [(one.resource_type, one.id) for one in destroyed.leftovers or []] == [(VOLUME, volume)]
    warnings = [one.message for one in told if isinstance(one, Diagnostic) and one.severity == "warning"]
    assert [VOLUME in message and volume in message for message in warnings] == [True]


def _leave_a_volume(berth: Berth, environment_id: str) -> str:
    """Make a volume with the environment's tag, as a controller does that nobody asks to clean up."""
    cloud = CloudControl(berth.data_dir.resolve() / "cloud")
    volume = f"vol-{environment_id[-17:]}"
    cloud.make(VOLUME, volume, {"tags": {"berth:environment-id": environment_id}})
    cloud.close()
    return volume


def test_a_new_image_tag_changes_its_task_definition_and_service_only(berth: Berth) -> None:
    """Changing the backend's tag touches the backend's task definition and service, nothing else."""
    document = yaml.safe_load((EXAMPLES / "shop.ecs.yaml").read_text())
    accepted = berth.client.create_environment(document)
    _follow(berth, accepted.operation)
    environment = berth.client.find_environment(accepted.environment.id)

    backend = next(workload for workload in document["workloads"] if workload["name"] == "backend")
    backend["image"]["tag"] = "v2.2.0"
    changed = berth.client.change_environment(environment, {"workloads": document["workloads"]})
    _, payloads = _follow(berth, changed.operation)

    types = Counter(
        payload.resource_type
        for payload in payloads
        if isinstance(payload, ResourceFinished)
        and payload.action in {StepAction.CREATE, StepAction.UPDATE, StepAction.REPLACE, StepAction.DELETE}
    )
    assert set(types) == {"aws:ecs/taskDefinition:TaskDefinition", "aws:ecs/service:Service"}
