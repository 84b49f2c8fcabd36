"""What a worker makes of calls of the cloud that go wrong, asked and told over the API."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sandbox.cloud.store.database import Database
from sandbox.cloud.store.faults import Fault, FaultKind, Faults, Operation
from service.core.ids import EnvironmentId
from service.core.unit_of_work import UnitOfWorkFactory
from tests.service.worker.live import Live
from tests.service.worker.rows import add_environment

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
WORKER = "tests.chaos.groups_worker"
WORKLOAD = {"name": "web", "image": "registry.test/web:1.0", "replicas": {"desired": 2}}
REQUEST: dict[str, object] = {
    "name": "faults",
    "team": "shop",
    "orchestrator": "ecs",
    "workloads": [WORKLOAD],
}
AGAIN = "tried again in 5 s"


@pytest.fixture
def database_url(module_database_url: str) -> str:
    """The database that the API of these tests uses."""
    return module_database_url


@pytest.fixture
def api(live: Live) -> Iterator[httpx.Client]:
    """A client of the API beside a worker of few patience."""
    live.start_worker(WORKER, BERTH_TRANSIENT_RETRIES="1")
    with httpx.Client(base_url=live.url, timeout=90) as client:
        yield client


@pytest.fixture
async def environment_id(live: Live, uow_factory: UnitOfWorkFactory) -> EnvironmentId:
    """An environment of two log groups that nothing was done to yet."""
    environment_id = await add_environment(uow_factory)
    live.records.set_environment_request(environment_id, REQUEST)
    return environment_id


def will_fail(live: Live, operation: Operation, kind: FaultKind, *, times: int = 1) -> None:
    store: Path = live.data_dir / "cloud"
    database = Database(store)
    Faults(database).clear()
    Faults(database).add(Fault(LOG_GROUP, operation, kind, times=times))
    database.close()


def run(api: httpx.Client, path: str, body: object = None) -> dict[str, object]:
    """Start an operation and return it when it has ended."""
    answer = api.post(path, json=body)
    assert answer.status_code == 202, answer.text
    operation = answer.json()["operation"]
    while operation["finished_at"] is None:
        operation = api.get(f"/v1/operations/{operation['id']}", params={"wait": 30}).json()
    return operation


def said(api: httpx.Client, operation: dict[str, object]) -> list[str]:
    events = api.get(f"/v1/operations/{operation['id']}/events").json()["items"]
    return [event["payload"]["message"] for event in events if event["payload"]["type"] == "diagnostic"]


def test_failed_destroy_is_retried(live: Live, api: httpx.Client, environment_id: EnvironmentId) -> None:
    """A destroy that the cloud refuses leaves `destroy_failed`; a retry over the API destroys the rest."""
    path = f"/v1/environments/{environment_id}"
    assert run(api, f"{path}/operations", {"kind": "deploy"})["state"] == "succeeded"
    will_fail(live, Operation.DELETE, FaultKind.ERROR)
    failed = run(api, f"{path}/operations", {"kind": "destroy"})
    assert failed["state"] == "failed"
    shown = api.get(path).json()
    assert (shown["status"], shown["destroyed_at"]) == ("destroy_failed", None)
    retried = run(api, f"/v1/operations/{failed['id']}/retry")
    assert (retried["kind"], retried["state"], retried["retry_of"]) == ("destroy", "succeeded", failed["id"])
    assert api.get(path).json()["status"] == "destroyed"
    refused = api.post(f"/v1/operations/{failed['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (409, "environment_destroyed")


def test_throttling_is_tried_again(live: Live, api: httpx.Client, environment_id: EnvironmentId) -> None:
    """A throttled call is tried again after a pause, within the same operation, which then succeeds."""
    will_fail(live, Operation.CREATE, FaultKind.THROTTLE)
    deploy = run(api, f"/v1/environments/{environment_id}/operations", {"kind": "deploy"})
    assert (deploy["state"], deploy["failure"]) == ("succeeded", None)
    assert sum(AGAIN in message for message in said(api, deploy)) == 1
    assert len(live.records.resources(environment_id)) == 4


def test_throttling_without_end_fails(live: Live, api: httpx.Client, environment_id: EnvironmentId) -> None:
    """After as many attempts as are configured the operation has failed, and may be retried by hand."""
    will_fail(live, Operation.CREATE, FaultKind.THROTTLE, times=-1)
    deploy = run(api, f"/v1/environments/{environment_id}/operations", {"kind": "deploy"})
    failure = deploy["failure"]
    assert isinstance(failure, dict)
    assert (deploy["state"], failure["code"], failure["retryable"]) == ("failed", "throttled", True)
    assert sum(AGAIN in message for message in said(api, deploy)) == 1


def test_program_error_is_not_tried_again(
    live: Live, api: httpx.Client, environment_id: EnvironmentId
) -> None:
    """What a program raises is no matter of time: one attempt, and the operation has failed."""
    live.records.set_environment_request(environment_id, {**REQUEST, "workloads": []})
    deploy = run(api, f"/v1/environments/{environment_id}/operations", {"kind": "deploy"})
    failure = deploy["failure"]
    assert isinstance(failure, dict)
    assert (deploy["state"], failure["code"]) == ("failed", "program_error")
    assert not any("tried again" in message for message in said(api, deploy))
