"""A runner whose program makes as many log groups as the request asks for."""

from collections.abc import Callable

import pulumi_aws as aws
from pulumi import ResourceOptions

from programs.facts import Facts
from service.engine.serve import serve


def program_for(request: dict[str, object], facts: Facts) -> Callable[[], None]:
    """Make one provider and `request["groups"]` log groups."""

    def program() -> None:
        provider = aws.Provider("aws", region=facts.region, skip_credentials_validation=True)
        for number in range(int(str(request["groups"]))):
            aws.cloudwatch.LogGroup(
                f"group-{number}", retention_in_days=30, opts=ResourceOptions(provider=provider)
            )

    return program


if __name__ == "__main__":
    serve(program_for)
