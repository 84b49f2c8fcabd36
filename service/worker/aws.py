"""AWS as the target: facts looked up with the deploy role, credentials for the provider plugins."""

import asyncio
import os
from typing import Protocol, cast

from programs.facts import Cloud, Facts
from service.engine.process import passed_environment
from service.operations.model import OperationKind
from service.operations.runs import ClaimedOperation
from service.settings import Settings, TargetAccount
from service.worker.aws_leftovers import aws_leftovers
from service.worker.aws_session import open_reading_session, open_session
from service.worker.execution import Target

# What the AWS SDKs read (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html),
# and what a proxy needs. Nothing else of the worker's environment reaches a runner.
PASSED_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CA_BUNDLE",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "SSL_CERT_FILE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
# Runners have a private HOME, so the files that the SDKs look for there are named.
HOME_FILES = {"AWS_CONFIG_FILE": ".aws/config", "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials"}

# What changes nothing gets the role that can change nothing, where the account has one.
READING_KINDS = frozenset({OperationKind.PREVIEW, OperationKind.DETECT_DRIFT})


class _Ec2(Protocol):
    def describe_availability_zones(self, *, Filters: list[dict[str, object]]) -> dict[str, object]: ...  # noqa: N803


class UnknownAccountError(RuntimeError):
    """The environment names an account that the settings no longer have."""


def aws_target(settings: Settings) -> Target:
    """Describe AWS: no simulated providers, and credentials as the worker has them."""
    if not settings.accounts:
        msg = "cloud=aws needs at least one account in BERTH_ACCOUNTS"
        raise ValueError(msg)

    async def facts(claimed: ClaimedOperation) -> Facts:
        return await asyncio.to_thread(look_up_facts, claimed, settings)

    async def debug_providers() -> dict[str, int]:
        return {}

    return Target(
        facts=facts,
        debug_providers=debug_providers,
        find_leftovers=aws_leftovers(settings),
        passed_environment=_credentials_environment(),
    )


def look_up_facts(claimed: ClaimedOperation, settings: Settings) -> Facts:
    """Ask AWS for the region's zones, as the account's read-only or deploy role; blocks."""
    account = settings.accounts.get(claimed.account)
    if account is None:
        msg = f"account {claimed.account!r} is not among the settings' accounts {sorted(settings.accounts)}"
        raise UnknownAccountError(msg)
    return Facts(
        environment_id=claimed.run.environment_id,
        operation_id=claimed.run.operation_id,
        cloud=Cloud.AWS,
        account_id=account.account_id,
        region=claimed.region,
        availability_zone_names=_zone_names(claimed.region, account),
        expires_on=claimed.expires_at.date().isoformat() if claimed.expires_at else None,
        activity=claimed.activity,
        partition=open_session().get_partition_for_region(claimed.region),
        role_arn=_role_of(claimed.run.kind, account),
    )


def _role_of(kind: OperationKind, account: TargetAccount) -> str | None:
    if kind in READING_KINDS and account.read_only_role_arn is not None:
        return account.read_only_role_arn
    return account.deploy_role_arn


def _zone_names(region: str, account: TargetAccount) -> tuple[str, ...]:
    session = open_reading_session(region, account, name="berth-facts")
    ec2 = cast("_Ec2", session.create_client("ec2", region_name=region))
    # Local and Wavelength zones hold no Fargate:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-regions-zones.html
    filters: list[dict[str, object]] = [
        {"Name": "zone-type", "Values": ["availability-zone"]},
        {"Name": "state", "Values": ["available"]},
    ]
    answer = ec2.describe_availability_zones(Filters=filters)
    zones = cast("list[dict[str, str]]", answer["AvailabilityZones"])
    return tuple(sorted(zone["ZoneName"] for zone in zones))


def _credentials_environment() -> dict[str, str]:
    home = os.path.expanduser("~")  # noqa: PTH111 -- Path.home() raises where there is none
    files = {name: os.path.join(home, path) for name, path in HOME_FILES.items()}  # noqa: PTH118
    present = {name: path for name, path in files.items() if os.path.isfile(path)}  # noqa: PTH113
    return {**present, **passed_environment(os.environ, PASSED_VARIABLES)}
