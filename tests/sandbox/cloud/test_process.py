"""The server as a process: its ports, its end, its store, and the official engine on it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pulumi
import pytest
from pulumi import automation
from pulumi_aws import ec2, ecs

from sandbox.cloud.control import CloudControl, Selection

ROOT = Path(__file__).parents[3]
SERVE = [sys.executable, "-m", "sandbox.cloud", "serve", "--store"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A server process on a store under the test's folder."""
    process = subprocess.Popen(
        [*SERVE, str(tmp_path / "cloud")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with process:
        yield process
        process.kill()


def _ports(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())["providers"]


def test_process_says_its_ports_and_ends_with_its_parent(served: subprocess.Popen[str]) -> None:
    """One line of JSON names a port for each package; a closed stdin ends the process."""
    assert set(_ports(served)) == {"aws", "eks", "kubernetes", "random", "tls"}
    assert served.stdin is not None
    served.stdin.close()
    assert served.wait(20) == 0


def test_process_ends_on_sigterm(served: subprocess.Popen[str]) -> None:
    """SIGTERM ends the process as well."""
    _ports(served)
    served.terminate()
    assert served.wait(20) == 0


def _network() -> None:
    vpc = ec2.Vpc("vpc", cidr_block="10.0.0.0/16", tags={"team": "a"})
    for number, zone in enumerate(("a", "b")):
        ec2.Subnet(
            f"subnet-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.0.{number}.0/24",
            availability_zone=f"us-east-1{zone}",
        )
    pulumi.export("cluster", ecs.Cluster("cluster").arn)


@pytest.mark.official_engine
def test_official_engine_lives_on_the_cloud(served: subprocess.Popen[str], tmp_path: Path) -> None:
    """Preview, up, an unchanged up, drift, and destroy through the official command line."""
    attached = ",".join(f"{name}:{port}" for name, port in _ports(served).items())
    environment = {
        "AWS_REGION": "us-east-1",
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_DEBUG_PROVIDERS": attached,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    (tmp_path / "work").mkdir()
    options = automation.LocalWorkspaceOptions(work_dir=str(tmp_path / "work"), env_vars=environment)
    stack = automation.create_stack("dev", "tests", _network, opts=options)
    assert stack.preview().change_summary == {automation.OpType.CREATE: 5}
    up = stack.up()
    assert up.summary.resource_changes == {"create": 5}
    assert up.outputs["cluster"].value.startswith("arn:aws:ecs:us-east-1:123456789012:cluster/cluster-")
    assert stack.up().summary.resource_changes == {"same": 5}
    control = CloudControl(tmp_path / "cloud")
    control.change(Selection(type="Vpc"), "tags.team", "b")
    assert stack.refresh().summary.resource_changes == {"same": 4, "update": 1}
    assert stack.up().summary.resource_changes == {"same": 4, "update": 1}
    assert stack.destroy().summary.resource_changes == {"delete": 5}
    assert control.resources() == []
    control.close()


def test_store_outlives_its_processes(served: subprocess.Popen[str], tmp_path: Path) -> None:
    """What stands in the cloud stands after every process is gone, however it went."""
    _ports(served)
    control = CloudControl(tmp_path / "cloud")
    control.make("ec2/vpc:Vpc", "vpc-1", {})
    served.kill()
    served.wait(20)
    assert [record.id for record in control.resources()] == ["vpc-1"]
    control.close()
