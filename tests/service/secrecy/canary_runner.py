"""A runner whose program holds secrets wherever a program can: inputs, nested values, outputs."""

import pulumi

from programs.facts import Facts
from service.engine.serve import serve

SECRET = "canary-program-3f9c2a"  # noqa: S105 -- what must be told nowhere
NESTED = "canary-nested-81d0be"


class Safe(pulumi.ComponentResource):
    """A component whose inputs and outputs are secret."""

    def __init__(self, name: str, content: pulumi.Output[str]) -> None:
        super().__init__("berth:tests:Safe", name, {"content": content})
        self.register_outputs({"content": content, "open": "not secret"})


def canary_program_for(request: dict[str, object], facts: Facts) -> pulumi.automation.PulumiFn:
    """Make a program that keeps secrets, and fails where the request's tags say so."""
    tags = request.get("tags")
    fails = isinstance(tags, dict) and tags.get("fails") == "yes"

    def program() -> None:
        secret = pulumi.Output.secret(SECRET)
        nested = {"user": "shop", "keys": [pulumi.Output.secret(NESTED)]}
        Safe("safe", secret)
        pulumi.export("password", secret)
        pulumi.export("account", nested)
        pulumi.export("region", facts.region)
        if fails:
            raise LookupError("the program fails, and says why without telling what it holds")

    return program


if __name__ == "__main__":
    serve(canary_program_for)
