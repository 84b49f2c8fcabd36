"""AWS as the target: facts looked up with the deploy role, credentials for the provider plugins."""

import asyncio
import os
import shutil
from functools import partial
from typing import Protocol, cast

from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
    HTTPClientError,
)
from botocore.exceptions import ConnectionError as NoConnectionError  # pyright: ignore[reportMissingTypeStubs]

from programs.facts import Cloud, ExistingSubnet, Facts
from service.engine.aws_profile import SOURCE_VARIABLES
from service.engine.process import SYSTEM_PATH, passed_environment
from service.engine.protocol import AssumedRole
from service.operations.model import OperationKind
from service.operations.runs import ClaimedOperation
from service.settings import Settings, TargetAccount
from service.worker.aws_leftovers import aws_leftovers
from service.worker.aws_session import open_reading_session, open_session
from service.worker.execution import Target
from service.worker.existing_network import FoundSubnet, checked_subnets, existing_network, subnet_ids
from service.worker.faults import PassingError

# What the AWS SDKs read (https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html),
# and what a proxy needs. Nothing else of the worker's environment reaches a runner.
PASSED_VARIABLES = (
    *sorted(SOURCE_VARIABLES),
    "AWS_ENDPOINT_URL_STS",
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

# As botocore's own retries have them, which have been used up by then:
# https://docs.aws.amazon.com/boto3/latest/guide/retries.html
PASSING_CODES = frozenset(
    {
        "InternalError",
        "InternalFailure",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "Unavailable",
    }
)

# What changes nothing gets the role that can change nothing, where the account has one.
READING_KINDS = frozenset({OperationKind.PREVIEW, OperationKind.DETECT_DRIFT})


class _Ec2(Protocol):
    def describe_availability_zones(self, *, Filters: list[dict[str, object]]) -> dict[str, object]: ...  # noqa: N803

    def describe_subnets(self, *, Filters: list[dict[str, object]]) -> dict[str, object]: ...  # noqa: N803


class FactsUnknownError(RuntimeError):
    """AWS did not answer what a program must be told: credentials, rights or the network are wrong."""


class FactsUnavailableError(PassingError):
    """AWS slowed the calls down or could not be reached: it may answer the same question a little later."""


class UnknownAccountError(RuntimeError):
    """The environment names an account that the settings no longer have."""


class AwsCliMissingError(RuntimeError):
    """The cluster's API is reached with tokens of `aws eks get-token`, and runners find no `aws`."""


def aws_target(settings: Settings) -> Target:
    """Describe AWS: no simulated providers, and credentials as the worker has them."""
    if not settings.accounts:
        msg = "cloud=aws needs at least one account in BERTH_ACCOUNTS"
        raise ValueError(msg)

    async def facts(claimed: ClaimedOperation) -> Facts:
        try:
            return await asyncio.to_thread(look_up_facts, claimed, settings)
        except (BotoCoreError, ClientError) as refused:
            raise fault_of_facts(refused) from refused

    async def debug_providers() -> dict[str, int]:
        return {}

    return Target(
        facts=facts,
        debug_providers=debug_providers,
        find_leftovers=aws_leftovers(settings),
        passed_environment=_credentials_environment(),
        role_of=partial(assumed_role, settings=settings),
    )


def look_up_facts(claimed: ClaimedOperation, settings: Settings) -> Facts:
    """Ask AWS for the region's zones, as the account's read-only or deploy role; blocks."""
    account = _account_of(claimed, settings)
    _check_aws_cli(claimed)
    ec2 = _open_ec2(claimed.region, account)
    return Facts(
        environment_id=claimed.run.environment_id,
        cloud=Cloud.AWS,
        account_id=account.account_id,
        region=claimed.region,
        availability_zone_names=_zone_names(ec2),
        expires_on=claimed.expires_at.date().isoformat() if claimed.expires_at else None,
        activity=claimed.activity,
        partition=open_session().get_partition_for_region(claimed.region),
        reader_role_arn=account.read_only_role_arn,
        existing_subnets=_existing_subnets(claimed, ec2),
    )


def assumed_role(claimed: ClaimedOperation, settings: Settings) -> AssumedRole | None:
    """Return the role of a run: the read-only one to look, the deploy role to change; None: the worker's own.

    The session is named for the operation, so that CloudTrail tells which one made a call.
    """
    account = _account_of(claimed, settings)
    is_reading = claimed.run.kind in READING_KINDS and account.read_only_role_arn is not None
    role_arn = account.read_only_role_arn if is_reading else account.deploy_role_arn
    if role_arn is None:
        return None
    return AssumedRole(role_arn=role_arn, session_name=claimed.run.operation_id, region=claimed.region)


def fault_of_facts(refused: BotoCoreError | ClientError) -> FactsUnknownError | FactsUnavailableError:
    """Tell what AWS refuses from what it may answer a little later."""
    message = f"AWS told no facts: {refused}"
    if isinstance(refused, ClientError):
        answer = cast("dict[str, dict[str, str]]", refused.response)  # pyright: ignore[reportUnknownMemberType]
        passes = answer["Error"].get("Code") in PASSING_CODES
    else:
        passes = isinstance(refused, HTTPClientError | NoConnectionError)
    return FactsUnavailableError(message) if passes else FactsUnknownError(message)


def _check_aws_cli(claimed: ClaimedOperation) -> None:
    needs_tokens = claimed.request.get("orchestrator") == "eks"
    if needs_tokens and shutil.which("aws", path=SYSTEM_PATH) is None:
        msg = f"environments on EKS need the AWS CLI (`aws`) on the worker's machine, in one of {SYSTEM_PATH}"
        raise AwsCliMissingError(msg)


def _account_of(claimed: ClaimedOperation, settings: Settings) -> TargetAccount:
    account = settings.accounts.get(claimed.account)
    if account is None:
        msg = f"account {claimed.account!r} is not among the settings' accounts {sorted(settings.accounts)}"
        raise UnknownAccountError(msg)
    return account


def _open_ec2(region: str, account: TargetAccount) -> _Ec2:
    session = open_reading_session(region, account, name="berth-facts")
    return cast("_Ec2", session.create_client("ec2", region_name=region))


def _zone_names(ec2: _Ec2) -> tuple[str, ...]:
    # Local and Wavelength zones hold no Fargate:
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-regions-zones.html
    filters: list[dict[str, object]] = [
        {"Name": "zone-type", "Values": ["availability-zone"]},
        {"Name": "state", "Values": ["available"]},
    ]
    answer = ec2.describe_availability_zones(Filters=filters)
    zones = cast("list[dict[str, str]]", answer["AvailabilityZones"])
    return tuple(sorted(zone["ZoneName"] for zone in zones))


def _existing_subnets(claimed: ClaimedOperation, ec2: _Ec2) -> tuple[ExistingSubnet, ...]:
    network = existing_network(claimed)
    if network is None:
        return ()
    # By filter, not by id: what is missing is then left out, and told by its id.
    answer = ec2.describe_subnets(Filters=[{"Name": "subnet-id", "Values": list(subnet_ids(network))}])
    found = cast("list[dict[str, str]]", answer["Subnets"])
    return checked_subnets(
        network,
        [
            FoundSubnet(one["SubnetId"], one["VpcId"], one["CidrBlock"], one["AvailabilityZone"])
            for one in found
        ],
    )


def _credentials_environment() -> dict[str, str]:
    home = os.path.expanduser("~")  # noqa: PTH111 -- Path.home() raises where there is none
    files = {name: os.path.join(home, path) for name, path in HOME_FILES.items()}  # noqa: PTH118
    present = {name: path for name, path in files.items() if os.path.isfile(path)}  # noqa: PTH113
    # The AWS CLI may be a program of another Python, which this service's libraries must not reach.
    return {**present, **passed_environment(os.environ, PASSED_VARIABLES), "PYTHONPATH": ""}
