"""The network that a request names is looked at before anything is planned in it."""

from pathlib import Path

import botocore.session
import pytest
from botocore.stub import Stubber

from programs.facts import ExistingSubnet
from service.core.ids import EnvironmentId, OperationId
from service.environments.model import EnvironmentStatus
from service.operations.model import NO_OPTIONS, Epoch, OperationKind
from service.operations.runs import ClaimedOperation, Run, Stood
from service.settings import Settings, TargetAccount
from service.worker import aws
from service.worker.existing_network import (
    FoundSubnet,
    NetworkDoesNotFitError,
    checked_subnets,
    existing_network,
)
from service.worker.main import sandbox_target
from tests.programs.existing import EXISTING, FACTS_OF_SUBNETS, SUBNETS, VPC_ID, let_network_stand

STANDING = [FoundSubnet(one.id, VPC_ID, one.cidr_block, one.zone_name) for one in SUBNETS]


def _claimed(
    kind: OperationKind = OperationKind.DEPLOY, existing: dict[str, object] | None = EXISTING
) -> ClaimedOperation:
    return ClaimedOperation(
        run=Run(OperationId("op_1"), EnvironmentId("env_1"), kind, Epoch(1)),
        request={"orchestrator": "ecs", **({"network": {"existing": existing}} if existing else {})},
        options=NO_OPTIONS,
        team="shop",
        environment_name="dev",
        account="default",
        region="us-east-1",
        expires_at=None,
        before=Stood(EnvironmentStatus.READY, is_paused=False),
    )


def _check(found: list[FoundSubnet]) -> tuple[ExistingSubnet, ...]:
    network = existing_network(_claimed())
    assert network is not None
    return checked_subnets(network, found)


def test_a_program_is_told_the_blocks_of_the_subnets() -> None:
    """Rules for the load balancer name the blocks it stands in, not all private addresses there are."""
    assert _check(STANDING) == FACTS_OF_SUBNETS


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (STANDING[1:], "no subnet subnet-0123456789abcdef0"),
        ([FoundSubnet(STANDING[0].subnet_id, "vpc-2", "10.0.0.0/24", "us-east-1a"), *STANDING[1:]], "vpc-2"),
        (
            [FoundSubnet(one.subnet_id, VPC_ID, one.cidr_block, "us-east-1a") for one in STANDING],
            "all public",
        ),
    ],
    ids=["not there", "another network's", "one zone"],
)
def test_a_network_that_does_not_fit_is_refused_by_name(found: list[FoundSubnet], said: str) -> None:
    """What is wrong is told before anything is made: AWS would say so in the middle of the deploy."""
    with pytest.raises(NetworkDoesNotFitError, match=said):
        _check(found)


@pytest.mark.parametrize("kind", OperationKind)
def test_only_what_places_things_looks_at_the_network(kind: OperationKind) -> None:
    """A destroy works from the recorded state, even when the network is gone."""
    looks = existing_network(_claimed(kind)) is not None
    assert looks is (kind in {OperationKind.PREVIEW, OperationKind.DEPLOY})


def test_a_network_of_its_own_needs_no_look() -> None:
    """Nothing is looked up for an environment that makes its network."""
    assert existing_network(_claimed(existing=None)) is None


async def test_the_sandbox_tells_what_stands_in_its_cloud(tmp_path: Path) -> None:
    """The simulated cloud is asked as AWS is: a network put there is found, another is refused."""
    settings = Settings(data_dir=tmp_path)
    let_network_stand(tmp_path / "cloud")
    async with sandbox_target(settings) as target:
        assert (await target.facts(_claimed())).existing_subnets == FACTS_OF_SUBNETS
        assert (await target.facts(_claimed(existing=None))).existing_subnets == ()
        missing = {**EXISTING, "private_subnet_ids": ["subnet-0000000000000000a", "subnet-0000000000000000b"]}
        with pytest.raises(NetworkDoesNotFitError, match="subnet-0000000000000000a"):
            await target.facts(_claimed(existing=missing))


class _Session:
    """A session whose EC2 client is stubbed against AWS's own model of the call."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        session.set_credentials("key", "secret", "token")
        self.client = session.create_client("ec2", region_name="us-east-1")
        self.stubber = Stubber(self.client)
        self.stubber.activate()

    def create_client(self, service_name: str, region_name: str) -> object:
        assert (service_name, region_name) == ("ec2", "us-east-1")
        return self.client


def _aws(monkeypatch: pytest.MonkeyPatch) -> _Session:
    session = _Session()
    monkeypatch.setattr(aws, "open_reading_session", lambda *_, **__: session)
    zones = [{"ZoneName": "us-east-1b"}, {"ZoneName": "us-east-1a"}]
    session.stubber.add_response("describe_availability_zones", {"AvailabilityZones": zones})
    return session


async def test_aws_is_asked_for_the_subnets_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """All subnets are asked for in one call, by filter, so that a missing one is told by its id."""
    session = _aws(monkeypatch)
    session.stubber.add_response(
        "describe_subnets",
        {
            "Subnets": [
                {
                    "SubnetId": one.subnet_id,
                    "VpcId": one.vpc_id,
                    "CidrBlock": one.cidr_block,
                    "AvailabilityZone": one.zone_name,
                }
                for one in STANDING
            ]
        },
        {"Filters": [{"Name": "subnet-id", "Values": [one.subnet_id for one in STANDING]}]},
    )
    target = aws.aws_target(Settings(accounts={"default": TargetAccount(account_id="123456789012")}))
    facts = await target.facts(_claimed())
    assert facts.existing_subnets == FACTS_OF_SUBNETS
    assert facts.availability_zone_names == ("us-east-1a", "us-east-1b")


async def test_what_aws_refuses_to_tell_is_told_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """A role without the right to look ends the operation with AWS's words, not with the worker."""
    session = _aws(monkeypatch)
    session.stubber.add_client_error("describe_subnets", "UnauthorizedOperation", "you may not look")
    target = aws.aws_target(Settings(accounts={"default": TargetAccount(account_id="123456789012")}))
    with pytest.raises(aws.FactsUnknownError, match="you may not look"):
        await target.facts(_claimed())
