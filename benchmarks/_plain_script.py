"""What people write without a service: create or select the stack, run `up`, read the outputs.

The engine, its backend and the providers come from the environment, as for any such script.
"""

import sys
import tempfile

from pulumi import automation

from benchmarks._log_groups import log_groups


def main(stack_name: str, count: int) -> None:
    """Deploy `count` resources to a new stack."""
    with tempfile.TemporaryDirectory() as work_dir:
        stack = automation.create_or_select_stack(
            stack_name=stack_name,
            project_name="environments",
            program=log_groups(count),
            opts=automation.LocalWorkspaceOptions(work_dir=work_dir),
        )
        result = stack.up(parallel=16)
    if result.outputs["count"].value != count:
        sys.exit(f"expected {count} resources, the stack says {result.outputs['count'].value}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
