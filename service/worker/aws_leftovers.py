"""What bears an environment's tags on AWS, by the Resource Groups Tagging API.

https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, cast

from botocore.exceptions import BotoCoreError, ClientError  # pyright: ignore[reportMissingTypeStubs]

from programs.planning.ownership import Tag
from service.operations.model import Leftover
from service.operations.runs import ClaimedOperation
from service.settings import Settings, TargetAccount
from service.worker.aws_session import Session, open_reading_session
from service.worker.leftovers import FindByTag, LeftoversUnknownError

# The API goes on listing what was deleted a moment ago: what is found is looked at again.
SCANS = 4
SECONDS_BETWEEN_SCANS = 30.0
# These go on being listed long after they were deleted: inactive task definitions and clusters, keys that
# wait out their days, gateways and endpoints for an hour. Programs alone make them; the engine saw them go.
LINGERING = frozenset(
    {
        "ecs:capacity-provider",
        "ecs:cluster",
        "ecs:service",
        "ecs:task-definition",
        "ec2:natgateway",
        "ec2:vpc-endpoint",
        "kms:key",
    }
)
_STANDING_STATES = ["pending", "running", "stopping", "stopped"]
_SESSION_NAME = "berth-leftovers"

OpenSession = Callable[[str, TargetAccount], Session]


class _Tagging(Protocol):
    def get_resources(
        self,
        *,
        TagFilters: list[dict[str, object]],  # noqa: N803 -- the API's name
        PaginationToken: str,  # noqa: N803 -- the API's name
    ) -> Mapping[str, object]: ...


class _Ec2(Protocol):
    def describe_instances(self, *, Filters: list[dict[str, object]]) -> Mapping[str, object]: ...  # noqa: N803


def aws_leftovers(
    settings: Settings,
    *,
    open_session: OpenSession | None = None,
    seconds_between_scans: float = SECONDS_BETWEEN_SCANS,
) -> FindByTag:
    """Return how to look for leftovers on AWS; `open_session` gives the credentials to look with."""

    async def find(claimed: ClaimedOperation, tags: Sequence[Tag]) -> Sequence[Leftover]:
        account = settings.accounts.get(claimed.account)
        if account is None:
            raise LeftoversUnknownError(f"account {claimed.account!r} is not among the settings' accounts")
        region = claimed.region
        try:
            session = await asyncio.to_thread(open_session or _open_reading_session, region, account)
            found = await asyncio.to_thread(scan, session, region, tags)
            for _ in range(SCANS - 1):
                if not found:
                    break
                await asyncio.sleep(seconds_between_scans)
                found = await asyncio.to_thread(scan, session, region, tags)
        except (BotoCoreError, ClientError) as error:
            raise LeftoversUnknownError(str(error)) from error
        return found

    return find


def scan(session: Session, region: str, tags: Sequence[Tag]) -> list[Leftover]:
    """Return what bears any of the tags in a region, without what only lingers in AWS's lists; blocks."""
    tagging = cast("_Tagging", session.create_client("resourcegroupstaggingapi", region_name=region))
    found: dict[str, Leftover] = {}
    for tag in tags:
        for arn in _bearing(tagging, tag):
            found.setdefault(arn, Leftover(type_of(arn), arn, f"{tag.key}={tag.value}"))
    standing = [one for one in found.values() if one.resource_type not in LINGERING]
    return _without_ended_instances(session, region, standing)


def type_of(arn: str) -> str:
    """Return service and kind of an ARN: `elasticloadbalancing:loadbalancer`; `s3` alone for a bucket."""
    _, _, service, _, account, resource = arn.split(":", 5)
    kind = resource.replace(":", "/").partition("/")[0]
    return f"{service}:{kind}" if account and kind != resource else service


def _bearing(tagging: _Tagging, tag: Tag) -> Iterator[str]:
    token = ""
    while True:
        filters: list[dict[str, object]] = [{"Key": tag.key, "Values": [tag.value]}]
        page = tagging.get_resources(TagFilters=filters, PaginationToken=token)
        for mapping in cast("Sequence[Mapping[str, str]]", page["ResourceTagMappingList"]):
            yield mapping["ResourceARN"]
        token = str(page.get("PaginationToken") or "")
        if not token:
            return


def _without_ended_instances(session: Session, region: str, found: list[Leftover]) -> list[Leftover]:
    """Return what was found without instances that are being terminated: they are listed for an hour."""
    instances = {one.id.rpartition("/")[2] for one in found if one.resource_type == "ec2:instance"}
    if not instances:
        return found
    ec2 = cast("_Ec2", session.create_client("ec2", region_name=region))
    filters: list[dict[str, object]] = [
        {"Name": "instance-id", "Values": sorted(instances)},
        {"Name": "instance-state-name", "Values": _STANDING_STATES},
    ]
    answer = ec2.describe_instances(Filters=filters)
    standing = {
        instance["InstanceId"]
        for reservation in cast("Sequence[Mapping[str, object]]", answer["Reservations"])
        for instance in cast("Sequence[Mapping[str, str]]", reservation["Instances"])
    }
    gone = instances - standing
    return [one for one in found if one.id.rpartition("/")[2] not in gone]


def _open_reading_session(region: str, account: TargetAccount) -> Session:
    return open_reading_session(region, account, name=_SESSION_NAME)
