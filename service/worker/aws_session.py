"""Sessions of botocore: as the worker itself, or in a role of a target account."""

from typing import Protocol, cast

import botocore.session  # pyright: ignore[reportMissingTypeStubs] -- the library ships none

from service.settings import TargetAccount


class Session(Protocol):
    """What is used of botocore's session."""

    def create_client(self, service_name: str, region_name: str) -> object:
        """Return a client of a service."""
        ...

    def get_partition_for_region(self, region_name: str) -> str:
        """Return `aws`, `aws-cn` or another partition."""
        ...

    def set_credentials(self, access_key: str, secret_key: str, token: str) -> None:
        """Use these from now on."""
        ...


class _Sts(Protocol):
    def assume_role(self, *, RoleArn: str, RoleSessionName: str) -> dict[str, object]: ...  # noqa: N803


def open_session() -> Session:
    """Return a session with the worker's own credentials."""
    return cast("Session", botocore.session.get_session())  # pyright: ignore[reportUnknownMemberType]


def open_reading_session(region: str, account: TargetAccount, *, name: str) -> Session:
    """Return a session in the account's read-only role, or its deploy role where it has no other; blocks."""
    session = open_session()
    role_arn = account.read_only_role_arn or account.deploy_role_arn
    if role_arn is None:
        return session
    sts = cast("_Sts", session.create_client("sts", region_name=region))
    answer = sts.assume_role(RoleArn=role_arn, RoleSessionName=name)
    credentials = cast("dict[str, str]", answer["Credentials"])
    session.set_credentials(
        credentials["AccessKeyId"], credentials["SecretAccessKey"], credentials["SessionToken"]
    )
    return session
