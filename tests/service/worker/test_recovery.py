"""After a worker's death the environment is carried on: in the cloud, nothing is made twice."""

import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import yaml

from service.core.ids import EnvironmentId, OperationId
from service.engine.choice import REPOSITORY_ROOT
from tests.service.worker.live import Live, descendants, eventually, gone

REAL_WORKER = "tests.service.worker.real_worker"
EXAMPLE = REPOSITORY_ROOT / "examples" / "minimal.ecs.yaml"


def in_the_cloud(store: Path) -> list[tuple[str, str]]:
    """Return type and id of everything that stands in the simulated cloud by an engine's doing."""
    with closing(sqlite3.connect(store / "cloud.sqlite3")) as database:
        rows = database.execute("SELECT type, id FROM resources WHERE made_by IS NULL ORDER BY type, id")
        return [(str(kind), str(identifier)) for kind, identifier in rows]


def in_the_state(live: Live) -> list[tuple[str, str]]:
    """Return type and id of every resource of the recorded state that a provider made."""
    rows = live.records.rows(
        "SELECT type, provider_id FROM resources WHERE is_custom AND NOT is_external"
        " AND type NOT LIKE 'pulumi:%%' ORDER BY type, provider_id"
    )
    return sorted((str(row["type"]), str(row["provider_id"])) for row in rows)


def create(live: Live) -> tuple[EnvironmentId, OperationId]:
    document = yaml.safe_load(EXAMPLE.read_text())
    answer = httpx.post(f"{live.url}/v1/environments", json=document).raise_for_status().json()
    return answer["environment"]["id"], answer["operation"]["id"]


def start(live: Live, environment_id: EnvironmentId, kind: str) -> OperationId:
    url = f"{live.url}/v1/environments/{environment_id}/operations"
    return httpx.post(url, json={"kind": kind}).raise_for_status().json()["operation"]["id"]


def test_next_deploy_carries_on(live: Live) -> None:
    """A worker killed mid-deploy leaves an interrupted operation; the next deploy makes nothing twice."""
    store = live.data_dir / "cloud"
    worker = live.start_worker(REAL_WORKER, BERTH_SANDBOX_LATENCY="demo")
    environment_id, operation_id = create(live)
    live.wait_for_event(operation_id, "resource_finished", 15)
    below = descendants(worker)
    worker.kill()
    worker.wait()
    eventually(lambda: gone(below), "runners, engines and the cloud to end")
    live.start_worker(REAL_WORKER)
    ended = live.wait_for_end(operation_id)
    assert ended["state"] == "interrupted"
    deploy = live.wait_for_end(start(live, environment_id, "deploy"))
    assert (deploy["state"], deploy["failure"]) == ("succeeded", None)
    assert in_the_cloud(store) == in_the_state(live)
    destroy = live.wait_for_end(start(live, environment_id, "destroy"))
    assert (destroy["state"], destroy["failure"]) == ("succeeded", None)
    assert in_the_cloud(store) == []
    assert live.records.environment(environment_id)["status"] == "destroyed"
