"""What checks see of a plan, and what holds a deploy to it, on our own engine and on the official one."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from sandbox.cloud.control import CloudControl
from service.cli.client import BerthClient
from service.cli.local_stack import LocalStack
from service.operations.states import OperationState
from service.plans.resources import PlannedResource, unpack_resources
from service.settings import Settings
from service.state.masking import MASK
from tests.e2e.conftest import Berth
from tests.e2e.wavering_runner import SECRET, THROWN
from tests.service.documents import shop
from tests.service.worker.live import Live

ENGINES = [pytest.param("sandbox"), pytest.param("official", marks=pytest.mark.official_engine)]
GUARDRAILS = (
    '{"allowed_instance_families": ["m6i"],'
    ' "levels": {"standard": {"latest_images": "mandatory", "instance_families": "approval"}}}'
)
CARELESS = {
    "image": "nginx",
    "ports": [{"port": 8080}],
    "permissions": [{"actions": ["s3:*"], "resources": ["*"]}],
}
ENDED = {"succeeded", "failed", "cancelled", "interrupted"}


@pytest.fixture(scope="module", params=ENGINES)
def berth(
    request: pytest.FixtureRequest, module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Berth]:
    """A running Berth on one of the engines, with guardrails of its own."""
    data_dir = tmp_path_factory.mktemp("berth")
    settings = Settings(database_url=SecretStr(module_database_url), data_dir=data_dir, port=0)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("BERTH_ENGINE", str(request.param))
        environment.setenv("BERTH_GUARDRAILS", GUARDRAILS)
        with LocalStack(settings) as stack, BerthClient(stack.url) as client:
            yield Berth(stack.url, client, module_database_url, data_dir)


ECS = shop(
    name="careless",
    workloads=[{"name": "web", "public": {}, **CARELESS}],
    capacity={"ec2": {"instance_types": ["c5.large"], "max": 2}},
)
EKS = shop(
    name="open",
    orchestrator="eks",
    workloads=[{"name": "web", **CARELESS}],
    cluster={
        "endpoint": {"public": True, "public_cidrs": ["0.0.0.0/0"]},
        "node_groups": {"general": {"instance_types": ["c5.large"]}},
    },
)


FOUND_EVERYWHERE = {
    ("wildcard_iam", "advisory", "workload web: its permissions allow s3:* on everything"),
}
FOUND_ON_ECS = FOUND_EVERYWHERE | {
    ("instance_families", "needs_approval", "instances-group: c5.large is not of m6i"),
    ("instance_families", "needs_approval", "instances-template: c5.large is not of m6i"),
    ("latest_images", "refused", "web-task: container web runs nginx"),
    ("wildcard_iam", "advisory", "web-task-policy: it allows s3:* on everything"),
}
FOUND_ON_EKS = FOUND_EVERYWHERE | {
    ("instance_families", "needs_approval", "general-nodes: c5.large is not of m6i"),
    ("latest_images", "refused", "web-deployment: container web runs nginx"),
    ("public_access", "advisory", "cluster-eksCluster: the Kubernetes API is open to 0.0.0.0/0"),
    ("wildcard_iam", "advisory", "web-identity-pods-policy: it allows s3:* on everything"),
}


@pytest.mark.parametrize(
    ("document", "expected"), [(ECS, FOUND_ON_ECS), (EKS, FOUND_ON_EKS)], ids=["ecs", "eks"]
)
def test_guardrails_find_the_same_on_either_engine(
    berth: Berth, document: dict[str, object], expected: set[tuple[str, str, str]]
) -> None:
    """Rules, severities and resources, word for word; a mandatory one ends the deploy untouched."""
    accepted = berth.client.create_environment(document)
    for _ in berth.client.follow_events(accepted.operation.id):
        pass
    deploy = berth.client.get_operation(accepted.operation.id)
    assert deploy.state is OperationState.FAILED
    assert deploy.failure is not None
    assert deploy.failure.code == "guardrail_violated"
    findings = berth.client.get_plan(deploy.id).findings
    assert {(one.rule, one.severity, one.message) for one in findings} == expected
    cloud = CloudControl(berth.data_dir.resolve() / "cloud")
    assert cloud.resources() == []
    cloud.close()


@dataclass
class Wavering:
    """A Berth whose program does what its switch says."""

    live: Live
    client: httpx.Client
    switch: Path
    database_url: str

    def finish(self, operation: dict) -> dict:
        """Wait for an operation's end, and approve on the way what waits for it."""
        path = f"/v1/operations/{operation['id']}"
        while operation["state"] not in ENDED:
            operation = self.client.get(f"{path}?wait=1").json()
            if operation["state"] == "awaiting_approval":
                digest = self.client.get(f"{path}/plan").json()["digest"]
                assert self.client.post(f"{path}/approve", json={"digest": digest}).status_code == 202
        return operation

    def preview(self) -> tuple[str, dict]:
        """Have an environment planned; return its address and the preview."""
        document = shop(tags={"switch": str(self.switch)})
        accepted = self.client.post("/v1/environments?operation=preview", json=document)
        assert accepted.status_code == 202, accepted.text
        preview = self.finish(accepted.json()["operation"])
        assert preview["state"] == "succeeded", preview
        return f"/v1/environments/{accepted.json()['environment']['id']}", preview

    def planned(self) -> dict[str, PlannedResource]:
        """Return the planned resources as they are stored, by name."""
        with psycopg.connect(self.database_url) as connection:
            rows = connection.execute("SELECT resources FROM plans").fetchall()
        return {one.name: one for (packed,) in rows for one in unpack_resources(packed)}

    def standing(self) -> set[str]:
        """Return the types of what stands in the cloud."""
        cloud = CloudControl(self.live.data_dir / "cloud")
        types = {record.type for record in cloud.resources()}
        cloud.close()
        return types


@pytest.fixture(params=ENGINES)
def wavering(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Wavering]:
    folder = tmp_path / "data"
    folder.mkdir()
    switch = tmp_path / "switch"
    switch.write_text("")
    approvals = '{"standard": {"self_approval": true}}'
    live = Live(database_url, folder, BERTH_ENGINE=str(request.param), BERTH_APPROVALS=approvals)
    try:
        live.start_api()
        live.start_worker("tests.e2e.wavering_worker")
        with httpx.Client(base_url=live.url, timeout=90) as client:
            yield Wavering(live, client, switch, database_url)
    finally:
        live.stop()


def test_secret_inputs_of_a_plan_are_masked(wavering: Wavering) -> None:
    """Either engine's events wrap them so that nothing but the mask is kept with the plan."""
    wavering.preview()
    planned = wavering.planned()
    assert planned["password"].inputs["value"] == MASK
    assert planned["password"].inputs["name"] == "/shop/password"
    assert SECRET not in repr(planned)
    tags = planned["log"].inputs["tags"]
    assert tags == MASK or (isinstance(tags, dict) and tags["note"] == MASK)


def test_a_deploy_stops_at_what_its_approved_plan_does_not_contain(wavering: Wavering) -> None:
    """Its failure says so by its code, and nothing stands: neither that step nor those that wait for it."""
    environment, preview = wavering.preview()
    plan = wavering.client.get(f"/v1/operations/{preview['id']}/plan").json()
    wavering.switch.write_text(THROWN)
    asked = wavering.client.post(f"{environment}/operations", json={"kind": "deploy", "plan_id": plan["id"]})
    assert asked.status_code == 202, asked.text
    deploy = wavering.finish(asked.json()["operation"])
    assert (deploy["state"], deploy["plan_id"]) == ("failed", plan["id"])
    assert deploy["failure"]["code"] == "plan_violated"
    assert deploy["failure"]["resource_urn"].endswith("::unplanned")
    assert "preview again" in deploy["failure"]["hint"]
    assert wavering.standing() == set()
    wavering.switch.write_text("")
    again = wavering.client.post(f"{environment}/operations", json={"kind": "deploy"})
    assert wavering.finish(again.json()["operation"])["state"] == "succeeded"
    assert len(wavering.standing()) == 2
