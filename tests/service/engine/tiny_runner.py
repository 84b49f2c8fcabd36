"""A runner whose programs need no provider: components, prints, failures and waits on request."""

import asyncio

import pulumi

from programs.facts import Facts
from service.engine.serve import serve


class Box(pulumi.ComponentResource):
    """A component, which the engine makes without a provider."""

    def __init__(self, name: str, contents: str) -> None:
        super().__init__("berth:tests:Box", name)
        self.register_outputs({"contents": contents})


def tiny_program_for(request: dict[str, object], facts: Facts) -> pulumi.automation.PulumiFn:
    """Make the program that `request["program"]` names."""

    async def wait_for_ever() -> str:
        await asyncio.Event().wait()
        return ""

    def boxes() -> None:
        print("a program may print what it likes")  # noqa: T201 -- that is what is tried
        for number in range(int(str(request.get("boxes", 3)))):
            Box(f"box-{number}", str(number))
        pulumi.export("region", facts.region)

    def failing() -> None:
        Box("box-0", "0")
        raise LookupError("the blueprint looked for something that is not there")

    def waiting() -> None:
        Box("box-0", "0")
        Box("box-1", pulumi.Output.from_input(wait_for_ever()))  # type: ignore[arg-type]

    if request["program"] == "refused":
        raise ValueError("no such field: program.refused")
    return {"boxes": boxes, "failing": failing, "waiting": waiting}[str(request["program"])]


if __name__ == "__main__":
    serve(tiny_program_for)
