"""What a program must be told besides the request: looked up before it runs, never by it."""

from dataclasses import dataclass
from enum import StrEnum


class Cloud(StrEnum):
    """Where the resources will be made."""

    SANDBOX = "sandbox"
    AWS = "aws"


class Activity(StrEnum):
    """Whether the workloads run. `RESUMING` is the run that brings them back from a pause."""

    RUNNING = "running"
    PAUSED = "paused"
    RESUMING = "resuming"


@dataclass(frozen=True, slots=True)
class ExistingSubnet:
    """A subnet that a request names, and the block of addresses that it has."""

    subnet_id: str
    cidr_block: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about the target account and region; equal facts and request give an equal plan.

    None of them tells one operation from the next. `existing_subnets` are those of `network.existing`.
    `reader_role_arn` is the role that previews and drift detection look with, where the account has one: a
    cluster must let it in.
    """

    environment_id: str
    cloud: Cloud
    account_id: str
    region: str
    availability_zone_names: tuple[str, ...]
    expires_on: str | None = None
    activity: Activity = Activity.RUNNING
    partition: str = "aws"
    reader_role_arn: str | None = None
    endpoint_url: str | None = None
    existing_subnets: tuple[ExistingSubnet, ...] = ()
