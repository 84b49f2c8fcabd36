"""What a destroyed environment left behind is found by tag, on AWS and in the sandbox, and is told."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import botocore.session
import pytest
from botocore.stub import Stubber

from programs.planning.ownership import Tag
from sandbox.cloud.control import CloudControl
from service.core.ids import EnvironmentId, OperationId
from service.environments.model import EnvironmentStatus
from service.events.model import Diagnostic
from service.operations.model import NO_OPTIONS, Epoch, Leftover, OperationKind
from service.operations.runs import (
    ClaimedOperation,
    Conclusion,
    Run,
    Stood,
    TimedPayload,
)
from service.operations.states import OperationState
from service.settings import Settings, TargetAccount
from service.worker.aws_leftovers import aws_leftovers, type_of
from service.worker.aws_session import Session
from service.worker.leftovers import LeftoversUnknownError, look_for_leftovers, sought_tags
from service.worker.sandbox_cloud import SandboxCloud

ENVIRONMENT_TAG = Tag("berth:environment-id", "env_1")
BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/k8s-shop/0123"
VOLUME = "arn:aws:ec2:us-east-1:123456789012:volume/vol-1"
INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-1"
ENDED_INSTANCE = "arn:aws:ec2:us-east-1:123456789012:instance/i-2"
REVISION = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-dev-web:3"
ACCOUNT = TargetAccount(account_id="123456789012", read_only_role_arn="arn:aws:iam::123456789012:role/read")
SETTINGS = Settings(accounts={"default": ACCOUNT})
SUCCEEDED = Conclusion(OperationState.SUCCEEDED)
FAILED = Conclusion(OperationState.FAILED)


def claimed(kind: OperationKind = OperationKind.DESTROY, orchestrator: str = "ecs") -> ClaimedOperation:
    return ClaimedOperation(
        run=Run(OperationId("op_1"), EnvironmentId("env_1"), kind, Epoch(1)),
        request={"orchestrator": orchestrator},
        options=NO_OPTIONS,
        team="shop",
        environment_name="dev",
        account="default",
        region="us-east-1",
        expires_at=None,
        before=Stood(EnvironmentStatus.READY, is_paused=False),
    )


class Listener:
    """Finds what it was given, and keeps what is recorded."""

    def __init__(self, *found: Leftover, error: Exception | None = None) -> None:
        self._found, self._error = found, error
        self.events: list[TimedPayload] = []

    async def find(self, run: ClaimedOperation, tags: Sequence[Tag]) -> Sequence[Leftover]:
        del run, tags
        if self._error is not None:
            raise self._error
        return self._found

    def warnings(self) -> list[str]:
        payloads = [event.payload for event in self.events]
        return [one.message for one in payloads if isinstance(one, Diagnostic) and one.severity == "warning"]


def test_only_a_destroy_is_followed_by_a_scan() -> None:
    """A destroy that went well looks for all tags, a failed one for controllers' own, others for none."""
    assert sought_tags(claimed(OperationKind.DEPLOY), SUCCEEDED) == ()
    assert sought_tags(claimed(), SUCCEEDED) == (ENVIRONMENT_TAG,)
    assert sought_tags(claimed(), FAILED) == ()
    on_eks = claimed(orchestrator="eks")
    assert sought_tags(on_eks, SUCCEEDED)[0] == ENVIRONMENT_TAG
    assert Tag("elbv2.k8s.aws/cluster", "shop-dev") in sought_tags(on_eks, FAILED)
    assert ENVIRONMENT_TAG not in sought_tags(on_eks, FAILED)
    assert sought_tags(on_eks, Conclusion(OperationState.CANCELLED)) == ()


async def test_what_stands_is_told_and_does_not_fail_the_destroy() -> None:
    """The conclusion stays a success, names what was found in order, and one warning says so."""
    listener = Listener(Leftover("ec2:volume", "vol-2", "a=b"), Leftover("ec2:volume", "vol-1", "a=b"))
    concluded = await look_for_leftovers(claimed(), SUCCEEDED, listener.find, listener.events.append)
    assert concluded.state is OperationState.SUCCEEDED
    assert [one.id for one in concluded.leftovers or ()] == ["vol-1", "vol-2"]
    (warning,) = listener.warnings()
    assert warning.startswith("2 resources of this environment")
    assert "ec2:volume vol-1 (a=b)" in warning


async def test_nothing_left_is_recorded_without_a_word() -> None:
    """An empty scan is a result, too, and warns of nothing."""
    listener = Listener()
    concluded = await look_for_leftovers(claimed(), SUCCEEDED, listener.find, listener.events.append)
    assert concluded.leftovers == ()
    assert listener.events == []


async def test_scan_that_fails_is_a_warning() -> None:
    """A role without the right to look leaves the destroy a success whose leftovers are unknown."""
    listener = Listener(error=LeftoversUnknownError("AccessDenied"))
    concluded = await look_for_leftovers(claimed(), SUCCEEDED, listener.find, listener.events.append)
    assert concluded == SUCCEEDED
    (warning,) = listener.warnings()
    assert "AccessDenied" in warning


class StubbedSession:
    """A session whose clients answer what a test says, held to AWS's own models of these calls."""

    def __init__(self) -> None:
        session = botocore.session.get_session()
        session.set_credentials("key", "secret", "token")
        names = ("resourcegroupstaggingapi", "ec2")
        self._clients = {name: session.create_client(name, region_name="us-east-1") for name in names}
        self._stubbers = {name: Stubber(client) for name, client in self._clients.items()}
        for stubber in self._stubbers.values():
            stubber.activate()

    def create_client(self, service_name: str, region_name: str) -> object:
        assert region_name == "us-east-1"
        return self._clients[service_name]

    def bears(self, tag: Tag, *arns: str, after: str = "", next_page: str = "") -> None:
        """Expect a page of what bears a tag."""
        self._stubbers["resourcegroupstaggingapi"].add_response(
            "get_resources",
            {"PaginationToken": next_page, "ResourceTagMappingList": [{"ResourceARN": arn} for arn in arns]},
            {"TagFilters": [{"Key": tag.key, "Values": [tag.value]}], "PaginationToken": after},
        )

    def refuses(self) -> None:
        """Expect a call that the role has no right to."""
        tagging = self._stubbers["resourcegroupstaggingapi"]
        tagging.add_client_error("get_resources", "AccessDeniedException", "not authorized: tag:GetResources")

    def runs(self, asked: Sequence[str], *running: str) -> None:
        """Expect the question which instances run."""
        instances = [{"InstanceId": one} for one in running]
        states = ["pending", "running", "stopping", "stopped"]
        filters: list[Mapping[str, object]] = [
            {"Name": "instance-id", "Values": list(asked)},
            {"Name": "instance-state-name", "Values": states},
        ]
        answer = {"Reservations": [{"Instances": instances}]}
        self._stubbers["ec2"].add_response("describe_instances", answer, {"Filters": filters})

    async def find(self, *tags: Tag) -> list[Leftover]:
        """Look on AWS, without pauses, and check that every expected call was made."""
        find = aws_leftovers(
            SETTINGS, open_session=lambda _region, _account: cast("Session", self), seconds_between_scans=0
        )
        found = await find(claimed(), tags)
        for stubber in self._stubbers.values():
            stubber.assert_no_pending_responses()
        return list(found)


@pytest.fixture
def session() -> StubbedSession:
    return StubbedSession()


async def test_aws_is_asked_for_each_tag_page_by_page(session: StubbedSession) -> None:
    """Every page of every tag is read; a thing that bears two of them is told once, by the first."""
    other = Tag("elbv2.k8s.aws/cluster", "shop-dev")
    for _ in range(4):
        session.bears(ENVIRONMENT_TAG, BALANCER, next_page="more")
        session.bears(ENVIRONMENT_TAG, VOLUME, after="more")
        session.bears(other, BALANCER)
    assert await session.find(ENVIRONMENT_TAG, other) == [
        Leftover("elasticloadbalancing:loadbalancer", BALANCER, "berth:environment-id=env_1"),
        Leftover("ec2:volume", VOLUME, "berth:environment-id=env_1"),
    ]


async def test_what_was_just_deleted_is_looked_at_again(session: StubbedSession) -> None:
    """The API lists deleted things for a while: only what is still there at the last scan is told."""
    session.bears(ENVIRONMENT_TAG, BALANCER)
    session.bears(ENVIRONMENT_TAG)
    assert await session.find(ENVIRONMENT_TAG) == []


async def test_what_only_lingers_in_lists_is_not_told(session: StubbedSession) -> None:
    """Inactive task definitions are no leftovers, and neither are terminated instances."""
    for _ in range(4):
        session.bears(ENVIRONMENT_TAG, REVISION, INSTANCE, ENDED_INSTANCE)
        session.runs(["i-1", "i-2"], "i-1")
    assert [one.id for one in await session.find(ENVIRONMENT_TAG)] == [INSTANCE]


async def test_role_without_the_right_to_look_is_said(session: StubbedSession) -> None:
    """What AWS answered is in the error."""
    session.refuses()
    with pytest.raises(LeftoversUnknownError, match="tag:GetResources"):
        await session.find(ENVIRONMENT_TAG)


@pytest.mark.parametrize(
    ("arn", "wanted"),
    [
        (BALANCER, "elasticloadbalancing:loadbalancer"),
        ("arn:aws:logs:us-east-1:123456789012:log-group:/berth/shop/dev/web", "logs:log-group"),
        ("arn:aws:s3:::shop-dev-logs", "s3"),
        ("arn:aws:sqs:us-east-1:123456789012:shop-dev-karpenter", "sqs"),
    ],
)
def test_kind_of_a_resource_is_read_from_its_arn(arn: str, wanted: str) -> None:
    """Service and kind, whichever way the service writes its ARNs."""
    assert type_of(arn) == wanted


async def test_sandbox_is_asked_by_tag(tmp_path: Path) -> None:
    """The simulated cloud's own processes tell what bears a tag, whoever set it and however it was made."""
    control = CloudControl(tmp_path)
    control.make("aws:ebs/volume:Volume", "vol-1", {"tagsAll": {"berth:environment-id": "env_1"}})
    control.make("aws:ebs/volume:Volume", "vol-2", {"tags": {"berth:environment-id": "env_2"}})
    control.make("aws:lb/loadBalancer:LoadBalancer", "lb", {"arn": BALANCER, "tags": {"cluster": "shop-dev"}})
    control.close()
    cloud = SandboxCloud(tmp_path, latency="none")
    found = await cloud.find_leftovers(claimed(), (ENVIRONMENT_TAG, Tag("cluster", "shop-dev")))
    assert list(found) == [
        Leftover("aws:ebs/volume:Volume", "vol-1", "berth:environment-id=env_1"),
        Leftover("aws:lb/loadBalancer:LoadBalancer", BALANCER, "cluster=shop-dev"),
    ]
