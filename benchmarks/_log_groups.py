"""A program of N alike resources, for both sides of a comparison."""

from collections.abc import Callable

import pulumi_aws as aws
from pulumi import ResourceOptions, export


def log_groups(count: int) -> Callable[[], None]:
    """Make the program: one provider and `count` log groups."""

    def program() -> None:
        provider = aws.Provider(
            "aws",
            region="us-east-1",
            skip_credentials_validation=True,
            skip_requesting_account_id=True,
            skip_metadata_api_check=True,
        )
        options = ResourceOptions(provider=provider)
        for number in range(count):
            aws.cloudwatch.LogGroup(f"group-{number}", retention_in_days=30, opts=options)
        export("count", count)

    return program
