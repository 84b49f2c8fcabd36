"""What happens to an environment after its first deploy: drift, restore, import, adoption. Real processes."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import yaml

from service.cli.answers import OperationAnswer
from service.events.model import ResourceFinished, ResourceStarted, StepAction
from service.operations.states import OperationState
from tests.e2e.conftest import Berth

EXAMPLES = Path(__file__).parents[2] / "examples"


def cloud(berth: Berth, command: str, *arguments: str) -> str:
    """Look at or change the simulated cloud behind Pulumi's back."""
    store = ["--store", str(berth.data_dir / "cloud")]
    line = [sys.executable, "-m", "sandbox.cloud", command, *store, *arguments]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def ended(berth: Berth, operation: OperationAnswer) -> OperationAnswer:
    """Follow an operation that must succeed to its end."""
    for _ in berth.client.follow_events(operation.id):
        pass
    operation = berth.client.get_operation(operation.id)
    assert operation.state is OperationState.SUCCEEDED, operation.failure
    return operation


def run(berth: Berth, environment_id: str, kind: str, **options: Any) -> OperationAnswer:  # noqa: ANN401
    return ended(berth, berth.client.start_operation(environment_id, kind, options).operation)


def deployed(berth: Berth, name: str, **members: object) -> str:
    """Deploy the small example under a name and return the environment's id."""
    document = {**yaml.safe_load((EXAMPLES / "minimal.ecs.yaml").read_text()), "name": name, **members}
    accepted = berth.client.create_environment(document)
    ended(berth, accepted.operation)
    return accepted.environment.id


def standing(berth: Berth, environment_id: str, type_: str) -> dict[str, Any]:
    """The one resource of a type that stands in the cloud for an environment."""
    tag = f"--tag=berth:environment-id={environment_id}"
    (found,) = json.loads(cloud(berth, "show", "--json", tag, "--type", type_))
    return found


def test_drift_is_found_put_right_and_never_confused_with_an_autoscalers_work(berth: Berth) -> None:
    """Drift is told by resource and property; a refreshing deploy puts it right, a plain one misses it."""
    document = yaml.safe_load((EXAMPLES / "minimal.ecs.yaml").read_text())
    document["workloads"][0] |= {"replicas": {"min": 1, "max": 4}, "scaling": {"cpu_percent": 60}}
    environment_id = deployed(berth, "drifting", workloads=document["workloads"])
    versions = berth.client.get_operation(
        berth.client.find_environment(environment_id).last_operation_id or ""
    ).state_version

    service = standing(berth, environment_id, "aws:ecs/service:Service")
    cloud(berth, "set", service["id"], "desiredCount=3", "--type", "aws:ecs/service:Service")
    run(berth, environment_id, "detect_drift")
    (report,) = berth.client.list_drift_reports(environment_id)
    assert not report.is_drifted, report

    group = standing(berth, environment_id, "aws:lb/targetGroup:TargetGroup")
    cloud(berth, "set", group["id"], "deregistrationDelay=7")
    looked = run(berth, environment_id, "detect_drift")
    assert looked.state_version is None
    report = next(berth.client.list_drift_reports(environment_id))
    assert report.state_version == versions
    (resource,) = report.resources
    assert resource.resource_type == "aws:lb/targetGroup:TargetGroup"
    (difference,) = [one for one in resource.properties if one.path == "deregistrationDelay"]
    assert difference.actual == "7"
    assert difference.recorded not in {None, "7"}
    (fleet,) = berth.client.list_fleet_drift(drifted="true")
    assert (fleet.drifted_count, fleet.gone_count, fleet.is_current) == (1, 0, True)

    plain = run(berth, environment_id, "deploy")
    assert plain.changes is not None
    assert plain.changes.update == 0
    put_right = run(berth, environment_id, "deploy", refresh=True)
    assert put_right.changes is not None
    assert put_right.changes.update == 1
    assert (
        standing(berth, environment_id, "aws:lb/targetGroup:TargetGroup")["properties"]["deregistrationDelay"]
        != 7
    )

    cloud(berth, "delete", group["id"])
    run(berth, environment_id, "detect_drift")
    report = next(berth.client.list_drift_reports(environment_id))
    assert [one.name for one in report.resources if one.is_gone] == [resource.name]
    (fleet,) = berth.client.list_fleet_drift()
    assert (fleet.gone_count, fleet.is_current) == (1, True)


def test_states_are_restored_imported_and_existing_resources_adopted(berth: Berth) -> None:
    """An older version comes back as a new one, an exported state is taken in, and what stands is adopted."""
    environment_id = deployed(berth, "restored")
    environment = berth.client.find_environment(environment_id)
    resources = {one.urn for one in berth.client.list_resources(environment_id)}
    address = f"{berth.url}/api/stacks/{environment.team}/environments/{environment.name}"
    exported = httpx.get(f"{address}/export", headers={"Authorization": "token any"}).json()

    empty = {"version": 3, "deployment": {"manifest": exported["deployment"]["manifest"], "resources": []}}
    ended(berth, berth.client.import_state(environment_id, empty).operation)
    assert list(berth.client.list_resources(environment_id)) == []

    restored = run(berth, environment_id, "restore", state_version=1)
    assert {one.urn for one in berth.client.list_resources(environment_id)} == resources
    assert restored.state_version is not None
    assert restored.state_version > 2

    elsewhere = json.loads(
        json.dumps(exported).replace(f":{environment.name}::environments", ":old::elsewhere")
    )
    ended(berth, berth.client.import_state(environment_id, elsewhere).operation)
    assert {one.urn for one in berth.client.list_resources(environment_id)} == resources
    same = run(berth, environment_id, "deploy")
    assert same.changes is not None
    assert (same.changes.create, same.changes.update, same.changes.delete) == (0, 0, 0)

    ended(berth, berth.client.import_state(environment_id, empty).operation)
    cluster = standing(berth, environment_id, "aws:ecs/cluster:Cluster")
    planned = berth.client.start_operation(environment_id, "preview").operation
    names = [
        event.payload.name
        for event in berth.client.follow_events(planned.id)
        if isinstance(event.payload, ResourceStarted)
        and event.payload.resource_type == "aws:ecs/cluster:Cluster"
    ]
    adoption = {"type": "aws:ecs/cluster:Cluster", "name": names[0], "id": cluster["properties"]["name"]}
    preview = berth.client.start_operation(environment_id, "preview", {"adopt": [adoption]}).operation
    steps = [
        (event.payload.name, event.payload.action)
        for event in berth.client.follow_events(preview.id)
        if isinstance(event.payload, ResourceFinished)
    ]
    assert (names[0], StepAction.IMPORT) in steps
    assert StepAction.CREATE in {action for _, action in steps}

    adoption["name"] = "nobody"
    refused = berth.client.start_operation(environment_id, "preview", {"adopt": [adoption]}).operation
    for _ in berth.client.follow_events(refused.id):
        pass
    failure = berth.client.get_operation(refused.id).failure
    assert failure is not None
    assert failure.code == "nothing_adopted"
