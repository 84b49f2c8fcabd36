"""Faults on demand, interrupted engines, and the commands on the store."""

import json
from pathlib import Path

import grpc.aio
import pytest
from pulumi.runtime.proto import provider_pb2 as rpc
from pulumi.runtime.proto import status_pb2

from sandbox.cloud.commands import fault_from, main
from sandbox.cloud.control import CloudControl
from sandbox.cloud.store.faults import Fault, FaultKind, Operation
from tests.sandbox.cloud.client import Engine, urn_of
from tests.sandbox.cloud.conftest import ServedCloud
from tests.sandbox.cloud.networks import VPC


async def _details(aws: Engine, label: str) -> grpc.aio.AioRpcError:
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await aws.create(VPC, label, cidrBlock="10.0.0.0/16")
    return refused.value


async def test_nth_creation_fails_once(cloud: ServedCloud, aws: Engine) -> None:
    """A fault skips the calls before its turn and is used up by meeting it."""
    cloud.control.add_fault(fault_from("type=aws:ec2/*,nth=2,kind=throttle"))
    await aws.create(VPC, "a", cidrBlock="10.0.0.0/16")
    assert "ThrottlingException: Rate exceeded" in str((await _details(aws, "b")).details())
    await aws.create(VPC, "b", cidrBlock="10.0.0.0/16")
    assert cloud.control.faults() == []


async def test_partial_creation_leaves_the_resource(cloud: ServedCloud, aws: Engine) -> None:
    """A resource that does not become usable exists, and the error carries its id and properties."""
    cloud.control.add_fault(Fault(VPC, Operation.CREATE, FaultKind.PARTIAL, message="never came up"))
    error = await _details(aws, "a")
    packed = dict(error.trailing_metadata() or ())["grpc-status-details-bin"]
    status = status_pb2.Status.FromString(packed if isinstance(packed, bytes) else packed.encode())
    detail = rpc.ErrorResourceInitFailed()
    assert status.details[0].Unpack(detail)
    assert list(detail.reasons) == ["never came up"]
    assert [record.id for record in cloud.control.resources()] == [detail.id]


async def test_lost_answer_does_not_make_a_second(cloud: ServedCloud, aws: Engine) -> None:
    """What an engine was never told of is taken away when the same URN is created again."""
    cloud.control.add_fault(Fault(VPC, Operation.CREATE, FaultKind.LOST))
    assert (await _details(aws, "a")).code() is grpc.StatusCode.UNAVAILABLE
    again = await aws.create(VPC, "a", cidrBlock="10.0.0.0/16")
    assert [record.id for record in cloud.control.resources()] == [again.id]


async def test_known_resource_survives_a_replacement(cloud: ServedCloud, aws: Engine) -> None:
    """What the state knows stands beside its replacement of the same URN."""
    old = await aws.create(VPC, "a", cidrBlock="10.0.0.0/16")
    await aws.diff(old, cidrBlock="10.1.0.0/16")
    new = await aws.create(VPC, "a", cidrBlock="10.1.0.0/16")
    assert {record.id for record in cloud.control.resources()} == {old.id, new.id}
    assert {record.urn for record in cloud.control.resources()} == {urn_of(VPC, "a")}


def test_commands_make_show_change_and_delete(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The commands work on a store that no server has open."""
    store = ["--store", str(tmp_path)]
    assert main(["set", *store, "vpc-1", "--type", "ec2/vpc:Vpc", "cidrBlock=10.0.0.0/16"]) == 0
    assert main(["set", *store, "vpc-1", "tags.team=a", "enableDnsSupport=true"]) == 0
    capsys.readouterr()
    assert main(["show", *store, "vpc-1", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)[0]["properties"]
    assert (shown["tags"], shown["enableDnsSupport"]) == ({"team": "a"}, True)
    assert main(["show", *store, "--tag", "team=b", "--tag", "team=a"]) == 0
    assert capsys.readouterr().out == "aws:ec2/vpc:Vpc  vpc-1\n"
    assert main(["show", *store, "--tag", "team"]) == 1
    assert "not key=value" in capsys.readouterr().err
    assert main(["delete", *store, "vpc-1"]) == 0
    assert main(["delete", *store, "vpc-1"]) == 1
    assert "0 resources match" in capsys.readouterr().err


def test_reset_empties_the_cloud_and_its_faults(tmp_path: Path) -> None:
    """A reset leaves nothing standing and nothing to go wrong."""
    control = CloudControl(tmp_path)
    control.make("ec2/vpc:Vpc", "vpc-1", {})
    control.add_fault(fault_from("type=*"))
    assert control.reset() == 1
    assert (control.resources(), control.faults()) == ([], [])
    control.close()


@pytest.mark.parametrize("text", ["kind=error", "type=x,sort=error", "type=x,kind=odd"])
def test_fault_that_cannot_be_read_is_refused(text: str) -> None:
    """A fault without a type, or with unknown parts, is refused."""
    with pytest.raises(ValueError, match=r"fault|odd"):
        fault_from(text)
