"""A runner whose program makes as many log groups as the request asks for replicas."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pulumi_aws as aws
from pulumi import ResourceOptions

from programs.facts import Facts
from service.engine.serve import serve


def program_for(request: dict[str, object], facts: Facts) -> Callable[[], None]:
    """Make one provider and the request's number of log groups, if nobody else is at it."""
    count = number_of_groups(request)

    def program() -> None:
        be_the_only_one(facts.environment_id)
        provider = aws.Provider("aws", region=facts.region, skip_credentials_validation=True)
        for number in range(count):
            aws.cloudwatch.LogGroup(
                f"group-{number}", retention_in_days=30, opts=ResourceOptions(provider=provider)
            )

    return program


def number_of_groups(request: dict[str, object]) -> int:
    match request:
        case {"workloads": [{"replicas": {"desired": int(count)}}]}:
            return count
        case _:
            msg = "the storm's requests have one workload with a desired number of replicas"
            raise ValueError(msg)


def be_the_only_one(environment_id: str) -> None:
    """Hold the environment's lock file until this process ends, however it ends.

    Raises:
        BlockingIOError: another runner that lives is running a program for the same environment.
    """
    folder = Path.cwd().parent.parent / "at-work"
    folder.mkdir(exist_ok=True)
    descriptor = os.open(folder / environment_id, os.O_CREAT | os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


if __name__ == "__main__":
    serve(program_for)
