"""A deployment of N components without a provider: what it takes is the engine and where it keeps its state.

Prints the seconds of `up` alone; stack and workspace are made before.
"""

import sys
import tempfile
import time

import pulumi
from pulumi import automation


def program(count: int) -> None:
    """Make the components."""
    for number in range(count):
        pulumi.ComponentResource("berth:benchmark:Thing", f"thing-{number}", {"number": number})


def main(stack_name: str, count: int) -> None:
    """Deploy to a new stack."""
    with tempfile.TemporaryDirectory() as work_dir:
        stack = automation.create_stack(
            stack_name=stack_name,
            project_name="environments",
            program=lambda: program(count),
            opts=automation.LocalWorkspaceOptions(work_dir=work_dir),
        )
        began = time.monotonic()
        result = stack.up(parallel=16)
        seconds = time.monotonic() - began
    made = (result.summary.resource_changes or {}).get("create")
    if made != count + 1:
        sys.exit(f"expected {count} components and the stack, the summary says {made}")
    print(seconds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
