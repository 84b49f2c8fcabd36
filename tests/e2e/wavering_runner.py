"""A runner whose program does, when its switch is thrown, what its plan does not contain."""

from pathlib import Path

import pulumi
import pulumi_aws as aws

from programs.components.provider import make_provider
from programs.facts import Facts
from service.engine.serve import serve

SECRET = "canary-parameter-77b1e0"  # noqa: S105 -- what must be masked
THROWN = "thrown"


def wavering_program_for(request: dict[str, object], facts: Facts) -> pulumi.automation.PulumiFn:
    """Make the program; the request's tag `switch` names the file that is its switch."""
    tags = request["tags"]
    assert isinstance(tags, dict)
    switch = Path(str(tags["switch"]))

    def program() -> None:
        provider = make_provider(facts, {})
        first: list[pulumi.Resource] = []
        if switch.read_text() == THROWN:
            opts = pulumi.ResourceOptions(provider=provider)
            first = [aws.sqs.Queue("unplanned", name="unplanned", opts=opts)]
        opts = pulumi.ResourceOptions(provider=provider, depends_on=first)
        aws.ssm.Parameter(
            "password",
            name="/shop/password",
            type="SecureString",
            value=pulumi.Output.secret(SECRET),
            opts=opts,
        )
        aws.cloudwatch.LogGroup(
            "log", name="/shop/log", tags={"note": pulumi.Output.secret(SECRET)}, opts=opts
        )

    return program


if __name__ == "__main__":
    serve(wavering_program_for)
