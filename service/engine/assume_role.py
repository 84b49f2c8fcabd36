"""Credentials of a role, as the AWS SDKs ask a `credential_process` for them; they ask again when these end.

Run by path in an interpreter that looks at no PYTHONPATH: it stands on botocore alone. The worker's own
credentials come under other names: an SDK that saw them would use them in place of the profile.
https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
"""

import argparse
import json
import os
import sys
from collections.abc import MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypedDict, cast

import botocore.session  # pyright: ignore[reportMissingTypeStubs] -- the library ships none

SOURCE_PREFIX = "BERTH_SOURCE_"
# A call that is under way when credentials end fails: they are renewed before.
RENEWED_BEFORE_END = timedelta(minutes=5)


class _Sts(Protocol):
    def assume_role(self, *, RoleArn: str, RoleSessionName: str) -> dict[str, object]: ...  # noqa: N803


class _Session(Protocol):
    def create_client(self, service_name: str, region_name: str) -> object: ...


class _Credentials(TypedDict):
    AccessKeyId: str
    SecretAccessKey: str
    SessionToken: str
    Expiration: datetime


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the role's credentials for the session named, as JSON."""
    parser = argparse.ArgumentParser()
    for name in ("--role-arn", "--session-name", "--region"):
        parser.add_argument(name, required=True)
    asked = parser.parse_args(arguments)
    take_source_credentials(os.environ)
    session = cast("_Session", botocore.session.get_session())  # pyright: ignore[reportUnknownMemberType]
    sts = cast("_Sts", session.create_client("sts", region_name=asked.region))
    answer = sts.assume_role(RoleArn=asked.role_arn, RoleSessionName=asked.session_name)
    sys.stdout.write(process_answer(cast("_Credentials", answer["Credentials"])))


def take_source_credentials(environment: MutableMapping[str, str]) -> None:
    """Put the worker's own credentials back under the names that botocore knows, in place of the profile."""
    for name in ("AWS_PROFILE", "AWS_CONFIG_FILE"):
        environment.pop(name, None)
    for name in [name for name in environment if name.startswith(SOURCE_PREFIX)]:
        environment[name.removeprefix(SOURCE_PREFIX)] = environment.pop(name)


def process_answer(credentials: _Credentials) -> str:
    """Return what an SDK reads of a credential process."""
    ends_at = credentials["Expiration"].astimezone(UTC) - RENEWED_BEFORE_END
    return json.dumps(
        {
            "Version": 1,
            "AccessKeyId": credentials["AccessKeyId"],
            "SecretAccessKey": credentials["SecretAccessKey"],
            "SessionToken": credentials["SessionToken"],
            "Expiration": ends_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
    )


if __name__ == "__main__":
    main()
